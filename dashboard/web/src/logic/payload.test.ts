import { expect, it } from "vitest";
import { payloadText } from "./payload";

it("signals of a traceroute are quarters of a dB, and may be unknown", () => {
  expect([21, -30, 0, -128].map((v) => payloadText("snr_towards", v, "utc"))).toEqual(["5.25 dB", "−7.50 dB", "0.00 dB", "–"]);
  expect(payloadText("snr_back", 4, "utc")).toBe("1.00 dB");
});

it("times are seconds since 1970; a clock that was never set stays a number", () => {
  expect(payloadText("time", Date.UTC(2026, 10, 24, 4, 5, 6) / 1000, "utc")).toBe("2026-11-24 04:05:06 UTC");
  expect(["time", "expire"].map((name) => payloadText(name, 0, "utc"))).toEqual(["–", "–"]);
  expect(payloadText("timestamp", 4711, "utc")).toBe(null);
});

it("everything else is shown as it is", () => {
  expect(payloadText("snr", -7.25, "utc")).toBe(null);
  expect(payloadText("uptime_seconds", 1_790_000_000, "utc")).toBe(null);
});
