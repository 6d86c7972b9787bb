// The routes of traceroutes, and how the route between two nodes changed.

import type { Step, Traceroute } from "../api/traceroutes";
import type { Micros } from "../api/types";

const kUnknownNode = "?";
const kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

// Between the ends of a route; null is a relay that did not say who it is.
export type Path = (string | null)[];

const pathOf = (steps: Step[]): Path => steps.map((step) => step.node);
const keyOf = (path: Path | null): string => (path ? path.map((node) => node ?? kUnknownNode).join(" ") : "");

export const isBetween = (route: Traceroute, a: string, b: string): boolean =>
  (route.from === a && route.to === b) || (route.from === b && route.to === a);

// The same two ways as seen from `from`: who asked does not matter.
function pathsFrom(route: Traceroute, from: string): { there: Path | null; back: Path | null } {
  const towards = pathOf(route.towards);
  const back = route.back && pathOf(route.back);
  return route.from === from ? { there: towards, back } : { there: back, back: towards };
}

export interface RouteKind {
  letter: string; // in the order in which the routes were first seen
  there: Path | null;
  back: Path | null;
  count: number;
  last: Micros; // when it was last seen
}

export interface PastRoute {
  route: Traceroute;
  kind: RouteKind;
}

export interface RouteHistory {
  past: PastRoute[]; // oldest first
  kinds: RouteKind[]; // the most frequent first
  changes: number; // how often a route was another than the one before
  unanswered: number; // questions without an answer among these
}

// "A" … "Z", then "A2" …
function letterOf(index: number): string {
  const round = Math.floor(index / kLetters.length);
  return kLetters[index % kLetters.length]! + (round > 0 ? String(round + 1) : "");
}

// Of all traceroutes between the ends of one, in any order: those with an answer, for only they tell a whole route.
export function historyOf(chosen: { from: string; to: string }, routes: Traceroute[]): RouteHistory {
  const between = routes.filter((route) => isBetween(route, chosen.from, chosen.to)).sort((a, b) => a.id - b.id);
  const answered = new Set(between.filter((route) => route.is_reply).map((route) => route.request_id));
  const kinds = new Map<string, RouteKind>();
  const past: PastRoute[] = [];
  for (const route of between) {
    if (!route.is_reply) continue;
    const { there, back } = pathsFrom(route, chosen.from);
    const key = `${keyOf(there)}|${keyOf(back)}`;
    let kind = kinds.get(key);
    if (!kind) kinds.set(key, (kind = { letter: letterOf(kinds.size), there, back, count: 0, last: 0 }));
    kind.count++;
    kind.last = Math.max(kind.last, route.time_us);
    past.push({ route, kind });
  }
  return {
    past,
    kinds: [...kinds.values()].sort((a, b) => b.count - a.count || b.last - a.last),
    changes: past.filter((one, i) => i > 0 && one.kind !== past[i - 1]!.kind).length,
    unanswered: between.filter((route) => !route.is_reply && !answered.has(route.request_id)).length,
  };
}

// Radio hops of a way: two ends without a relay are one.
export const hopCount = (steps: Step[]): number => Math.max(0, steps.length - 1);

// The weakest hop's SNR in dB; null: none is known.
export function weakestSnr(steps: Step[]): number | null {
  const known = steps.map((step) => step.snr).filter((snr) => snr !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

type Place = [longitude: number, latitude: number];

export interface MapLeg {
  places: [Place, Place];
  skips: boolean; // between the two are nodes without a known place
}

// A way on the map: from each node with a known place to the next one.
export function legsOf(steps: Step[], placeOf: (node: string) => Place | null): MapLeg[] {
  const legs: MapLeg[] = [];
  let from: Place | null = null;
  let skips = false;
  for (const { node } of steps) {
    const place = node === null ? null : placeOf(node);
    if (!place) {
      skips = true;
      continue;
    }
    if (from) legs.push({ places: [from, place], skips });
    from = place;
    skips = false;
  }
  return legs;
}
