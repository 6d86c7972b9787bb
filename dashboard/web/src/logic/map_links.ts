// Links as the map draws them: a line for each direction, with all that speaks for it.

import type { Micros } from "../api/types";
import type { Heard } from "./hexagons";
import { snrGrade, type SignalGrade } from "./signal";

export type Evidence = "direct" | "neighbor_info" | "traceroute";
export const kEvidence: Evidence[] = ["direct", "neighbor_info", "traceroute"];

// A row of the API's answer.
export interface LinkRow {
  from: string; // transmits
  to: string; // receives
  evidence: Evidence;
  count: number; // receptions, reports or traceroutes
  last_us: Micros;
  snr: number | null; // dB at the receiver, newest
}

export interface MapLink {
  from: string;
  to: string;
  evidence: { kind: Evidence; count: number }[];
  last_us: Micros; // by any evidence
  snr: number | null; // the newest that any evidence tells
  grade: SignalGrade | "unknown";
  twoWay: boolean; // the other direction is known, too
}

// Rows come without the names of their columns, which are named once.
export function linkRows(columns: string[], rows: unknown[][]): LinkRow[] {
  const at = (name: string) => columns.indexOf(name);
  const [from, to, evidence, count, last, snr] = ["from", "to", "evidence", "count", "last_us", "snr"].map(at) as [number, number, number, number, number, number];
  return rows.map((row) => ({
    from: row[from] as string,
    to: row[to] as string,
    evidence: row[evidence] as Evidence,
    count: row[count] as number,
    last_us: row[last] as Micros,
    snr: row[snr] as number | null,
  }));
}

const keyOf = (from: string, to: string) => from + to;

export function mergeLinks(rows: LinkRow[]): MapLink[] {
  const found = new Map<string, LinkRow[]>();
  for (const row of rows) {
    if (row.from === row.to) continue;
    const key = keyOf(row.from, row.to);
    const known = found.get(key);
    if (known) known.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()].map((of) => {
    const { from, to } = of[0]!;
    const newest = [...of].sort((a, b) => b.last_us - a.last_us);
    const snr = newest.find((row) => row.snr !== null)?.snr ?? null;
    return {
      from,
      to,
      evidence: kEvidence.flatMap((kind) => of.filter((row) => row.evidence === kind).map((row) => ({ kind, count: row.count }))),
      last_us: newest[0]!.last_us,
      snr,
      grade: snr === null ? "unknown" : snrGrade(snr),
      twoWay: found.has(keyOf(to, from)),
    };
  });
}

// How agents' radios heard each node directly.
export function heardDirectly(rows: LinkRow[]): Map<string, Heard> {
  const found = new Map<string, Heard>();
  for (const { from, evidence, count, snr } of rows) {
    if (evidence !== "direct") continue;
    const known = found.get(from);
    const best = snr === null ? (known?.snr ?? null) : Math.max(snr, known?.snr ?? -Infinity);
    found.set(from, { snr: best, count: (known?.count ?? 0) + count });
  }
  return found;
}
