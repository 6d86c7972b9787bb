// What agents hear in common, and what only one of them hears, over the range that the page shows.

import { getOverlap, type Overlap } from "../api/agents";
import { Panel, SkeletonRows } from "../components/parts";
import { useAnswer, type Answer } from "../details/use_answer";
import { formatCount, formatDateTime } from "../logic/format";
import { contributions, kComparedMost, overlapMatrix } from "../logic/overlap";
import { zone } from "../state/settings";
import { t } from "../texts/texts";
import { ContributionList } from "./contribution_list";
import { Matrix } from "./matrix";
import { shownRange } from "./range_switch";
import { useEvery } from "./use_every";

// The server counts some ten thousand packets for an answer.
const kAskAgainMs = 60_000;

export type OverlapAnswer = Answer<Overlap | "unknown to the server">;

export function useOverlap(): OverlapAnswer {
  const range = shownRange();
  const again = useEvery(kAskAgainMs);
  return useAnswer((signal) => getOverlap(range, signal), `${range} ${again}`);
}

// From when packets were looked at: all of the range, or only the newest of them.
export const lookedBack = (overlap: Overlap): string =>
  overlap.complete ? t.agentsPage.ranges[shownRange()] : t.agentsPage.overlap.newest(formatDateTime(overlap.since_us, zone.value).slice(0, 16));

// Words instead of figures, while there are none; null: there are.
export function OverlapWords({ answer }: { answer: OverlapAnswer }) {
  const texts = t.agentsPage.overlap;
  if (answer.data === "unknown to the server") return <p class="empty">{texts.old}</p>;
  if (answer.data) return answer.data.packets === 0 ? <p class="empty">{texts.none}</p> : null;
  return answer.error ? (
    <p class="empty" role="alert">
      {t.loadError(answer.error)}
    </p>
  ) : (
    <SkeletonRows count={4} />
  );
}

const isThere = (answer: OverlapAnswer): Overlap | null =>
  answer.data && answer.data !== "unknown to the server" && answer.data.packets > 0 ? answer.data : null;

export function OverlapPanels() {
  const texts = t.agentsPage;
  const answer = useOverlap();
  const overlap = isThere(answer);
  const note = overlap && <span class="faint">{`${texts.overlap.note(formatCount(overlap.packets))} · ${lookedBack(overlap)}`}</span>;
  return (
    <div class="overlap">
      <Panel title={texts.overlap.title} class="overlap-panel" note={note}>
        {!overlap ? (
          <OverlapWords answer={answer} />
        ) : overlap.agents.length < 2 ? (
          <p class="empty">{texts.overlap.alone}</p>
        ) : (
          <>
            <Matrix cells={overlapMatrix(overlap)} />
            {overlap.agents.length > kComparedMost && (
              <p class="panel-foot faint">{texts.overlap.only(formatCount(kComparedMost), formatCount(overlap.agents.length))}</p>
            )}
          </>
        )}
      </Panel>
      <Panel title={texts.contribution.title} class="contribution-panel" note={note}>
        {overlap ? <ContributionList list={contributions(overlap)} /> : <OverlapWords answer={answer} />}
      </Panel>
    </div>
  );
}

// Of one agent; null while it is not known.
export function contributionOf(answer: OverlapAnswer, agent: string) {
  const overlap = isThere(answer);
  if (!overlap) return null;
  return { overlap, own: contributions(overlap).find((each) => each.agent === agent) ?? { agent, heard: 0, only: 0, all: overlap.packets } };
}
