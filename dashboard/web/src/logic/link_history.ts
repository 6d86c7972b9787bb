// A link's hours as curves and as figures. Pure.

import type { LinkHour, Micros } from "../api/types";

export const kHourMicros = 3600e6;
const kSecondMicros = 1e6;

export interface Spread {
  p10: number;
  p50: number;
  p90: number;
}

export interface HourCurves {
  times: Micros[]; // begin and end of each hour of the span, also of those without a value
  low: (number | null)[];
  median: (number | null)[];
  high: (number | null)[];
}

// An hour's values hold for all of it: it is drawn level. Hours without anything are left out by the server: here they are
// gaps, not a line across.
export function hourCurves(hours: LinkHour[], from: Micros, until: Micros): HourCurves {
  const byStart = new Map(hours.map((hour) => [hour.start_us, hour.snr]));
  const curves: HourCurves = { times: [], low: [], median: [], high: [] };
  for (let start = Math.floor(from / kHourMicros) * kHourMicros; start <= until; start += kHourMicros) {
    const snr = byStart.get(start) ?? null;
    curves.times.push(start, start + kHourMicros - kSecondMicros);
    for (const [curve, value] of [[curves.low, snr?.p10], [curves.median, snr?.p50], [curves.high, snr?.p90]] as const) curve.push(value ?? null, value ?? null);
  }
  return curves;
}

// The percentiles of all hours: their mean, by how much each hour counts. Null: no hour has any.
export function spreadOf(hours: LinkHour[], of: "snr" | "rssi"): Spread | null {
  const sum = { p10: 0, p50: 0, p90: 0 };
  let weight = 0;
  for (const hour of hours) {
    const values = hour[of];
    if (!values) continue;
    weight += hour.count;
    for (const name of ["p10", "p50", "p90"] as const) sum[name] += values[name] * hour.count;
  }
  return weight === 0 ? null : { p10: sum.p10 / weight, p50: sum.p50 / weight, p90: sum.p90 / weight };
}

// The least and the greatest value of both ways, so that both are drawn to the same scale.
export function commonRange(both: HourCurves[]): [number, number] | null {
  const values = both.flatMap((curves) => [...curves.low, ...curves.median, ...curves.high]).filter((value) => value !== null);
  if (values.length === 0) return null;
  return [Math.floor(Math.min(...values) - 2), Math.ceil(Math.max(...values) + 2)];
}
