// What is told of the thing under the pointer.

import type { Traceroute } from "../api/map";
import { nodeLabel } from "../components/parts";
import { cleanName, formatAge, formatCount, formatMeters, formatNumber, isNow, kUnknown } from "../logic/format";
import type { MapLink } from "../logic/map_links";
import { snrGrade } from "../logic/signal";
import type { Trail } from "../logic/tracks";
import type { Selection } from "../logic/view";
import { agentList, nodes, now } from "../state/store";
import { t } from "../texts/texts";
import type { Hit } from "./hits";
import { agentTip, nodeTip, type TipText } from "./map_parts";
import type { Overlays } from "./use_overlays";

const { tip } = t.mapPage;

const nameOf = (id: string) => nodeLabel(id, nodes.get(id)?.long_name ?? null);

function ago(time: number): string {
  const age = formatAge(now.peek() - time);
  return isNow(age) ? age : t.node.ago(age);
}

const signalText = (snr: number | null) => (snr === null ? tip.snrUnknown : tip.snr(formatNumber(snr, 1, "dB"), tip.gradeNames[snrGrade(snr)]));

const linkTip = ({ from, to, snr, evidence, last_us }: MapLink): TipText => ({
  name: `${nameOf(from)} → ${nameOf(to)}`,
  details: [signalText(snr), ...evidence.map(({ kind, count }) => tip.evidence[kind](formatCount(count))), tip.last(ago(last_us))],
});

function routeTip({ from, to, towards, back, is_reply: isReply, time_us: time }: Traceroute): TipText {
  const way = (hops: Traceroute["towards"]) => hops.map(({ node }) => (node === null ? kUnknown : nameOf(node))).join(" → ");
  // An answer comes from the node that was asked.
  const [asker, asked] = [towards[0]?.node ?? from, towards.at(-1)?.node ?? to];
  return {
    name: `${nameOf(asker)} → ${nameOf(asked)}`,
    details: [tip.towards(way(towards)), ...(back ? [tip.back(way(back))] : []), `${isReply ? tip.answered : tip.notAnswered} · ${ago(time)}`],
  };
}

const trailTip = ({ id, places, meters }: Trail): TipText => ({
  name: nameOf(id),
  details: [tip.trail(formatCount(places.length), formatMeters(meters))],
});

// Null: what was there is not any more.
export function tipOf(hit: Hit, overlays: Overlays, agent: string | null): TipText | null {
  if (hit.kind === "node") return nodeTip(hit.id);
  if (hit.kind === "agent") return agentTip(hit.id);
  if (hit.kind === "links") {
    const link = overlays.links[hit.index];
    return link ? linkTip(link) : null;
  }
  if (hit.kind === "routes") {
    const route = overlays.routes[hit.index];
    return route ? routeTip(route) : null;
  }
  if (hit.kind === "trails") {
    const trail = overlays.trails?.trails[hit.index];
    return trail ? trailTip(trail) : null;
  }
  if (hit.kind === "hears") {
    const hears = overlays.hears[hit.index];
    if (!hears) return null;
    return { name: `${nameOf(hears.id)} → ${cleanName(agent)}`, details: [hears.direct ? signalText(hears.snr) : t.mapPage.notDirect] };
  }
  const hexagon = hit.kind === "hexes" ? overlays.hexagons[hit.index] : undefined;
  if (!hexagon) return null;
  const { nodes: all, heard, snr, count } = hexagon;
  return {
    name: snr === null ? tip.hexNone : tip.hexBest(formatNumber(snr, 1, "dB"), tip.gradeNames[snrGrade(snr)]),
    details: [tip.hexHeard(formatCount(heard), formatCount(all)), tip.hexCount(formatCount(count))],
  };
}

// What a click opens; null: nothing.
export function openedBy(hit: Hit, overlays: Overlays, agent: string | null): Partial<Selection> | null {
  const link = hit.kind === "links" ? overlays.links[hit.index] : undefined;
  if (link) return { link: `${link.from}-${link.to}` };
  const route = hit.kind === "routes" ? overlays.routes[hit.index] : undefined;
  if (route) return { packet: route.id };
  const trail = hit.kind === "trails" ? overlays.trails?.trails[hit.index] : undefined;
  if (trail) return { node: trail.id };
  const hears = hit.kind === "hears" ? overlays.hears[hit.index] : undefined;
  if (!hears) return null;
  const radio = agentList.peek().find((each) => each.id === agent)?.radio.id;
  return hears.direct && radio ? { link: `${hears.id}-${radio}` } : { node: hears.id };
}
