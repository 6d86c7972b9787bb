// What lies under the pointer: the uppermost of the things that can be told of or opened.

import type { Map as MapLibre, MapGeoJSONFeature, Point } from "maplibre-gl";
import { overlayLayers, type Overlay } from "./overlays";
import { kAgentLayer, kAgents, kClusterLayer, kNodeLayer, kNodes } from "./style";

export interface Hit {
  kind: "node" | "agent" | "cluster" | Exclude<Overlay, "heat" | "precision">;
  id: string; // of a node or an agent
  index: number; // of anything else: its place in the data that was handed to the map; of a cluster its number
  place: [number, number] | null; // of a cluster
}

// How near the pointer must be to a line, in CSS pixels.
const kReach = 4;
const kKinds: Record<string, Hit["kind"]> = { [kNodes]: "node", [kAgents]: "agent" };
const kSilent = new Set<string>(["heat", "precision"]);

const kLayers = [
  kAgentLayer,
  kClusterLayer,
  kNodeLayer,
  ...overlayLayers(() => "transparent").flatMap((layer) => ("source" in layer && !kSilent.has(layer.source) ? [layer.id] : [])),
];

export function hitAt(map: MapLibre, { x, y }: Point): Hit | null {
  const [found] = map.queryRenderedFeatures([[x - kReach, y - kReach], [x + kReach, y + kReach]], { layers: kLayers });
  return found ? hitOf(found) : null;
}

function hitOf(feature: MapGeoJSONFeature): Hit {
  const { source, properties, geometry } = feature;
  if (feature.layer.id === kClusterLayer) {
    return { kind: "cluster", id: "", index: Number(properties["cluster_id"]), place: (geometry as unknown as { coordinates: [number, number] }).coordinates };
  }
  return { kind: kKinds[source] ?? (source as Hit["kind"]), id: String(properties["id"] ?? ""), index: Number(properties["index"] ?? -1), place: null };
}
