// Time as lanes: when an agent's records are missing, drawn along a line from then to now.

import type { Gap } from "../api/agents";
import type { Micros } from "../api/types";
import type { Zone } from "./format";

export const kRanges = ["24h", "7d", "30d"] as const;
export type Range = (typeof kRanges)[number];

const kHour = 3600e6;
const kLengths: Record<Range, Micros> = { "24h": 24 * kHour, "7d": 7 * 24 * kHour, "30d": 30 * 24 * kHour };

export const rangeOf = (text: string | undefined): Range => kRanges.find((range) => range === text) ?? "24h";
export const lengthOf = (range: Range): Micros => kLengths[range];

// A cause that the server names, or that nothing was uploaded since: why is told once the agent is back.
export type Cause = Gap["cause"] | "silent";
export const kCauses: Cause[] = ["radio_away", "agent_stopped", "new_buffer", "buffer_full", "set_aside", "silent"];

export interface Mark {
  cause: Cause;
  left: number; // 0 … 1 of the lane
  width: number;
  from_us: Micros;
  until_us: Micros | null; // null: it goes on
  count: number; // gaps that lie too close together to be told apart
  records: number; // known to be missing
  reason: string | null; // of the newest
}

// Marks that are nearer to one another than this, and of one cause, are one.
const kApart = 0.004;
// The server's meaning of an agent that is online.
const kSilent: Micros = 300e6;

// The gaps of a lane in the order of time. Whatever lies outside of the lane is cut off.
export function marksOf(gaps: Gap[], lastUpload: Micros, from: Micros, now: Micros): Mark[] {
  const length = now - from;
  const place = (time: Micros) => Math.min(1, Math.max(0, (time - from) / length));
  const known: (Omit<Gap, "cause"> & { cause: Cause })[] = [...gaps];
  const isSilent = now - lastUpload > kSilent;
  const isTold = gaps.some((gap) => gap.until_us === null);
  if (isSilent && !isTold) known.push({ start_us: lastUpload, until_us: null, cause: "silent", records: 0, reason: null, radio: null });
  const marks: Mark[] = [];
  for (const gap of known.sort((a, b) => a.start_us - b.start_us)) {
    const end = gap.until_us ?? now;
    if (end < from || gap.start_us > now) continue;
    const left = place(gap.start_us);
    const right = place(end);
    const before = marks.findLast((mark) => mark.cause === gap.cause);
    if (before && before.until_us !== null && left - (before.left + before.width) < kApart && right - left < kApart * 4) {
      before.width = Math.max(before.width, right - before.left);
      before.until_us = gap.until_us === null ? null : Math.max(before.until_us, gap.until_us);
      before.count++;
      before.records += gap.records;
      before.reason = gap.reason ?? before.reason;
    } else {
      marks.push({ cause: gap.cause, left, width: right - left, from_us: gap.start_us, until_us: gap.until_us, count: 1, records: gap.records, reason: gap.reason });
    }
  }
  return marks;
}

// The mark at a place of the lane, or the nearest one within `reach`; -1: none.
export function markAt(marks: Mark[], place: number, reach: number): number {
  let best = -1;
  let nearest = reach;
  marks.forEach((mark, i) => {
    const away = Math.max(mark.left - place, place - (mark.left + mark.width), 0);
    if (away < nearest || (away === nearest && best >= 0 && mark.width < marks[best]!.width)) {
      best = i;
      nearest = away;
    }
  });
  return best;
}

const kTickHours: Record<Range, number> = { "24h": 6, "7d": 24, "30d": 120 };

// Round times between `from` and `until`: hours of the day, or midnights, in that zone.
export function ticksOf(range: Range, from: Micros, until: Micros, zone: Zone): Micros[] {
  const hours = kTickHours[range];
  const start = new Date(from / 1000);
  const at = (step: number) =>
    zone === "utc"
      ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate(), step * hours)
      : new Date(start.getFullYear(), start.getMonth(), start.getDate(), step * hours).getTime();
  const ticks: Micros[] = [];
  for (let step = 0; at(step) * 1000 <= until; step++) if (at(step) * 1000 >= from) ticks.push(at(step) * 1000);
  return ticks;
}
