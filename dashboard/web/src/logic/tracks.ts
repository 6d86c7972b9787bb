// Trails of nodes that moved, from the server's export of tracks: a feature a line.

import type { Place } from "./hexagons";

export interface Trail {
  id: string;
  places: Place[]; // from the oldest to the newest, each other than the one before
  meters: number; // how far it got around: the diagonal of the box around its places
}

interface Feature {
  geometry: { type: string; coordinates: number[][] };
  properties: { id: string };
}

// Less is what a fix wanders while its radio stands still.
const kMovedMeters = 100;
const kMetersPerDegree = 111_320;

// Lines that are no feature (the head and the end of the collection), and the last one of an answer that was cut, are left out.
function featureOf(line: string): Feature | null {
  const text = line.trim().replace(/,$/, "");
  if (!text.startsWith('{"type":"Feature",')) return null;
  try {
    return JSON.parse(text) as Feature;
  } catch {
    return null;
  }
}

function distinct(coordinates: number[][]): Place[] {
  const places: Place[] = [];
  for (const [longitude, latitude] of coordinates) {
    if (longitude === undefined || latitude === undefined) continue;
    const last = places.at(-1);
    if (!last || last[0] !== longitude || last[1] !== latitude) places.push([longitude, latitude]);
  }
  return places;
}

function extent(places: Place[]): number {
  const span = (axis: 0 | 1) => {
    const values = places.map((place) => place[axis]);
    return values.reduce((most, value) => Math.max(most, value), -Infinity) - values.reduce((least, value) => Math.min(least, value), Infinity);
  };
  const shrink = Math.cos(((places[0]?.[1] ?? 0) * Math.PI) / 180);
  return Math.hypot(span(0) * shrink, span(1)) * kMetersPerDegree;
}

export interface Trails {
  trails: Trail[];
  nodes: number; // that told any position, moved or not
}

// A part of a track is a trail of its own: between parts nobody knows where the node was.
export function trailsOf(lines: string[]): Trails {
  const features = lines.map(featureOf).filter((feature) => feature !== null);
  const trails = features.flatMap(({ geometry, properties }) => {
    if (geometry.type !== "LineString") return [];
    const places = distinct(geometry.coordinates);
    const meters = places.length > 1 ? extent(places) : 0;
    return meters >= kMovedMeters ? [{ id: properties.id, places, meters }] : [];
  });
  return { trails, nodes: new Set(features.map((feature) => feature.properties.id)).size };
}
