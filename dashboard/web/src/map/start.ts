// Where the map starts, by the server's configuration. Pure.

import type { Stats } from "../api/types";

export interface MapStart {
  latitude: number;
  longitude: number;
  zoom: number; // of the map library
  force: boolean; // also when nodes have positions
}

// The server's levels are those of web maps, whose world is 256 pixels wide at level 0. The map library's is 512, so its
// levels are one lower for the same view.
export const kZoomOffset = 1;
const kLatitudeMax = 85;

// Null: the server does not tell (an older one), or tells what no map can show.
export function mapStart(stats: Stats | null): MapStart | null {
  const map = stats?.map as MapStart | undefined; // a server of before this page has none
  if (!map || ![map.latitude, map.longitude, map.zoom].every(Number.isFinite)) return null;
  if (Math.abs(map.latitude) > kLatitudeMax || Math.abs(map.longitude) > 180) return null;
  return { ...map, zoom: Math.max(0, map.zoom - kZoomOffset) };
}
