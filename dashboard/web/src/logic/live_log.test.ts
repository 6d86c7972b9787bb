import { describe, expect, it } from "vitest";
import { append, emptyLog, hold, refresh, release } from "./live_log";

const rows = (...ids: number[]) => ids.map((id) => ({ id }));
const ids = (list: { id: number }[]) => list.map((row) => row.id);
const kLimit = 10;
const loaded = refresh(emptyLog<{ id: number }>(), rows(5, 4), "after 4", kLimit);

describe("a list that goes on", () => {
  it("takes new rows in and grows to older ones", () => {
    const log = append(refresh(loaded, rows(6, 5), "after 5", kLimit), rows(3, 2), null, kLimit);
    expect(ids(log.rows)).toEqual([6, 5, 4, 3, 2]);
    expect(log.cursor).toBeNull();
  });
  it("keeps its cursor, which belongs to the oldest row, when the newest page comes anew", () => {
    expect(refresh(loaded, rows(6, 5), "after 5", kLimit).cursor).toBe("after 4");
  });
  it("begins anew when the newest page does not reach down to it", () => {
    const log = refresh(loaded, rows(9, 8), "after 8", kLimit);
    expect([ids(log.rows), log.cursor]).toEqual([[9, 8], "after 8"]);
  });
  it("shows what became of a row, held or not", () => {
    const start = refresh(emptyLog<{ id: number; receptions: number }>(), [{ id: 1, receptions: 1 }], null, kLimit);
    const page = [{ id: 2, receptions: 1 }, { id: 1, receptions: 3 }];
    expect(refresh(start, page, null, kLimit).rows[1]).toEqual({ id: 1, receptions: 3 });
    const held = refresh(hold(start), page, null, kLimit);
    expect([held.rows, ids(held.pending)]).toEqual([[{ id: 1, receptions: 3 }], [2]]);
  });
  it("stands still while held, and shows what waited afterwards", () => {
    const held = refresh(hold(loaded), rows(7, 6, 5), "after 5", kLimit);
    expect(ids(held.rows)).toEqual([5, 4]);
    const log = release(held, kLimit);
    expect([ids(log.rows), log.cursor, log.pending]).toEqual([[7, 6, 5, 4], "after 4", []]);
  });
  it("gathers what waits from page to page", () => {
    const held = refresh(refresh(hold(loaded), rows(6, 5), "after 5", kLimit), rows(8, 7, 6), "after 6", kLimit);
    expect([ids(held.pending), held.gap]).toEqual([[8, 7, 6], false]);
    expect(ids(release(held, kLimit).rows)).toEqual([8, 7, 6, 5, 4]);
  });
  it("remembers a gap while more comes after it", () => {
    const held = refresh(refresh(hold(loaded), rows(9, 8), "after 8", kLimit), rows(10, 9), "after 9", kLimit);
    expect([ids(held.pending), held.gap, held.pendingCursor]).toEqual([[10, 9, 8], true, "after 8"]);
  });
  it("lets no more wait than its limit", () => {
    const held = refresh(hold(loaded), rows(8, 7, 6, 5), "after 5", 2);
    expect([held.gap, held.pendingCursor]).toEqual([true, "after 5"]);
  });
  it("goes on at the newest page when what waited is not next to it", () => {
    const log = release(refresh(hold(loaded), rows(9, 8), "after 8", kLimit), kLimit);
    expect([ids(log.rows), log.cursor]).toEqual([[9, 8], "after 8"]);
  });
  it("has no more rows than its limit", () => {
    expect(append(loaded, rows(3, 2, 1), "more", 3).rows).toHaveLength(3);
  });
});
