// What one agent received over time, and when its records are missing.

import { getAgentSeries, getGaps, type Gap } from "../api/agents";
import type { Agent } from "../api/types";
import { TimeChart } from "../charts/time_chart";
import { Ago, Panel, SkeletonRows } from "../components/parts";
import { useAnswer } from "../details/use_answer";
import { stepsOf } from "../logic/agent_series";
import { cleanName, formatCount, formatDuration } from "../logic/format";
import { lengthOf, marksOf } from "../logic/lanes";
import { now } from "../state/store";
import { t } from "../texts/texts";
import { CauseName } from "./gap_words";
import { useKeptAnswer } from "./kept_answers";
import { RangeSwitch, shownRange } from "./range_switch";
import { useEvery } from "./use_every";

const kAskAgainMs = 60_000;
const kGapsAgeMs = 30_000;
const kHeadroom = 1.1;
const kReasonLength = 160;

function Chart({ agent, gaps }: { agent: Agent; gaps: Gap[] }) {
  const texts = t.agentsPage;
  const range = shownRange();
  const isDaily = range === "30d";
  const again = useEvery(kAskAgainMs);
  const { data, error } = useAnswer((signal) => getAgentSeries(agent.id, range, isDaily ? "1d" : "1h", signal), `${range} ${again}`);
  if (!data) return error ? <p class="empty" role="alert">{t.loadError(error)}</p> : <SkeletonRows count={5} />;
  const steps = stepsOf(data, gaps, agent.first_seen_us);
  // What is no listening is shaded; a gap that goes on lasts until now.
  const shaded = gaps.map((gap) => ({ from_us: gap.start_us, until_us: gap.until_us ?? data.until_us }));
  // From zero: the height of a column is its count.
  const top = Math.max(1, ...steps.values.map((value) => value ?? 0));
  return (
    <TimeChart
      class="agent-chart"
      label={texts.page.chart(cleanName(agent.id), texts.ranges[range])}
      times={steps.times}
      curves={[{ label: texts.columns.receptions, values: steps.values, kind: "columns" }]}
      gaps={shaded}
      range={[0, top * kHeadroom]}
    />
  );
}

function GapList({ agent, gaps }: { agent: Agent; gaps: Gap[] }) {
  const texts = t.agentsPage.page;
  const [silent] = marksOf([], agent.last_upload_us, 0, now.value);
  const isTold = gaps.some((gap) => gap.until_us === null);
  const rows = [
    ...(silent && !isTold ? [{ start_us: silent.from_us, until_us: null, cause: silent.cause, records: 0, reason: null, radio: null }] : []),
    ...gaps,
  ];
  if (rows.length === 0) return <p class="empty">{texts.noGaps}</p>;
  return (
    <div class="panel-body list-box">
      <table class="small-table gap-table">
        <thead>
          <tr>
            <th>{texts.gapColumns.cause}</th>
            <th class="number">{texts.gapColumns.from}</th>
            <th class="number">{texts.gapColumns.duration}</th>
            <th class="number">{texts.gapColumns.records}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((gap) => (
            <tr key={`${gap.cause} ${gap.start_us}`} data-cause={gap.cause}>
              <td>
                <CauseName cause={gap.cause} />
                {agent.radios.length > 0 && gap.radio && (
                  <>
                    {" · "}
                    <bdi>{cleanName(gap.radio)}</bdi>
                  </>
                )}
                {gap.reason && (
                  <div class="faint">
                    <bdi>{cleanName(gap.reason, kReasonLength)}</bdi>
                  </div>
                )}
              </td>
              <td class="number">
                <Ago time={gap.start_us} suffix />
              </td>
              <td class="number">
                {gap.until_us === gap.start_us ? "" : formatDuration(((gap.until_us ?? now.value) - gap.start_us) / 1e6)}
                {gap.until_us === null && <div class="warn">{t.agentsPage.gap.goesOn}</div>}
              </td>
              <td class="number">{formatCount(gap.records > 0 ? gap.records : null)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function AgentTime({ agent }: { agent: Agent }) {
  const texts = t.agentsPage;
  const range = shownRange();
  const { data: gaps, error } = useKeptAnswer(`gaps ${range} ${agent.id}`, kGapsAgeMs, (signal) => getGaps(agent.id, range, signal));
  const from = now.value - lengthOf(range);
  const shown = (gaps ?? []).filter((gap) => (gap.until_us ?? now.value) >= from);
  return (
    <div class="pair">
      <Panel
        title={texts.page.receptions}
        note={
          <span class="faint">
            {range === "30d" ? texts.page.perDay : texts.page.perHour} · {texts.page.receptionsTotal(formatCount(agent.receptions))} · {texts.page.running}
          </span>
        }
        tools={<RangeSwitch />}
      >
        <Chart agent={agent} gaps={shown} />
      </Panel>
      <Panel title={texts.page.gaps} class="gaps-panel" note={<span class="faint">{texts.ranges[range]}{gaps && ` · ${formatCount(shown.length)}`}</span>}>
        {gaps ? <GapList agent={agent} gaps={shown} /> : error ? <p class="empty" role="alert">{t.loadError(error)}</p> : <SkeletonRows count={4} />}
      </Panel>
    </div>
  );
}
