// Nodes and links as what the map draws. Pure.

import { cleanName } from "../logic/format";
import type { Place } from "../logic/link_distance";
import { gradeOf, kLinkGrades, pairMeasured, pairSnr, type Graph } from "../logic/link_graph";
import type { NameOf } from "./link_parts";

interface Feature<Geometry> {
  type: "Feature";
  geometry: Geometry;
  properties: Record<string, string | number | boolean>;
}

interface Collection<Geometry> {
  type: "FeatureCollection";
  features: Feature<Geometry>[];
}

export type Line = { type: "LineString"; coordinates: [number, number][] };
export type Spot = { type: "Point"; coordinates: [number, number] };

export interface LinkFeatures {
  pairs: Collection<Line>;
  nodes: Collection<Spot>;
}

const kLabelLength = 24;

// `radios`: nodes that have an agent. The best links are drawn last, on top.
export function linkFeatures(graph: Graph, places: Map<string, Place>, name: NameOf, radios: Set<string>): LinkFeatures {
  const spot = (id: string): [number, number] | null => {
    const place = places.get(id);
    return place ? [place.longitude, place.latitude] : null;
  };
  const pairs: Feature<Line>[] = [];
  for (const pair of graph.pairs) {
    const [a, b] = [spot(pair.a), spot(pair.b)];
    if (!a || !b) continue;
    const grade = gradeOf(pairSnr(pair));
    pairs.push({
      type: "Feature",
      geometry: { type: "LineString", coordinates: [a, b] },
      properties: { key: pair.key, a: pair.a, b: pair.b, grade, measured: pairMeasured(pair), order: -kLinkGrades.indexOf(grade) },
    });
  }
  const nodes: Feature<Spot>[] = [];
  for (const node of graph.nodes.values()) {
    const at = spot(node.id);
    if (!at) continue;
    nodes.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: at },
      properties: { id: node.id, label: cleanName(name(node.id), kLabelLength), neighbours: node.neighbours, agent: radios.has(node.id) },
    });
  }
  return { pairs: { type: "FeatureCollection", features: pairs }, nodes: { type: "FeatureCollection", features: nodes } };
}
