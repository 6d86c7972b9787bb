// Whom a node hears and who hears it, one row for each neighbour, whatever tells so.

import type { Link, LinkHour } from "../api/node_page";
import type { Micros } from "../api/types";

export type Evidence = Link["evidence"];
export const kEvidence: Evidence[] = ["direct", "neighbor_info", "traceroute"];

export interface Neighbour {
  id: string;
  name: string | null;
  link: Link; // by the best evidence, which the signal is of
  evidence: { kind: Evidence; count: number }[]; // the best first
  last_us: Micros; // seen by any
}

// `way` in: those that the node hears; out: those that hear it. By the best evidence first, then the strongest signal.
export function neighboursOf(links: Link[], id: string, way: "in" | "out"): Neighbour[] {
  const found = new Map<string, Neighbour>();
  const ordered = [...links].sort((a, b) => kEvidence.indexOf(a.evidence) - kEvidence.indexOf(b.evidence));
  for (const link of ordered) {
    if ((way === "in" ? link.to : link.from) !== id) continue;
    const other = way === "in" ? link.from : link.to;
    const known = found.get(other);
    if (known) {
      known.evidence.push({ kind: link.evidence, count: link.count });
      known.last_us = Math.max(known.last_us, link.last_us);
    } else {
      found.set(other, {
        id: other,
        name: way === "in" ? link.from_name : link.to_name,
        link,
        evidence: [{ kind: link.evidence, count: link.count }],
        last_us: link.last_us,
      });
    }
  }
  const weight = (n: Neighbour) => kEvidence.indexOf(n.link.evidence);
  return [...found.values()].sort((a, b) => weight(a) - weight(b) || (b.link.snr ?? -Infinity) - (a.link.snr ?? -Infinity) || a.id.localeCompare(b.id));
}

const kHour: Micros = 3600e6;
// Of the scale of a small curve, in dB: from the weakest that LoRa receives to what is as good as any.
const kFloor = -20;
const kCeiling = 12;

export interface SnrCurve {
  lines: string[]; // SVG paths of the medians, one for each run of hours without a gap
  dots: { x: number; y: number }[]; // hours that stand alone
  bands: string[]; // areas between the 10th and the 90th percentile
  hours: number; // with a measurement
}

// In a box of width × height. An hour without a measurement is a gap.
export function snrCurve(hours: LinkHour[], since: Micros, until: Micros, width: number, height: number): SnrCurve {
  const first = Math.floor(since / kHour) * kHour;
  const x = (time: Micros) => ((time - first) / Math.max(kHour, until - first)) * width;
  const y = (snr: number) => height * (1 - (Math.min(kCeiling, Math.max(kFloor, snr)) - kFloor) / (kCeiling - kFloor));
  const measured = hours.flatMap((hour) => (hour.snr && hour.start_us >= first ? [{ start: hour.start_us, snr: hour.snr }] : []));
  const runs: (typeof measured)[] = [];
  for (const hour of measured) {
    const run = runs.at(-1);
    if (run && hour.start - run.at(-1)!.start <= kHour) run.push(hour);
    else runs.push([hour]);
  }
  const path = (points: [number, number][]) => points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px.toFixed(1)} ${py.toFixed(1)}`).join("");
  const middle = (start: Micros) => x(Math.min(start + kHour / 2, until));
  const long = runs.filter((run) => run.length > 1);
  return {
    lines: long.map((run) => path(run.map((hour) => [middle(hour.start), y(hour.snr.p50)]))),
    bands: long.map((run) => `${path([...run.map((hour): [number, number] => [middle(hour.start), y(hour.snr.p90)]), ...[...run].reverse().map((hour): [number, number] => [middle(hour.start), y(hour.snr.p10)])])}Z`),
    dots: runs.filter((run) => run.length === 1).map(([hour]) => ({ x: middle(hour!.start), y: y(hour!.snr.p50) })),
    hours: measured.length,
  };
}
