// The way there and back on a small map, as far as its nodes have said where they are.

import type { Step, Traceroute } from "../api/traceroutes";
import { formatCount } from "../logic/format";
import { legsOf } from "../logic/routes";
import { MiniMap, type MiniLine, type MiniPoint } from "../map/mini_map";
import { nodes } from "../state/store";
import { open } from "../state/url";
import { t } from "../texts/texts";
import { stepLabel } from "./hop_ladder";

const kThereWidth = 4.5;
// Drawn over the way there, which shows at both sides where the two are the same.
const kBackWidth = 1.8;

function placeOf(id: string): [longitude: number, latitude: number] | null {
  const position = nodes.get(id)?.position;
  return position ? [position.longitude, position.latitude] : null;
}

function linesOf(steps: Step[], color: string, width: number): MiniLine[] {
  return legsOf(steps, placeOf).map(({ places, skips }) => ({ places, color, width, dashed: skips }));
}

export function RouteMap({ route }: { route: Traceroute }) {
  const back = route.back ?? [];
  const ids = new Set([...route.towards, ...back].map((step) => step.node).filter((id) => id !== null));
  const points: MiniPoint[] = [];
  for (const id of ids) {
    const place = placeOf(id);
    if (!place) continue;
    const isEnd = id === route.from || id === route.to;
    points.push({
      longitude: place[0],
      latitude: place[1],
      label: stepLabel(id),
      color: isEnd ? "--accent" : "--muted",
      size: isEnd ? 7 : 5,
      open: () => open({ node: id }),
    });
  }
  if (points.length === 0) return <p class="muted route-notice">{t.traceroutesPage.noMap}</p>;
  const lines = [...linesOf(route.towards, "--curve", kThereWidth), ...linesOf(back, "--curve-3", kBackWidth)];
  return (
    <>
      <MiniMap label={t.traceroutesPage.map} points={points} lines={lines} class="route-map" />
      <p class="route-legend faint">
        <span class="key there">{t.traceroutesPage.mapLegend.there}</span>
        {back.length > 0 && <span class="key back">{t.traceroutesPage.mapLegend.back}</span>}
        {lines.some((line) => line.dashed) && <span class="key skipped">{t.traceroutesPage.mapLegend.skipped}</span>}
        <span class="spring" />
        <span>{t.traceroutesPage.mapHint(formatCount(points.length), formatCount(ids.size))}</span>
      </p>
    </>
  );
}
