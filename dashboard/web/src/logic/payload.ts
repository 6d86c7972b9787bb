// Single values of a packet's decoded content, by the protocol's field names, in units that people read.

import { formatDateTime, formatNumber, kUnknown, type Zone } from "./format";

// Lists of a traceroute: quarters of a dB, so that a byte holds them.
const kQuarterDb = new Set(["snr_towards", "snr_back"]);
const kUnknownSnr = -128;

// Seconds since 1970 by the sender's clock.
const kEpochSeconds = new Set(["time", "timestamp", "expire", "last_heard", "last_rx_time", "rx_time"]);
// 2001: a smaller number is not a date but a clock that was never set.
const kClockSet = 1_000_000_000;

// A level above 100 is how a radio says that it runs on external power.
export const kBatteryFull = 100;

// `value` as text when the field `name` has a unit; null: it is shown as it is. Elements of a list have the list's name.
export function payloadText(name: string, value: number, zone: Zone): string | null {
  if (kQuarterDb.has(name)) return value === kUnknownSnr ? kUnknown : formatNumber(value / 4, 2, "dB");
  if (kEpochSeconds.has(name)) return value >= kClockSet ? formatDateTime(value * 1e6, zone) : value === 0 ? kUnknown : null;
  return null;
}
