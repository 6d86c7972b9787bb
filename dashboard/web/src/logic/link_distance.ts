// How far apart the two ends of a link are, as far as that is known. Pure.

import type { Agent, Node } from "../api/types";
import { precisionMeters } from "./precision";

export interface Place {
  longitude: number;
  latitude: number;
  aroundMeters: number; // half the side of the square that the position stands for; 0: exact
}

export interface Distance {
  km: number;
  doubtKm: number; // what the imprecision of both places may add or take away
}

const kEarthKm = 6371.0088;
const kLatitudeMax = 85;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

// (0, 0) is what a radio without a fix reports.
const isPlace = (latitude: number, longitude: number): boolean =>
  Math.abs(latitude) <= kLatitudeMax && Math.abs(longitude) <= 180 && !(latitude === 0 && longitude === 0);

// Where nodes are by their own word; else, for a radio with an agent, by the word of those who set up the agent.
export function placesOf(nodes: Iterable<Node>, agents: Agent[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const agent of agents) {
    const { latitude, longitude } = agent.location ?? {};
    if (!agent.radio?.id || latitude == null || longitude == null || !isPlace(latitude, longitude)) continue;
    places.set(agent.radio.id, { latitude, longitude, aroundMeters: 0 });
  }
  for (const { id, position } of nodes) {
    if (!position || !isPlace(position.latitude, position.longitude)) continue;
    const aroundMeters = precisionMeters(position.precision_bits) ?? 0;
    places.set(id, { latitude: position.latitude, longitude: position.longitude, aroundMeters });
  }
  return places;
}

// Along the great circle.
export function distanceBetween(one: Place | undefined, other: Place | undefined): Distance | null {
  if (!one || !other) return null;
  const north = radians(other.latitude - one.latitude) / 2;
  const east = radians(other.longitude - one.longitude) / 2;
  const chord = Math.sin(north) ** 2 + Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * Math.sin(east) ** 2;
  const km = 2 * kEarthKm * Math.asin(Math.min(1, Math.sqrt(chord)));
  return { km, doubtKm: (one.aroundMeters + other.aroundMeters) / 1000 };
}
