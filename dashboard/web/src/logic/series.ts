// Figures and curves from the statistics.

import type { Ledger, Micros, SeriesPoint } from "../api/types";

const kMinute = 60e6;

// Points at every minute up to now, with zeros where the server has no row: a quiet minute is a value, not a gap.
export function minuteSeries(points: SeriesPoint[], now: Micros, minutes = 60): SeriesPoint[] {
  const byMinute = new Map(points.map((p) => [Math.floor(p.t_us / kMinute), p]));
  const last = Math.floor(now / kMinute);
  return Array.from({ length: minutes }, (_, i) => {
    const minute = last - minutes + 1 + i;
    return byMinute.get(minute) ?? { t_us: minute * kMinute, packets: 0, receptions: 0 };
  });
}

// How many there were in the last 60 s, from counts per calendar minute: the running minute whole, and of the one before
// the share that is still within 60 s, as if it had come evenly.
export function lastSixtySeconds(points: SeriesPoint[], now: Micros, field: "packets" | "receptions"): number {
  const [before, running] = minuteSeries(points, now, 2) as [SeriesPoint, SeriesPoint];
  const elapsed = (now % kMinute) / kMinute;
  return Math.round(running[field] + before[field] * (1 - elapsed));
}

// An SVG path through values at even distances, in a box of `width` × `height`; empty for fewer than two values. The
// scale starts at zero, so that a flat curve looks flat.
export function sparkPath(values: number[], width: number, height: number): string {
  if (values.length < 2) return "";
  const top = Math.max(...values, 1e-9);
  const step = width / (values.length - 1);
  return values
    .map((v, i) => `${i === 0 ? "M" : "L"}${(i * step).toFixed(1)} ${(height - (Math.max(0, v) / top) * height).toFixed(1)}`)
    .join("");
}

// Records that are gone for good: those dropped because the agent's buffer was full, and any that its books cannot
// explain (there must be none). Duplicates are among the delivered.
export function lostRecords(ledger: Ledger): number {
  const explained = ledger.delivered + ledger.set_aside + ledger.dropped + ledger.filtered + ledger.waiting;
  return ledger.dropped + Math.max(0, ledger.captured - explained);
}
