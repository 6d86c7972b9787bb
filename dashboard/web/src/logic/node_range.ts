// The stretch of time that a node's page shows.

import type { Micros } from "../api/types";

export const kRanges = ["6h", "24h", "7d", "30d"] as const;
export type Range = (typeof kRanges)[number];
export const kRangeDefault: Range = "24h";

const kHour: Micros = 3600e6;
const kSpans: Record<Range, Micros> = { "6h": 6 * kHour, "24h": 24 * kHour, "7d": 168 * kHour, "30d": 720 * kHour };

// Steps for which one answer (1,000 rows) holds the whole range.
export const kSteps: Record<Range, "raw" | "5m" | "1h"> = { "6h": "raw", "24h": "5m", "7d": "1h", "30d": "1h" };

// The charts move on this often at least, and at most: a column of pixels is about a 360th of the range.
const kMoveMin: Micros = 60e6;
const kMoveMax: Micros = 300e6;

export interface TimeWindow {
  since: Micros;
  until: Micros;
}

// What the address says; what it cannot mean is the default.
export const rangeOf = (option: string | undefined): Range => kRanges.find((range) => range === option) ?? kRangeDefault;

// The same window until the charts move on, so that nothing is asked for twice.
export function windowAt(range: Range, now: Micros): TimeWindow {
  const span = kSpans[range];
  const move = Math.min(kMoveMax, Math.max(kMoveMin, span / 360));
  const until = Math.ceil(now / move) * move;
  return { since: until - span, until };
}

// Whole days that the strip of hours shows.
export const daysOf = (range: Range): 7 | 30 => (range === "30d" ? 30 : 7);
