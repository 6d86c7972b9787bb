// A lane for each agent. Only those on the screen are drawn and asked for.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Agent } from "../api/types";
import { Panel } from "../components/parts";
import { cleanName, formatDay, formatMinute } from "../logic/format";
import { kCauses, lengthOf, ticksOf, type Range } from "../logic/lanes";
import { windowOf } from "../logic/window";
import { isPhone } from "../state/screen";
import { zone } from "../state/settings";
import { now } from "../state/store";
import { t } from "../texts/texts";
import { CauseName, GapWords } from "./gap_words";
import { Lane, type Told } from "./lane";
import { RangeSwitch, shownRange } from "./range_switch";

const kRowHeight = 34;
const kRowHeightPhone = 90;
const kRowsShown = 12;
const kRowsShownPhone = 6;
// The lanes move on this often; a day is some hundred pixels wide.
const kMoveUs = 15e6;

function Axis({ range, from, until }: { range: Range; from: number; until: number }) {
  const label = range === "24h" ? formatMinute : formatDay;
  return (
    <div class="lane-row lane-axis" aria-hidden="true">
      <span class="lane-name" />
      <div class="lane">
        {ticksOf(range, from, until, zone.value).map((time) => (
          <span key={time} class="lane-tick faint" style={{ left: `${(((time - from) / (until - from)) * 100).toFixed(2)}%` }}>
            {label(time, zone.value)}
          </span>
        ))}
      </div>
      <span class="lane-note faint">{t.agentsPage.lanes.now}</span>
    </div>
  );
}

export function LanesPanel({ agents }: { agents: Agent[] }) {
  const texts = t.agentsPage.lanes;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [told, setTold] = useState<Told | null>(null);
  const range = shownRange();
  const until = Math.ceil(now.value / kMoveUs) * kMoveUs;
  const from = until - lengthOf(range);
  const rowHeight = isPhone.value ? kRowHeightPhone : kRowHeight;
  const height = Math.min(agents.length, isPhone.value ? kRowsShownPhone : kRowsShown) * rowHeight;
  const shown = windowOf(agents.length, rowHeight, top, height);
  useLayoutEffect(() => setTold(null), [range]);
  return (
    <Panel title={texts.title} class="lanes-panel" tools={<RangeSwitch />}>
      <div class="lanes">
        <Axis range={range} from={from} until={until} />
        <div class="lanes-box" ref={box} style={{ height: `${height}px` }} onScroll={() => setTop(box.current?.scrollTop ?? 0)}>
          <div style={{ height: `${shown.before}px` }} />
          {agents.slice(shown.first, shown.end).map((agent) => (
            <Lane key={agent.id} agent={agent} range={range} from={from} now={until} told={told} onTell={setTold} />
          ))}
          <div style={{ height: `${shown.after}px` }} />
        </div>
      </div>
      <p class="lane-told" role="status">
        {told ? (
          <>
            <b>
              <bdi>{cleanName(told.agent)}</bdi>
            </b>{" "}
            <GapWords mark={told.mark} now={now.value} />
          </>
        ) : (
          <span class="faint">{texts.hint}</span>
        )}
      </p>
      <ul class="lane-legend">
        {kCauses.map((cause) => (
          <li key={cause}>
            <CauseName cause={cause} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
