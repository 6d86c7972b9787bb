// Nodes and agents as what the map draws. Pure.

import type { Agent, Micros, Node } from "../api/types";
import { cleanName, shortId } from "../logic/format";
import { ageOf, isOnline, shapeOf } from "../logic/roles";

export interface PointFeature {
  type: "Feature";
  geometry: { type: "Point"; coordinates: [number, number] };
  properties: Record<string, string | number>;
}

export interface PointCollection {
  type: "FeatureCollection";
  features: PointFeature[];
}

// A radio's own screen shows four characters; a longer label would cover its neighbours.
const kLabelLength = 5;

function point(longitude: number, latitude: number, properties: PointFeature["properties"]): PointFeature {
  return { type: "Feature", geometry: { type: "Point", coordinates: [longitude, latitude] }, properties };
}

// (0, 0) is what a radio without a fix reports, and nothing is heard from there.
function onMap(latitude: number | null | undefined, longitude: number | null | undefined): boolean {
  return (
    latitude != null && longitude != null && Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180 && !(latitude === 0 && longitude === 0)
  );
}

export function hasPlace(node: Node): boolean {
  return onMap(node.position?.latitude, node.position?.longitude);
}

// Those heard last come last, so that they are drawn on top.
export function nodeFeatures(nodes: Iterable<Node>, now: Micros): PointCollection {
  const placed = [...nodes].filter(hasPlace).sort((a, b) => (a.last_heard_us ?? 0) - (b.last_heard_us ?? 0));
  return {
    type: "FeatureCollection",
    features: placed.map((node) =>
      point(node.position!.longitude, node.position!.latitude, {
        id: node.id,
        mark: `node-${shapeOf(node.role)}-${ageOf(node.last_heard_us, now)}`,
        label: cleanName(node.short_name, kLabelLength) || shortId(node.id),
        online: isOnline(node, now) ? 1 : 0,
      }),
    ),
  };
}

export function agentFeatures(agents: Agent[]): PointCollection {
  return {
    type: "FeatureCollection",
    features: agents
      .filter((a) => onMap(a.location?.latitude, a.location?.longitude))
      .map((a) => point(a.location!.longitude!, a.location!.latitude!, { id: a.id, label: cleanName(a.id, 24) })),
  };
}

export type Bounds = [[number, number], [number, number]];

// The box around nearly all of the points: a few that are far away (a traveller, a wrong fix) do not shrink the rest to
// a dot. Null without points.
export function bulkBounds(features: PointFeature[]): Bounds | null {
  if (features.length === 0) return null;
  const spread = (axis: 0 | 1): [number, number] => {
    const values = features.map((f) => f.geometry.coordinates[axis]).sort((a, b) => a - b);
    const cut = Math.floor(values.length * 0.02);
    return [values[cut]!, values[values.length - 1 - cut]!];
  };
  const [west, east] = spread(0);
  const [south, north] = spread(1);
  return [
    [west, south],
    [east, north],
  ];
}

export interface ScaleBar {
  label: string;
  width: number; // CSS pixels
}

// The longest round distance (1, 2 or 5 times a power of ten) that fits into `limit` pixels.
export function scaleBar(metersPerPixel: number, limit: number): ScaleBar {
  const most = metersPerPixel * limit;
  const power = 10 ** Math.floor(Math.log10(most));
  const meters = [5, 2, 1].map((m) => m * power).find((m) => m <= most) ?? power;
  return { label: meters >= 1000 ? `${meters / 1000} km` : `${meters} m`, width: meters / metersPerPixel };
}
