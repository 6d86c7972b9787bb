// One link between two nodes: both ways side by side, how each is known, and its signal over time.

import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import "../styles/links.css";
import { getLinkHistory, getLinksBetween, type LinkHistory } from "../api/links";
import type { Link } from "../api/types";
import { Ago, NodeLink, SkeletonRows, Snr } from "../components/parts";
import { formatCount, formatNumber, kUnknown } from "../logic/format";
import { distanceBetween, placesOf } from "../logic/link_distance";
import { kEvidences, makeGraph, wayOf, type Evidence, type Way } from "../logic/link_graph";
import { spreadOf, type Spread } from "../logic/link_history";
import { distanceText, doubtText, EvidenceMark, EvidenceMarks, nameIn, type NameOf } from "../links/link_parts";
import { agentList, agents, nodes, nodesLoaded, now } from "../state/store";
import { pageHref, view } from "../state/url";
import { t } from "../texts/texts";
import { DrawerHead, DrawerSection } from "./drawer";
import { kHistorySpans, LinkHistoryCharts, type HistorySpan } from "./link_history";
import { useAnswer } from "./use_answer";

// Asked anew this often while the drawer is open.
const kAskMicros = 60e6;

const spreadText = (spread: Spread | null, digits: number): string =>
  spread ? `${formatNumber(spread.p10, digits)} · ${formatNumber(spread.p50, digits)} · ${formatNumber(spread.p90, digits)}` : kUnknown;

// The agent beside this radio.
const agentOf = (id: string) => agentList.value.find((agent) => agent.radio?.id === id);

function PacketsLink({ from, to, name }: { from: string; to: string; name: NameOf }) {
  const agent = agentOf(to);
  if (!agent) return null;
  const query = `from:${from} agent:${agent.id}`;
  return (
    <p>
      <a href={pageHref({ page: "packets", query })} title={t.linksPage.detail.packetsHint}>
        <bdi>{t.linksPage.detail.packets(name(from), agent.id)}</bdi>
      </a>
    </p>
  );
}

interface Side {
  from: string;
  to: string;
  way: Way | null;
  hours: LinkHistory["hours"];
}

