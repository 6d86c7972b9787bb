// Whom the node hears and who hears it, with the signal hour by hour.

import { useMemo, useState } from "preact/hooks";
import { getLinkHours, getLinksOf, type Link } from "../api/node_page";
import { Ago, Open, NodeLink, Panel, SkeletonRows, Snr } from "../components/parts";
import { useSeen } from "../components/use_seen";
import { useAnswer } from "../details/use_answer";
import { formatCount } from "../logic/format";
import { neighboursOf, snrCurve, type Neighbour } from "../logic/node_neighbours";
import type { TimeWindow } from "../logic/node_range";
import { t } from "../texts/texts";

// Each row has a curve of its own to ask for: the rest is shown when someone wants it.
const kListed = 10;
const kWidth = 120;
const kHeight = 24;
// Hours change once an hour; a running one is looked at again this often.
const kCurveUs = 300e6;

function Curve({ link, window }: { link: Link; window: TimeWindow }) {
  const [element, seen] = useSeen<HTMLSpanElement>();
  return (
    <span class="snr-curve" ref={element}>
      {seen && <SeenCurve link={link} window={window} />}
    </span>
  );
}

function SeenCurve({ link, window }: { link: Link; window: TimeWindow }) {
  const { data } = useAnswer(
    (signal) => getLinkHours(link.from, link.to, link.evidence, window.since, signal),
    `${link.evidence} ${window.until - window.since} ${Math.floor(window.until / kCurveUs)}`,
  );
  if (!data) return null;
  const curve = snrCurve(data.hours, window.since, window.until, kWidth, kHeight);
  if (curve.hours === 0) return <span class="faint" title={t.nodePage.neighbours.noCurve}>–</span>;
  return (
    <svg viewBox={`-2 -2 ${kWidth + 4} ${kHeight + 4}`} width={kWidth} height={kHeight + 4} role="img" aria-label={t.nodePage.neighbours.curve(formatCount(curve.hours))} data-hours={curve.hours}>
      <title>{t.nodePage.neighbours.curve(formatCount(curve.hours))}</title>
      <path d={`M0 ${kHeight}H${kWidth}`} stroke="var(--line-strong)" stroke-width="1" />
      {curve.bands.map((path) => (
        <path key={path} d={path} fill="var(--curve-fill)" />
      ))}
      {curve.lines.map((path) => (
        <path key={path} d={path} fill="none" stroke="var(--curve)" stroke-width="1.4" />
      ))}
      {curve.dots.map((dot) => (
        <circle key={dot.x} cx={dot.x} cy={dot.y} r="2" fill="var(--curve)" />
      ))}
    </svg>
  );
}

function Evidence({ of }: { of: Neighbour["evidence"] }) {
  const texts = t.nodePage.neighbours;
  return (
    <>
      {of.map(({ kind, count }) => (
        <span key={kind} class={`evidence ${kind}`} title={texts.evidenceHint[kind](formatCount(count))}>
          {texts.evidence[kind]} <span class="faint">{formatCount(count)}</span>
        </span>
      ))}
    </>
  );
}

function Row({ neighbour, window }: { neighbour: Neighbour; window: TimeWindow }) {
  const texts = t.nodePage.neighbours;
  const { link } = neighbour;
  return (
    <tr data-node={neighbour.id}>
      <td class="clip">
        <NodeLink id={neighbour.id} name={neighbour.name} />
        <div class="evidence-below">
          <Evidence of={neighbour.evidence} />
        </div>
      </td>
      <td class="evidence-cell">
        <Evidence of={neighbour.evidence} />
      </td>
      <td class="number">
        <Snr value={link.snr} />
      </td>
      <td class="curve-cell">
        <Open to={{ link: `${link.from}-${link.to}` }} class="curve-link" title={texts.openLink}>
          <span class="only-spoken">{texts.openLink}</span>
          <Curve link={link} window={window} />
        </Open>
      </td>
      <td class="number">
        <Ago time={neighbour.last_us} />
      </td>
    </tr>
  );
}

function Neighbours(props: { way: "in" | "out"; neighbours: Neighbour[] | null; error: string | null; window: TimeWindow }) {
  const { way, neighbours, error, window } = props;
  const texts = t.nodePage.neighbours;
  const [all, setAll] = useState(false);
  const shown = all ? neighbours : neighbours?.slice(0, kListed);
  return (
    <Panel title={texts[way]} class={`node-neighbours ${way}`} note={neighbours && <span class="faint">{texts.count(formatCount(neighbours.length))}</span>}>
      <div class="node-body">
        {error && <p class="drawer-error">{t.loadError(error)}</p>}
        {!shown && !error && <SkeletonRows count={5} />}
        {shown?.length === 0 && <p class="empty">{way === "in" ? texts.noneIn : texts.noneOut}</p>}
        {shown && shown.length > 0 && (
          <table class="small-table neighbour-table">
            <thead>
              <tr>
                <th>{texts.columns.node}</th>
                <th>{texts.columns.evidence}</th>
                <th class="number">{texts.columns.snr}</th>
                <th>{texts.columns.curve}</th>
                <th class="number">{texts.columns.last}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((neighbour) => (
                <Row key={neighbour.id} neighbour={neighbour} window={window} />
              ))}
            </tbody>
          </table>
        )}
        {!all && neighbours && neighbours.length > kListed && (
          <p class="node-more">
            <button type="button" class="button" onClick={() => setAll(true)}>
              {texts.all(formatCount(neighbours.length))}
            </button>
          </p>
        )}
      </div>
    </Panel>
  );
}

export function NeighboursPanels({ id, window, version }: { id: string; window: TimeWindow; version: unknown }) {
  const { data, error } = useAnswer((signal) => getLinksOf(id, signal), version);
  const heard = useMemo(() => data && neighboursOf(data, id, "in"), [data]);
  const hearing = useMemo(() => data && neighboursOf(data, id, "out"), [data]);
  return (
    <div class="node-columns">
      <Neighbours way="in" neighbours={heard} error={error} window={window} />
      <Neighbours way="out" neighbours={hearing} error={error} window={window} />
    </div>
  );
}
