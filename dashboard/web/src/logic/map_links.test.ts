import { describe, expect, it } from "vitest";
import { heardDirectly, linkRows, mergeLinks, type LinkRow } from "./map_links";

const row = (from: string, to: string, change: Partial<LinkRow> = {}): LinkRow => ({ from, to, evidence: "direct", count: 1, last_us: 10, snr: -3, ...change });

it("rows are read by the names of the columns, in any order", () => {
  expect(linkRows(["snr", "to", "from", "count", "last_us", "evidence", "rssi"], [[-7, "!b", "!a", 4, 99, "direct", null]])).toEqual([
    row("!a", "!b", { count: 4, last_us: 99, snr: -7 }),
  ]);
});

describe("a link", () => {
  it("is one line for a direction, with all its evidence", () => {
    const [link, ...rest] = mergeLinks([
      row("!a", "!b", { evidence: "neighbor_info", count: 2, last_us: 20, snr: -8 }),
      row("!a", "!b", { count: 30, last_us: 10, snr: 5 }),
    ]);
    expect(rest).toEqual([]);
    expect(link).toEqual({
      from: "!a", to: "!b", last_us: 20, snr: -8, grade: "fair", twoWay: false,
      evidence: [{ kind: "direct", count: 30 }, { kind: "neighbor_info", count: 2 }],
    });
  });
  it("takes the newest signal that is told", () => {
    const [link] = mergeLinks([row("!a", "!b", { last_us: 20, snr: null, evidence: "traceroute" }), row("!a", "!b", { last_us: 10, snr: -20 })]);
    expect([link!.snr, link!.grade, link!.last_us]).toEqual([-20, "weak", 20]);
    expect(mergeLinks([row("!a", "!b", { snr: null })])[0]!.grade).toBe("unknown");
  });
  it("knows whether there is one the other way; none leads to itself", () => {
    const links = mergeLinks([row("!a", "!b"), row("!b", "!a"), row("!a", "!c"), row("!a", "!a")]);
    expect(links.map((link) => [link.from, link.to, link.twoWay])).toEqual([["!a", "!b", true], ["!b", "!a", true], ["!a", "!c", false]]);
  });
});

it("how agents hear a node is the best of their radios, and all they received", () => {
  const heard = heardDirectly([
    row("!a", "!x", { snr: -9, count: 2 }),
    row("!a", "!y", { snr: -4, count: 3 }),
    row("!a", "!z", { snr: null, count: 1 }),
    row("!a", "!q", { snr: 9, evidence: "traceroute" }),
    row("!b", "!x", { snr: null }),
  ]);
  expect(Object.fromEntries(heard)).toEqual({ "!a": { snr: -4, count: 6 }, "!b": { snr: null, count: 1 } });
});