// Facts of both ways, each row for both: what differs stands beside each other.
function BothWays({ sides, name }: { sides: [Side, Side]; name: NameOf }) {
  const texts = t.linksPage.detail;
  const row = (title: string, cell: (way: Way, side: Side) => ComponentChildren, hint?: string) => (
    <tr>
      <th scope="row" title={hint}>
        {title}
      </th>
      {sides.map((side) => (
        <td key={side.from}>{side.way ? cell(side.way, side) : <span class="faint">{kUnknown}</span>}</td>
      ))}
    </tr>
  );
  return (
    <DrawerSection title={texts.ways}>
      <table class="small-table both-ways">
        <thead>
          <tr>
            <td />
            {sides.map(({ from, to }) => (
              <th key={from} scope="col">
                <NodeLink id={from} name={name(from)} />
                <span class="way-to">
                  <span class="arrow" role="img" aria-label={texts.hears}>
                    →
                  </span>
                  <NodeLink id={to} name={name(to)} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {row(texts.evidence, (way) => (
            <>
              <EvidenceMarks way={way} /> {way.measured ? t.linksPage.measured : t.linksPage.inferred}
            </>
          ))}
          {row(texts.snrNow, (way) => (
            <Snr value={way.snr} />
          ))}
          {row(texts.rssiNow, (way) => formatNumber(way.rssi, 0, "dBm"))}
          {row(texts.snrRange, (_, side) => spreadText(spreadOf(side.hours, "snr"), 1), texts.rangeHint)}
          {row(texts.rssiRange, (_, side) => spreadText(spreadOf(side.hours, "rssi"), 0), texts.rangeHint)}
          {row(texts.count, (way) => formatCount(way.count))}
          {row(texts.first, (way) => (
            <Ago time={way.first_us} suffix />
          ))}
          {row(texts.last, (way) => (
            <Ago time={way.last_us} suffix />
          ))}
        </tbody>
      </table>
      {sides.map((side) => (
        <PacketsLink key={side.from} from={side.from} to={side.to} name={name} />
      ))}
    </DrawerSection>
  );
}

// Every kind of evidence that there is, in words, with what it counts each way.
function Meaning({ sides, kinds, name }: { sides: [Side, Side]; kinds: Evidence[]; name: NameOf }) {
  const texts = t.linksPage;
  return (
    <DrawerSection title={texts.detail.meaning}>
      <ul class="evidence-list">
        {kinds.map((evidence) => (
          <li key={evidence}>
            <EvidenceMark evidence={evidence} />
            <div>
              <p>{texts.evidenceMeaning[evidence]}</p>
              {sides.map(({ from, to, way }) => {
                const link = way?.links.find((each) => each.evidence === evidence);
                if (!link) return null;
                return (
                  <p key={from} class="muted">
                    <bdi>{name(from)}</bdi> → <bdi>{name(to)}</bdi> · {texts.evidenceCounts[evidence]} {formatCount(link.count)}, <Ago time={link.last_us} suffix />
                  </p>
                );
              })}
            </div>
          </li>
        ))}
      </ul>
    </DrawerSection>
  );
}

function Known({ from, to, links, version, name }: { from: string; to: string; links: Link[]; version: number; name: NameOf }) {
  const texts = t.linksPage.detail;
  const kinds = kEvidences.filter((evidence) => links.some((link) => link.evidence === evidence));
  const { options } = view.value;
  const shownKind = kinds.find((evidence) => evidence === options["link_evidence"]) ?? kinds[0]!;
  const span: HistorySpan = kHistorySpans.find((each) => each === options["link_span"]) ?? "1d";
  const { data, error } = useAnswer((signal) => getLinkHistory(from, to, shownKind, span, signal), `${version} ${shownKind} ${span}`);
  const wayFrom = (id: string) => {
    const told = links.filter((link) => link.from === id);
    return told.length > 0 ? wayOf(told) : null;
  };
  const sides: [Side, Side] = [
    { from, to, way: wayFrom(from), hours: data?.hours ?? [] },
    { from: to, to: from, way: wayFrom(to), hours: data?.hours_back ?? [] },
  ];
  const known = nodesLoaded.value && agents.value !== null;
  const distance = useMemo(() => {
    const places = placesOf([from, to].map((id) => nodes.get(id)).filter((node) => node !== undefined), agents.peek() ?? []);
    return distanceBetween(places.get(from), places.get(to));
  }, [known, version]);
  return (
    <>
      <BothWays sides={sides} name={name} />
      <LinkHistoryCharts sides={sides} kinds={kinds} kind={shownKind} span={span} loading={!data} error={error} name={name} />
      <Meaning sides={sides} kinds={kinds} name={name} />
      <DrawerSection title={texts.distance}>
        <p>
          {distance ? distanceText(distance) : texts.noDistance}
          {distance && doubtText(distance) && <span class="faint link-doubt">{doubtText(distance)}</span>}
        </p>
        <p class="around-links">
          {[from, to].map((id) => (
            <a key={id} href={pageHref({ page: "links", options: { ego: id } })}>
              <bdi>{texts.around(name(id))}</bdi>
            </a>
          ))}
        </p>
      </DrawerSection>
    </>
  );
}

export function LinkDetails({ link }: { link: string }) {
  const [from, to] = link.split("-") as [string, string];
  const version = useComputed(() => Math.floor(now.value / kAskMicros)).value;
  const { data, error } = useAnswer((signal) => getLinksBetween(from, to, signal), version);
  const graph = useMemo(() => makeGraph(data ?? []), [data]);
  const name = nameIn(graph);
  return (
    <>
      <DrawerHead
        kind={t.drawer.link}
        title={
          <>
            <bdi>{name(from)}</bdi> ⇄ <bdi>{name(to)}</bdi>
          </>
        }
      >
        <p class="drawer-sub muted mono">
          <span>{from}</span>
          <span>{to}</span>
        </p>
      </DrawerHead>
      {error && <p class="drawer-error">{error}</p>}
      {!data && !error && <SkeletonRows count={9} />}
      {data && data.length === 0 && <p class="drawer-error">{t.linksPage.detail.nothing}</p>}
      {data && data.length > 0 && <Known from={from} to={to} links={data} version={version} name={name} />}
    </>
  );
}
