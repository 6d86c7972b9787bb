// What was counted, as columns by port, and as a day beside the day before it.

import type { PortSeries } from "../api/client";
import type { Micros } from "../api/types";
import type { Curve } from "../charts/time_chart";
import { portLookOf, type PortKind } from "./ports";

const kHour = 3_600e6;

export interface Columns {
  times: Micros[];
  curves: Curve[];
}

// One curve a kind of port, each standing on those after it: drawn in this order, what is left to be seen of each is its
// own share. Steps without traffic are zero.
export function stackByPort(series: PortSeries[], last: Micros, step: Micros, count: number): Columns {
  const times = Array.from({ length: count }, (_, i) => last - (count - 1 - i) * step);
  const places = new Map(times.map((time, i) => [time, i]));
  const kinds = new Map<PortKind, { label: string; values: number[]; sum: number }>();
  for (const { port, points } of series) {
    const look = portLookOf(port);
    const kind = kinds.get(look.kind) ?? { label: look.label, values: times.map(() => 0), sum: 0 };
    kinds.set(look.kind, kind);
    for (const point of points) {
      const place = places.get(point.start_us);
      if (place === undefined) continue;
      kind.values[place]! += point.packets;
      kind.sum += point.packets;
    }
  }
  const bottomUp = [...kinds].filter(([, { sum }]) => sum > 0).sort(([, a], [, b]) => b.sum - a.sum);
  const under = times.map(() => 0);
  const curves = bottomUp.map(([kind, { label, values }]) => ({
    label,
    kind: "columns" as const,
    color: `--port-${kind}`,
    told: values,
    values: values.map((value, i) => (under[i]! += value)),
  }));
  return { times, curves: curves.reverse() };
}

export interface Day {
  hours: number[]; // the last 24 hours, the running one last
  total: number;
  // Share by which the day differs from the one before; null: that one was not counted whole, or was empty.
  change: number | null;
}

// From the series of two days by the hour. The day is this hour, which is not over, and the 23 before it; it is compared
// with the same stretch a day earlier. `kind`: of these ports alone; null: of all.
export function dayOf(series: PortSeries[], now: Micros, what: "packets" | "receptions", kind: PortKind | null = null): Day {
  const running = Math.floor(now / kHour) * kHour;
  const over = (now - running) / kHour; // of the running hour
  const hours = Array.from({ length: 24 }, () => 0);
  let before = 0;
  let first = Infinity;
  for (const { port, points } of series) {
    const isAsked = kind === null || portLookOf(port).kind === kind;
    for (const point of points) {
      first = Math.min(first, point.start_us);
      const age = Math.round((running - point.start_us) / kHour); // hours
      if (!isAsked || age < 0) continue;
      if (age < 24) hours[23 - age]! += point[what];
      else if (age === 24) before += point[what] * over;
      else if (age < 48) before += point[what];
    }
  }
  const total = hours.reduce((sum, value) => sum + value, 0);
  // A mesh that was not watched all that time has no day before; an hour without a packet there is none.
  const isWhole = first <= running - 46 * kHour;
  return { hours, total, change: isWhole && before > 0 ? total / before - 1 : null };
}
