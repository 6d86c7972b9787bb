import { describe, expect, it } from "vitest";
import { cleanName, formatAge, formatClock, formatCompact, formatCount, formatDateTime, formatDuration, formatNumber } from "./format";

const kTime = Date.UTC(2026, 10, 24, 4, 5, 6) * 1000;

describe("formatCount", () => {
  it("shows all digits up to six and shortens beyond", () => {
    expect([0, 999, 12_345, 999_999, 1_234_567].map(formatCount)).toEqual(["0", "999", "12,345", "999,999", "1.2M"]);
  });
  it("has a mark for what is not known", () => {
    expect([null, undefined, NaN, Infinity].map(formatCount)).toEqual(["–", "–", "–", "–"]);
  });
});

describe("formatAge", () => {
  it("steps from seconds to days", () => {
    const seconds = [0, 1, 2, 59, 60, 3599, 3600, 172_799, 172_800];
    expect(seconds.map((s) => formatAge(s * 1e6))).toEqual(["now", "now", "2 s", "59 s", "1 min", "59 min", "1 h", "47 h", "2 d"]);
  });
  it("calls a time in the future now, because clocks differ", () => {
    expect(formatAge(-5e6)).toBe("now");
  });
});

it("formatDuration keeps tenths where they matter", () => {
  expect([0, 0.04, 9.94, 10, 600].map(formatDuration)).toEqual(["0.0 s", "0.0 s", "9.9 s", "10 s", "10 min"]);
});

it("formatNumber writes a real minus sign and the unit", () => {
  expect(formatNumber(-7.25, 1, "dB")).toBe("−7.3 dB");
  expect(formatNumber(null, 1, "dB")).toBe("–");
});

it("formatNumber has no sign before what rounds to zero", () => {
  expect([-0.001, -0, 0.001].map((v) => formatNumber(v, 2))).toEqual(["0.00", "0.00", "0.00"]);
  expect(formatNumber(-0.005001, 2)).toBe("−0.01");
});

it("formatCompact fits an axis", () => {
  expect([0, 800, 2500, 10_000, 1_500_000].map(formatCompact)).toEqual(["0", "800", "2.5k", "10k", "1.5M"]);
});

it("times are those of the zone", () => {
  expect(formatClock(kTime, "utc")).toBe("04:05:06");
  expect(formatDateTime(kTime, "utc")).toBe("2026-11-24 04:05:06 UTC");
  const local = new Date(kTime / 1000);
  expect(formatClock(kTime, "local").slice(0, 2)).toBe(String(local.getHours()).padStart(2, "0"));
});

describe("cleanName", () => {
  it("leaves markup as it is: it is shown as text", () => {
    expect(cleanName("<img src=x onerror=alert(1)>")).toBe("<img src=x onerror=alert(1)>");
  });
  it("shows characters that would turn or hide text as a mark", () => {
    expect(cleanName("\u202egnp.exe\u2066 a\u0000b\u007fc\u200e")).toBe("�gnp.exe� a�b�c�");
  });
  it("keeps right-to-left letters", () => {
    expect(cleanName("مرحبا")).toBe("مرحبا");
  });
  it("puts everything on one line", () => {
    expect(cleanName("  a\r\n\tb \u2028 c  ")).toBe("a b c");
  });
  it("cuts by characters, not in the middle of one", () => {
    expect(cleanName("🦊".repeat(200), 3)).toBe("🦊🦊🦊…");
  });
});
