// Where a node was: its positions, put together where it stayed, and lines between them that fade with age.

import type { Micros, NodeDetail } from "../api/types";

export type PlacedAt = Omit<NodeDetail["positions"][number], "id"> & { id: number | null };

// At one place for a while.
export interface Stay {
  packet: number | null; // of the newest report; null: not known by which it was told
  latitude: number;
  longitude: number;
  altitude: number | null; // of the newest report that tells
  precision_bits: number | null;
  from_us: Micros;
  until_us: Micros;
  reports: number;
  speed: number | null; // km/h, of the newest report
  satellites: number | null;
}

// Newest first, as the positions are.
export function staysOf(positions: PlacedAt[]): Stay[] {
  const stays: Stay[] = [];
  for (const position of positions) {
    const stay = stays.at(-1);
    if (stay && stay.latitude === position.latitude && stay.longitude === position.longitude && stay.precision_bits === position.precision_bits) {
      stay.from_us = Math.min(stay.from_us, position.time_us);
      stay.altitude ??= position.altitude;
      stay.reports++;
      continue;
    }
    stays.push({
      packet: position.id,
      latitude: position.latitude,
      longitude: position.longitude,
      altitude: position.altitude,
      precision_bits: position.precision_bits,
      from_us: position.time_us,
      until_us: position.time_us,
      reports: 1,
      speed: position.ground_speed,
      satellites: position.sats_in_view,
    });
  }
  return stays;
}

// What is known of its places, newest first: at least the last one, which a radio may have remembered from before anyone
// listened.
export const placesOf = (node: NodeDetail): PlacedAt[] =>
  node.positions.length > 0 || !node.position ? node.positions : [{ ...node.position, id: null, ground_speed: null, sats_in_view: null }];

export interface TrackPart {
  fade: 0 | 1 | 2 | 3; // 0: the newest quarter of the way
  places: [longitude: number, latitude: number][];
}

const kParts = 4;

// The way between the stays in four parts by age, each beginning where the older one ends.
export function trackOf(stays: Stay[]): TrackPart[] {
  const steps = stays.length - 1;
  if (steps < 1) return [];
  const parts: TrackPart[] = [];
  for (let i = 0; i < steps; i++) {
    const fade = Math.min(kParts - 1, Math.floor((i / steps) * kParts)) as TrackPart["fade"];
    const from: [number, number] = [stays[i]!.longitude, stays[i]!.latitude];
    const until: [number, number] = [stays[i + 1]!.longitude, stays[i + 1]!.latitude];
    const part = parts.at(-1);
    if (part?.fade === fade) part.places.push(until);
    else parts.push({ fade, places: [from, until] });
  }
  // The oldest first: newer lines are drawn over older ones.
  return parts.reverse();
}
