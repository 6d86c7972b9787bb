// One agent's time as a line, with a mark for every gap. One stop of the tab key; arrow keys go from gap to gap, and
// wherever the lane is touched the nearest gap is told.

import { useRef } from "preact/hooks";
import { getGaps, kGapsMost } from "../api/agents";
import type { Agent, Micros } from "../api/types";
import { PageLink } from "../components/page_link";
import { cleanName, formatCount } from "../logic/format";
import { markAt, marksOf, type Mark, type Range } from "../logic/lanes";
import { t } from "../texts/texts";
import { useKeptAnswer } from "./kept_answers";

const kGapsAgeMs = 30_000;
// How near to a mark the pointer has to be, in pixels; a finger is less exact.
const kReach = 8;
const kReachTouch = 60;

export interface Told {
  agent: string;
  index: number;
  mark: Mark;
}

interface Props {
  agent: Agent;
  range: Range;
  from: Micros;
  now: Micros;
  told: Told | null;
  onTell(told: Told | null): void;
}

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

export function Lane({ agent, range, from, now, told, onTell }: Props) {
  const texts = t.agentsPage.lanes;
  const line = useRef<HTMLDivElement>(null);
  const { data: gaps, error } = useKeptAnswer(`gaps ${range} ${agent.id}`, kGapsAgeMs, (signal) => getGaps(agent.id, range, signal));
  const marks = gaps ? marksOf(gaps, agent.last_upload_us, from, now) : [];
  const name = cleanName(agent.id);
  const count = marks.reduce((sum, mark) => sum + mark.count, 0);
  const current = told?.agent === agent.id ? told.index : -1;
  const tell = (index: number) => {
    const mark = marks[index];
    if (mark) onTell({ agent: agent.id, index, mark });
    else if (current >= 0) onTell(null);
  };
  const tellAt = (event: PointerEvent | MouseEvent, reach: number) => {
    const box = line.current!.getBoundingClientRect();
    tell(markAt(marks, (event.clientX - box.left) / box.width, reach / box.width));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = marks.length - 1;
    const next = { ArrowRight: Math.min(last, current + 1), ArrowLeft: Math.max(0, current - 1), Home: 0, End: last }[event.key];
    if (next === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    tell(next);
  };
  const before = Math.min(1, Math.max(0, (agent.first_seen_us - from) / (now - from)));
  const note = error
    ? texts.failed
    : gaps === null
      ? texts.loading
      : gaps.length >= kGapsMost
        ? texts.atMost(formatCount(kGapsMost))
        : count === 0
          ? texts.noGaps
          : texts.all(formatCount(count));
  return (
    <div class="lane-row" data-lane={agent.id}>
      <PageLink to={{ page: "agents", subject: agent.id }} class="lane-name clip">
        <bdi>{name}</bdi>
      </PageLink>
      <div
        class="lane"
        ref={line}
        tabIndex={marks.length > 0 ? 0 : undefined}
        role={marks.length > 0 ? "group" : "img"}
        aria-label={gaps === null ? `${name}: ${note}` : marks.length > 0 ? texts.lane(name, formatCount(count)) : texts.none(name)}
        onPointerMove={(event) => event.pointerType !== "touch" && tellAt(event, kReach)}
        onPointerLeave={(event) => event.pointerType !== "touch" && !line.current?.matches(":focus-visible") && tell(-1)}
        onClick={(event) => tellAt(event, "pointerType" in event && event.pointerType === "touch" ? kReachTouch : kReach)}
        onFocus={() => line.current?.matches(":focus-visible") && tell(current >= 0 ? current : marks.length - 1)}
        onBlur={() => tell(-1)}
        onKeyDown={onKeyDown}
      >
        <span class={`lane-line ${gaps === null ? "loading" : ""}`} style={{ left: percent(before) }} />
        {before > 0.12 && (
          <span class="lane-before faint" style={{ width: percent(before) }}>
            {texts.before}
          </span>
        )}
        {marks.map((mark, i) => (
          <i key={`${mark.cause} ${mark.from_us}`} class={`gap-mark gap-${mark.cause} ${i === current ? "told" : ""}`} style={{ left: percent(mark.left), width: percent(mark.width) }} />
        ))}
      </div>
      <span class={`lane-note ${error ? "warn" : count === 0 ? "faint" : "muted"}`} title={error ?? undefined}>
        {note}
      </span>
    </div>
  );
}
