// The way of a traceroute as lines between the nodes whose place is known.

import type { Place } from "./hexagons";

export interface Hop {
  node: string | null; // null: one that did not say who it is
}

export interface RouteLine {
  places: [Place, Place];
  whole: boolean; // false: nodes between the two have no place
}

export function routeLines(way: Hop[], placeOf: (id: string) => Place | undefined): RouteLine[] {
  const lines: RouteLine[] = [];
  let before: { place: Place; index: number } | null = null;
  way.forEach(({ node }, index) => {
    const place = node === null ? undefined : placeOf(node);
    if (!place) return;
    if (before) lines.push({ places: [before.place, place], whole: index === before.index + 1 });
    before = { place, index };
  });
  return lines;
}
