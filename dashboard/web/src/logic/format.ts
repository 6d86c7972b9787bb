// Numbers, times and names as text. Pure: the caller says what time it is and which zone to use.

import type { Micros } from "../api/types";
import { language } from "../texts/language";

export type Zone = "utc" | "local";

const kLocale = { en: "en-US", de: "de-DE" }[language];
const kDecimalPoint = { en: ".", de: "," }[language];
const kNow = { en: "now", de: "jetzt" }[language];
const kWhole = new Intl.NumberFormat(kLocale, { maximumFractionDigits: 0 });
const kCompact = new Intl.NumberFormat(kLocale, { notation: "compact", maximumFractionDigits: 1 });

// An age that needs no "ago".
export const isNow = (age: string): boolean => age === kNow;

export const kUnknown = "–";

// All digits as long as they fit a tile, then "1.2M": six digits are the most that is read at a glance.
export function formatCount(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return kUnknown;
  return Math.abs(value) < 1_000_000 ? kWhole.format(value) : kCompact.format(value);
}

// For an axis, where there is little room: "800", "2.5k", "10k".
export function formatCompact(value: number): string {
  return kCompact.format(value).replace("K", "k");
}

// With a real minus sign, so that columns of figures align.
export function formatNumber(value: number | null | undefined, digits: number, unit = ""): string {
  if (value == null || !Number.isFinite(value)) return kUnknown;
  const text = value.toFixed(digits);
  // What rounds to zero has no sign: "−0.00" says nothing.
  const sign = text.startsWith("-") && Number(text) !== 0 ? "−" : "";
  return sign + text.replace("-", "").replace(".", kDecimalPoint) + (unit ? ` ${unit}` : "");
}

// "now", "12 s", "4 min", "3 h", "2 d". A time in the future (clocks differ a little) is "now".
export function formatAge(micros: Micros): string {
  const seconds = Math.floor(micros / 1e6);
  if (seconds < 2) return kNow;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

// With a tenth below ten seconds: "0.1 s", "12 s", "4 min".
export function formatDuration(seconds: number | null): string {
  if (seconds == null) return kUnknown;
  return seconds < 10 ? formatNumber(Math.max(0, seconds), 1, "s") : formatAge(seconds * 1e6);
}

// "364 m", "2.9 km".
export function formatMeters(meters: number): string {
  return meters >= 1000 ? formatNumber(meters / 1000, 1, "km") : formatNumber(meters, 0, "m");
}

function parts(time: Micros, zone: Zone) {
  const date = new Date(time / 1000);
  const pad = (value: number) => String(value).padStart(2, "0");
  return zone === "utc"
    ? {
        day: `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`,
        clock: `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`,
        seconds: pad(date.getUTCSeconds()),
      }
    : {
        day: `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`,
        clock: `${pad(date.getHours())}:${pad(date.getMinutes())}`,
        seconds: pad(date.getSeconds()),
      };
}

// "04:12:33"
export function formatClock(time: Micros, zone: Zone): string {
  const { clock, seconds } = parts(time, zone);
  return `${clock}:${seconds}`;
}

// "04:12"
export function formatMinute(time: Micros, zone: Zone): string {
  return parts(time, zone).clock;
}

// "11-24"
export function formatDay(time: Micros, zone: Zone): string {
  return parts(time, zone).day.slice(5);
}

// "2026-11-24 04:12:33 UTC"
export function formatDateTime(time: Micros, zone: Zone): string {
  const { day, clock, seconds } = parts(time, zone);
  return `${day} ${clock}:${seconds}${zone === "utc" ? " UTC" : ""}`;
}

const kUnseen = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

// A name or text as it may be shown: white space becomes single spaces; control and direction-changing characters become
// a visible mark, so that a name can neither hide itself nor turn the text around it; at most `limit` characters.
export function cleanName(name: string | null | undefined, limit = 48): string {
  if (!name) return "";
  const characters = Array.from(name.trim().replace(/\s+/gu, " "));
  const kept = characters.slice(0, limit).map((c) => (kUnseen.test(c) ? "\ufffd" : c));
  return kept.join("") + (characters.length > limit ? "…" : "");
}

// "1a2b" of "!9a0c1a2b": what the radio's own screen shows for a node without a name.
export function shortId(id: string): string {
  return id.slice(-4);
}

export const kBroadcast = "!ffffffff";
