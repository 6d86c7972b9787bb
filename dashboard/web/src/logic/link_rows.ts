// The ways as rows of a table. Pure.

import { distanceBetween, type Distance, type Place } from "./link_distance";
import { kEvidences, wayKey, type Graph, type Way } from "./link_graph";

export interface LinkRow {
  way: Way;
  back: Way | null;
  distance: Distance | null;
}

// The newest first.
export const kLinkOrder = "-last";
export const kLongestFirst = "-distance";

export function linkRows(graph: Graph, places: Map<string, Place>): LinkRow[] {
  const byKey = new Map(graph.ways.map((way) => [way.key, way]));
  return graph.ways.map((way) => ({
    way,
    back: byKey.get(wayKey(way.to, way.from)) ?? null,
    distance: distanceBetween(places.get(way.from), places.get(way.to)),
  }));
}

type Value = number | string | null;

const kValues: Record<string, (row: LinkRow, name: (id: string) => string) => Value> = {
  from: (row, name) => name(row.way.from),
  to: (row, name) => name(row.way.to),
  evidence: (row) => kEvidences.indexOf(row.way.links[0]!.evidence),
  snr: (row) => row.way.snr,
  back: (row) => row.back?.snr ?? null,
  count: (row) => row.way.count,
  last: (row) => row.way.last_us,
  distance: (row) => row.distance?.km ?? null,
};

function compare(one: NonNullable<Value>, other: NonNullable<Value>): number {
  if (typeof one === "string" && typeof other === "string") return one.localeCompare(other);
  return Number(one) - Number(other);
}

// What is not known comes last, whichever way the order goes. `name`: a node as it is shown.
export function sortLinkRows(rows: LinkRow[], sort: string, name: (id: string) => string): LinkRow[] {
  const falling = sort.startsWith("-");
  const value = kValues[falling ? sort.slice(1) : sort] ?? kValues["last"]!;
  const keyed = rows.map((row) => ({ row, value: value(row, name) }));
  keyed.sort((one, other) => {
    if (one.value === null || other.value === null) return Number(one.value === null) - Number(other.value === null);
    return (falling ? -1 : 1) * compare(one.value, other.value) || (one.row.way.key < other.row.way.key ? -1 : 1);
  });
  return keyed.map(({ row }) => row);
}
