import { describe, expect, it } from "vitest";
import { scrollToRow, windowOf } from "./window";

describe("the rows that are drawn", () => {
  it("are those on the screen and some around them", () => {
    const shown = windowOf(10_000, 30, 30_000, 600);
    expect(shown.first).toBeLessThan(1000);
    expect(shown.end).toBeGreaterThanOrEqual(1020);
    expect(shown.end - shown.first).toBeLessThan(60);
  });
  it("keep the height of all of them", () => {
    for (const top of [0, 7, 29_995, 299_400, 400_000]) {
      const shown = windowOf(10_000, 30, top, 600);
      expect(shown.before + (shown.end - shown.first) * 30 + shown.after).toBe(300_000);
    }
  });
  it("are all of a short table, and none of an empty one", () => {
    expect(windowOf(3, 30, 0, 600)).toEqual({ first: 0, end: 3, before: 0, after: 0 });
    expect(windowOf(0, 30, 90, 600)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
  });
});

describe("scrolling to a row", () => {
  it("goes as far as it must, and nowhere when it can be seen", () => {
    expect(scrollToRow(5, 30, 600, 300, 30)).toBe(150);
    expect(scrollToRow(25, 30, 600, 300, 30)).toBe(600);
    expect(scrollToRow(40, 30, 600, 300, 30)).toBe(1200 + 30 + 30 - 300);
  });
});
