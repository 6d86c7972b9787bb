// What the map's layers ask for.

import { linkRows, type LinkRow } from "../logic/map_links";
import type { Span } from "../logic/map_choice";
import { trailsOf, type Trails } from "../logic/tracks";
import { ApiError, get } from "./client";
import type { components } from "./schema";

export type Traceroute = components["schemas"]["Traceroute"];

export const kRoutes = 50;
// The export of tracks has no end of its own: what is longer is cut, and said to be.
const kTracksMaxBytes = 8_000_000;

// The links that were seen lately.
export async function getMapLinks(span: Span, signal: AbortSignal): Promise<LinkRow[]> {
  const { link_columns: columns = [], links = [] } = await get<{ link_columns?: string[]; links?: unknown[][] }>(`/map?links_since=${span}`, signal);
  return linkRows(columns, links);
}

// The newest.
export const getRoutes = async (signal: AbortSignal) => (await get<{ traceroutes: Traceroute[] }>(`/traceroutes?limit=${kRoutes}`, signal)).traceroutes;

export interface TrailsAnswer extends Trails {
  whole: boolean; // false: there is more than was read
}

export async function getTrails(span: Span, signal: AbortSignal): Promise<TrailsAnswer> {
  const response = await fetch(`/api/v1/export/tracks.geojson?since=${span}`, { signal });
  if (!response.ok || !response.body) throw new ApiError(response.status, `the server answered ${response.status}`);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { ...trailsOf((text + decoder.decode()).split("\n")), whole: true };
    text += decoder.decode(value, { stream: true });
    bytes += value.length;
    if (bytes < kTracksMaxBytes) continue;
    await reader.cancel();
    return { ...trailsOf(text.split("\n")), whole: false };
  }
}
