import { describe, expect, it } from "vitest";
import { dayOf, stackByPort } from "./traffic";

const kHour = 3_600e6;
const kMinute = 60e6;
const point = (start_us: number, packets: number) => ({ start_us, packets, receptions: 3 * packets });

describe("columns by port", () => {
  const series = [
    { port: "POSITION_APP", points: [point(1 * kMinute, 2), point(3 * kMinute, 4)] },
    { port: "TELEMETRY_APP", points: [point(1 * kMinute, 5), point(9 * kMinute, 99)] },
    { port: "none", points: [point(2 * kMinute, 1)] },
    { port: "PAXCOUNTER_APP", points: [point(3 * kMinute, 3)] },
    { port: "ADMIN_APP", points: [] },
  ];
  const { times, curves } = stackByPort(series, 3 * kMinute, kMinute, 4);
  it("stand on one another, the largest at the bottom, drawn from the top", () => {
    expect(times).toEqual([0, 1, 2, 3].map((minute) => minute * kMinute));
    expect(curves.map((curve) => curve.color)).toEqual(["--port-encrypted", "--port-position", "--port-telemetry"]);
    expect(curves.map((curve) => curve.values)).toEqual([
      [0, 7, 1, 7],
      [0, 7, 0, 7],
      [0, 5, 0, 3],
    ]);
  });
  it("tell their own share", () => {
    expect(curves.map((curve) => curve.told)).toEqual([
      [0, 0, 1, 0],
      [0, 2, 0, 4],
      [0, 5, 0, 3],
    ]);
  });
});

describe("a day", () => {
  const now = 1000 * kHour + kHour / 4;
  const hourly = (hours: number, packets: number) => Array.from({ length: hours }, (_, i) => point((1000 - i) * kHour, packets));
  it("is the running hour and the 23 before it, beside the same stretch a day earlier", () => {
    const points = hourly(49, 8);
    points[0] = point(1000 * kHour, 2);
    const day = dayOf([{ port: "POSITION_APP", points }], now, "packets");
    expect(day.hours).toEqual([...Array.from({ length: 23 }, () => 8), 2]);
    expect(day.total).toBe(186);
    // 23 hours of 8 and a quarter of one: the same.
    expect(day.change).toBe(0);
  });
  it("without a day before has no change", () => {
    expect(dayOf([{ port: "none", points: hourly(30, 8) }], now, "packets").change).toBeNull();
    expect(dayOf([], now, "packets")).toEqual({ hours: Array.from({ length: 24 }, () => 0), total: 0, change: null });
  });
  it("of one kind of port counts that alone", () => {
    const series = [
      { port: "TEXT_MESSAGE_APP", points: hourly(24, 1) },
      { port: "none", points: hourly(48, 5) },
    ];
    expect(dayOf(series, now, "receptions", "text").total).toBe(72);
  });
});
