// How active a node was, hour by hour: a row for each day, a column for each hour of the day in the shown zone.

import type { SeriesStep } from "../api/node_page";
import type { Micros } from "../api/types";
import type { Zone } from "./format";
import type { Stretch } from "./node_listening";

const kHour: Micros = 3600e6;
export const kHours = 24;
export const kLevels = 5;

export interface ActivityHour {
  from_us: Micros;
  packets: number;
  receptions: number;
  airtime_us: Micros;
  level: number; // 0: nothing; 1 … kLevels, rising with the packets
  // Not over yet, or nobody listened for all of it: nothing is known, if nothing was heard.
  state: "known" | "running" | "deaf" | "future";
}

export interface ActivityDay {
  from_us: Micros; // its first hour
  hours: (ActivityHour | null)[]; // null: this day has no such hour (the clocks went forward)
}

export interface Activity {
  days: ActivityDay[]; // oldest first
  most: number; // packets of the busiest hour
  bounds: number[]; // the most packets of level 1, 2, …
}

const startOfDay = (time: Micros, zone: Zone, daysBefore: number): Micros => {
  const date = new Date(time / 1000);
  if (zone === "utc") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - daysBefore) * 1000;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore).getTime() * 1000;
};

const hourOf = (time: Micros, zone: Zone) => (zone === "utc" ? new Date(time / 1000).getUTCHours() : new Date(time / 1000).getHours());

export const firstDay = (days: number, now: Micros, zone: Zone): Micros => startOfDay(now, zone, days - 1);

// Equal parts of the square root, so that single packets are told from none and the busiest hour does not hide the rest.
function boundsOf(most: number): number[] {
  return Array.from({ length: kLevels }, (_, i) => Math.round(most * ((i + 1) / kLevels) ** 2));
}

const levelOf = (packets: number, bounds: number[]) => (packets <= 0 ? 0 : Math.max(1, bounds.findIndex((bound) => packets <= bound) + 1));

// `deaf`: when nobody listened; null: not known.
export function activityOf(points: SeriesStep[], days: number, now: Micros, zone: Zone, deaf: Stretch[] | null): Activity {
  // In a zone that is not whole hours from UTC the server's hours begin within those that are shown: they count where they begin.
  const slots = Array.from({ length: days }, (_, i) => startOfDay(now, zone, days - 1 - i));
  const hoursOfDays = slots.map((start, i) => {
    const end = slots[i + 1] ?? startOfDay(now, zone, -1);
    const hours: (ActivityHour | null)[] = Array(kHours).fill(null);
    for (let time = start; time < end; time += kHour) {
      const hour = hourOf(time, zone);
      // Where the clocks went back an hour comes twice: both are counted in the first.
      hours[hour] ??= { from_us: time, packets: 0, receptions: 0, airtime_us: 0, level: 0, state: stateOf(time, now, deaf) };
    }
    return hours;
  });
  for (const point of points) {
    let day = slots.length - 1;
    while (day >= 0 && slots[day]! > point.start_us) day--;
    const hour = hoursOfDays[day]?.[hourOf(point.start_us, zone)];
    if (!hour) continue;
    hour.packets += point.packets ?? 0;
    hour.receptions += point.receptions ?? 0;
    hour.airtime_us += point.airtime_us ?? 0;
  }
  const all = hoursOfDays.flat().filter((hour) => hour !== null);
  const most = Math.max(0, ...all.map((hour) => hour.packets));
  const bounds = boundsOf(most);
  for (const hour of all) hour.level = levelOf(hour.packets, bounds);
  return { days: slots.map((from_us, i) => ({ from_us, hours: hoursOfDays[i]! })), most, bounds };
}

function stateOf(time: Micros, now: Micros, deaf: Stretch[] | null): ActivityHour["state"] {
  if (time > now) return "future";
  const end = Math.min(time + kHour, now);
  if (deaf?.some((stretch) => stretch.from_us <= time && stretch.until_us >= end)) return "deaf";
  return time + kHour > now ? "running" : "known";
}

// What the levels mean, for a legend: "1–4". Levels that no number of packets has are left out.
export function levelTexts(bounds: number[]): { level: number; text: string }[] {
  return bounds.flatMap((bound, i) => {
    const from = (bounds[i - 1] ?? 0) + 1;
    return bound < from ? [] : [{ level: i + 1, text: bound === from ? String(bound) : `${from}–${bound}` }];
  });
}
