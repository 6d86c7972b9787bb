import { expect, it } from "vitest";
import type { LinkHour } from "../api/types";
import { commonRange, hourCurves, kHourMicros, spreadOf } from "./link_history";

const hour = (index: number, count: number, p50: number | null): LinkHour => ({
  start_us: index * kHourMicros,
  count,
  snr: p50 === null ? null : { p10: p50 - 2, p50, p90: p50 + 3 },
  rssi: null,
});

it("has a place for every hour, so that hours without anything are gaps", () => {
  const curves = hourCurves([hour(10, 4, -8), hour(12, 1, 2)], 9.5 * kHourMicros, 12.2 * kHourMicros);
  expect(curves.times.map((time) => Math.round((100 * time) / kHourMicros) / 100)).toEqual([9, 10, 10, 11, 11, 12, 12, 13]);
  expect(curves.times.every((time, i) => i === 0 || time > curves.times[i - 1]!)).toBe(true);
  expect(curves.median).toEqual([null, null, -8, -8, null, null, 2, 2]);
  expect(curves.low).toEqual([null, null, -10, -10, null, null, 0, 0]);
  expect(curves.high).toEqual([null, null, -5, -5, null, null, 5, 5]);
  expect(commonRange([curves, hourCurves([], 0, 0)])).toEqual([-12, 7]);
  expect(commonRange([hourCurves([], 0, kHourMicros)])).toBeNull();
});

it("counts an hour with more values for more", () => {
  expect(spreadOf([hour(1, 3, 0), hour(2, 1, 4), hour(3, 9, null)], "snr")).toEqual({ p10: -1, p50: 1, p90: 4 });
  expect(spreadOf([hour(1, 3, 0)], "rssi")).toBeNull();
  expect(spreadOf([], "snr")).toBeNull();
});
