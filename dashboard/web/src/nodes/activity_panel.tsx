// When the node was active: a strip of hours for each day.

import { useMemo, useRef, useState } from "preact/hooks";
import { getNodeSeries } from "../api/node_page";
import { Panel, SkeletonRows } from "../components/parts";
import { useAnswer } from "../details/use_answer";
import { formatCount, formatDateTime, formatDay, formatDuration, formatMinute } from "../logic/format";
import { activityOf, firstDay, levelTexts, type Activity, type ActivityHour } from "../logic/node_activity";
import { daysOf, type Range } from "../logic/node_range";
import { zone } from "../state/settings";
import { now } from "../state/store";
import { t } from "../texts/texts";
import type { Listening } from "./use_node_answers";

const kTickUs = 60e6;
const kTimesShown = [0, 6, 12, 18];

function wordsOf(hour: ActivityHour): string {
  const texts = t.nodePage.activity;
  const from = formatDateTime(hour.from_us, zone.value).slice(5, 16);
  const figures =
    hour.packets > 0 || hour.receptions > 0
      ? texts.hour(formatCount(hour.packets), formatCount(hour.receptions), formatDuration(hour.airtime_us / 1e6))
      : hour.state === "deaf" ? texts.deaf : texts.nothing;
  return `${from}–${formatMinute(hour.from_us + 3600e6, zone.value)}: ${figures}${hour.state === "running" ? ` (${texts.running})` : ""}`;
}

interface Place {
  day: number;
  hour: number;
}

const kSteps: Record<string, [days: number, hours: number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function Strip({ activity }: { activity: Activity }) {
  const [at, setAt] = useState<Place | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const shown = at && activity.days[at.day]?.hours[at.hour];
  const last = activity.days.length - 1;
  // One stop of the tab key: the hour that was looked at last, else the newest.
  const stop: Place = at ?? { day: last, hour: Math.max(0, (activity.days[last]?.hours ?? []).findLastIndex((hour) => hour !== null && hour.state !== "future")) };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = kSteps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = { day: stop.day + step[0], hour: stop.hour + step[1] };
    const cell = table.current?.querySelector<HTMLElement>(`[data-at="${next.day}-${next.hour}"]`);
    cell?.focus();
  };
  return (
    <>
      <table class={activity.days.length > 7 ? "hours many" : "hours"} ref={table} role="grid" aria-label={t.nodePage.activity.label} onKeyDown={onKeyDown} onMouseLeave={() => setAt(null)}>
        <thead aria-hidden="true">
          <tr>
            <th />
            {kTimesShown.map((hour) => (
              <th key={hour} colSpan={6} scope="colgroup">
                {String(hour).padStart(2, "0")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {activity.days.map((day, d) => (
            <tr key={day.from_us}>
              <th scope="row">{formatDay(day.from_us, zone.value)}</th>
              {day.hours.map((hour, h) =>
                hour === null || hour.state === "future" ? (
                  <td key={h} aria-hidden="true" />
                ) : (
                  <td
                    key={h}
                    data-at={`${d}-${h}`}
                    data-packets={hour.packets}
                    class={`hour level-${hour.level}${hour.state === "deaf" && hour.level === 0 ? " deaf" : ""}`}
                    tabIndex={stop.day === d && stop.hour === h ? 0 : -1}
                    aria-label={wordsOf(hour)}
                    onMouseEnter={() => setAt({ day: d, hour: h })}
                    onFocus={() => setAt({ day: d, hour: h })}
                    onClick={() => setAt({ day: d, hour: h })}
                  />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hours-said">{shown ? wordsOf(shown) : <Sum activity={activity} />}</p>
    </>
  );
}

function Sum({ activity }: { activity: Activity }) {
  const hours = activity.days.flatMap((day) => day.hours).filter((hour) => hour !== null);
  const sum = (of: (hour: ActivityHour) => number) => formatCount(hours.reduce((all, hour) => all + of(hour), 0));
  return <span class="faint">{t.nodePage.activity.sum(sum((hour) => hour.packets), sum((hour) => hour.receptions))}</span>;
}

function Legend({ activity, deaf }: { activity: Activity; deaf: boolean }) {
  return (
    <p class="hours-key faint">
      <span>{t.nodePage.activity.legend}</span>
      <span>
        <i class="hour level-0" aria-hidden="true" />0
      </span>
      {levelTexts(activity.bounds).map(({ level, text }) => (
        <span key={level}>
          <i class={`hour level-${level}`} aria-hidden="true" />
          {text}
        </span>
      ))}
      {deaf && (
        <span>
          <i class="hour level-0 deaf" aria-hidden="true" />
          {t.nodePage.activity.deaf}
        </span>
      )}
    </p>
  );
}

export function ActivityPanel({ id, range, listening, version }: { id: string; range: Range; listening: Listening; version: unknown }) {
  const texts = t.nodePage.activity;
  const days = daysOf(range);
  const shownZone = zone.value;
  const minute = Math.floor(now.value / kTickUs) * kTickUs;
  const since = firstDay(days, minute, shownZone);
  const { data, error } = useAnswer((signal) => getNodeSeries(id, since, signal), `${since} ${minute} ${version}`);
  const shape = JSON.stringify(listening.deaf);
  const deaf = listening.state === "known" ? listening.deaf : null;
  const activity = useMemo(() => (data ? activityOf(data.series.flatMap((each) => each.points), days, minute, shownZone, deaf) : null), [data, days, minute, shownZone, shape, listening.state]);
  const isDeaf = activity?.days.some((day) => day.hours.some((hour) => hour?.state === "deaf" && hour.level === 0)) ?? false;
  return (
    <Panel title={texts.title(days)} class="node-activity">
      <div class="node-body">
        {error && <p class="drawer-error">{t.loadError(error)}</p>}
        {!activity && !error && <SkeletonRows count={7} />}
        {activity?.most === 0 && <p class="empty">{texts.none}</p>}
        {activity && activity.most > 0 && (
          <>
            <Strip key={days} activity={activity} />
            <Legend activity={activity} deaf={isDeaf} />
          </>
        )}
      </div>
    </Panel>
  );
}
