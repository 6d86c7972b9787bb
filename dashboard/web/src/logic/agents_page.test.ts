// The logic of the agents' pages: books that balance, lanes, overlap, order.

import { describe, expect, it } from "vitest";
import type { AgentSeries, Gap, Link, Overlap } from "../api/agents";
import { makeLimited } from "../api/limited";
import type { Agent, Ledger, Node } from "../api/types";
import { skewOf, sortAgents } from "./agent_list";
import { sparkValues, stepsOf } from "./agent_series";
import { heardNodes, hopsOf } from "./heard_nodes";
import { booksOf, losers, sumOfBooks } from "./books";
import { markAt, marksOf, rangeOf, ticksOf } from "./lanes";
import { contributions, overlapMatrix } from "./overlap";
import { formatShare } from "./share";

const ledger: Ledger = { captured: 100, delivered: 80, duplicate: 5, set_aside: 4, filtered: 6, waiting: 7, dropped: 3 };
const agent = (id: string, change: Partial<Agent> = {}): Agent =>
  ({ id, last_upload_us: 0, clock_skew_us: null, receptions: 0, link: { state: "ready" }, ledger, version: null, ...change }) as Agent;

describe("the books", () => {
  const equation = (b: ReturnType<typeof booksOf>) => b.delivered + b.set_aside + b.filtered + b.waiting + b.dropped + b.unexplained - b.surplus;
  it("balance, and what was dropped is lost", () => {
    expect(booksOf(ledger)).toMatchObject({ unexplained: 0, surplus: 0, lost: 3 });
  });
  it("name what they cannot explain, and what they count twice", () => {
    const short = booksOf({ ...ledger, delivered: 70 });
    expect(short).toMatchObject({ unexplained: 10, lost: 13 });
    const long = booksOf({ ...ledger, delivered: 82 });
    expect(long).toMatchObject({ surplus: 2, lost: 3 });
    for (const books of [short, long, sumOfBooks([short, long])]) expect(equation(books)).toBe(books.captured);
  });
  it("of all do not hide one agent's loss behind another's surplus", () => {
    expect(sumOfBooks([booksOf({ ...ledger, delivered: 70 }), booksOf({ ...ledger, delivered: 90 })])).toMatchObject({ unexplained: 10, lost: 16 });
    expect(sumOfBooks([])).toMatchObject({ captured: 0, lost: 0 });
  });
  it("say who lost what", () => {
    const whole = { ...ledger, delivered: 83, dropped: 0 };
    expect(losers([agent("a", { ledger: whole }), agent("b"), agent("c", { ledger: { ...ledger, delivered: 70 } })])).toEqual([
      { id: "c", dropped: 3, unexplained: 10 },
      { id: "b", dropped: 3, unexplained: 0 },
    ]);
  });
});

describe("a share", () => {
  it("is never more than all, and says when it is not quite nothing or all", () => {
    expect(formatShare(523, 7180)).toBe("7.3 %");
    expect(formatShare(0, 10)).toBe("0 %");
    expect(formatShare(10, 10)).toBe("100 %");
    expect(formatShare(1, 50_000)).toBe("< 0.1 %");
    expect(formatShare(49_999, 50_000)).toBe("> 99.9 %");
    expect(formatShare(11, 10)).toBe("100 %");
    expect(formatShare(0, 0)).toBe("–");
  });
});

describe("lanes", () => {
  const kNow = 1_000_000e6;
  const kFrom = kNow - 100_000e6;
  const gap = (start: number, end: number | null, cause: Gap["cause"] = "radio_away", records = 0): Gap => ({
    start_us: kFrom + start * 1000e6, until_us: end === null ? null : kFrom + end * 1000e6, cause, records, reason: null,
    radio: null,
  });
  it("place gaps, and cut off what is outside", () => {
    const marks = marksOf([gap(90, null), gap(-10, 20), gap(-10, -5), gap(40, 50, "buffer_full", 7)], kNow, kFrom, kNow);
    expect(marks.map(({ cause, left, width }) => [cause, left, Number(width.toFixed(3))])).toEqual([
      ["radio_away", 0, 0.2], ["buffer_full", 0.4, 0.1], ["radio_away", 0.9, 0.1],
    ]);
    expect(marks[1]).toMatchObject({ records: 7, count: 1 });
    expect(marks[2]!.until_us).toBeNull();
  });
  it("draw what cannot be told apart as one, but not what has another cause", () => {
    const marks = marksOf([gap(10, 10.1, "radio_away", 1), gap(10.2, 10.3, "radio_away", 2), gap(10.25, 10.3, "set_aside", 4)], kNow, kFrom, kNow);
    expect(marks.map(({ cause, count, records }) => [cause, count, records])).toEqual([["radio_away", 2, 3], ["set_aside", 1, 4]]);
  });
  it("say that an agent is silent, unless the server knows why", () => {
    const silent = kNow - 50_000e6;
    expect(marksOf([], silent, kFrom, kNow)).toMatchObject([{ cause: "silent", left: 0.5, width: 0.5, until_us: null }]);
    expect(marksOf([gap(50, null)], silent, kFrom, kNow)).toMatchObject([{ cause: "radio_away" }]);
    expect(marksOf([], kNow - 299e6, kFrom, kNow)).toEqual([]);
  });
  it("find the mark that is pointed at, or the nearest", () => {
    const marks = marksOf([gap(10, 20), gap(40, 40.1)], kNow, kFrom, kNow);
    expect([0.15, 0.395, 0.3, 0.99].map((place) => markAt(marks, place, 0.02))).toEqual([0, 1, -1, -1]);
  });
  it("have ticks at round times", () => {
    const until = Date.UTC(2026, 10, 28, 4, 30) * 1000;
    const hours = ticksOf("24h", until - 86_400e6, until, "utc").map((time) => new Date(time / 1000).toISOString().slice(5, 16));
    expect(hours).toEqual(["11-27T06:00", "11-27T12:00", "11-27T18:00", "11-28T00:00"]);
    expect(ticksOf("7d", until - 7 * 86_400e6, until, "utc")).toHaveLength(7);
    expect(ticksOf("30d", until - 30 * 86_400e6, until, "utc")).toHaveLength(6);
  });
  it("cover the range of the address, a day unless it is one of them", () => {
    expect([rangeOf("7d"), rangeOf(undefined), rangeOf("1y")]).toEqual(["7d", "24h", "24h"]);
  });
});

describe("the overlap", () => {
  const overlap: Overlap = {
    since_us: 0, complete: true, packets: 100,
    agents: [{ agent: "a", packets: 80, only: 10 }, { agent: "b", packets: 60, only: 12 }, { agent: "c", packets: 5, only: 5 }],
    pairs: [{ a: "b", b: "a", both: 48 }],
  };
  it("is a share of the row's packets, whichever way a pair is named", () => {
    const matrix = overlapMatrix(overlap);
    expect(matrix.map((row) => row.map((cell) => formatShare(cell.both, cell.of)))).toEqual([
      ["100 %", "60.0 %", "0 %"],
      ["80.0 %", "100 %", "0 %"],
      ["0 %", "0 %", "100 %"],
    ]);
  });
  it("tells what each agent alone brings, of all packets", () => {
    expect(contributions(overlap).map((each) => [each.agent, formatShare(each.only, each.all), formatShare(each.only, each.heard)])).toEqual([
      ["b", "12.0 %", "20.0 %"], ["a", "10.0 %", "12.5 %"], ["c", "5.0 %", "100 %"],
    ]);
  });
  it("is nothing without agents", () => {
    expect(overlapMatrix({ ...overlap, packets: 0, agents: [], pairs: [] })).toEqual([]);
  });
});

describe("the list of agents", () => {
  it("is in any order, with what is not known last", () => {
    const list = [agent("b", { clock_skew_us: -5e6 }), agent("c"), agent("a", { clock_skew_us: 1e6 })];
    const order = (sort: string) => sortAgents(list, sort, 0).map((each) => each.id).join("");
    expect([order(""), order("-name"), order("skew"), order("-skew"), order("nonsense")]).toEqual(["abc", "cba", "abc", "bac", "abc"]);
  });
  it("says how far a clock is off, and when that matters", () => {
    expect([0, -1965, 350e3, -12e6, 300e6, null].map((skew) => [skewOf(skew).text, skewOf(skew).grade])).toEqual([
      ["±0 ms", "good"], ["−2 ms", "good"], ["+0.35 s", "good"], ["−12 s", "warn"], ["+5 min", "bad"], ["–", "unknown"],
    ]);
  });
});

describe("what an agent received over time", () => {
  const kHour = 3600e6;
  const series: AgentSeries = { step_us: kHour, since_us: 0, until_us: 5 * kHour, series: [{ points: [{ start_us: 2 * kHour, receptions: 9 }] }] };
  it("is nothing where it listened and heard nothing, and unknown where it did not listen", () => {
    const away: Gap = { start_us: 3 * kHour, until_us: null, cause: "radio_away", records: 0, reason: null, radio: null };
    expect(stepsOf(series, [], 1.5 * kHour).values).toEqual([null, 0, 9, 0, 0, null]);
    expect(stepsOf(series, [away], 0).values).toEqual([0, 0, 9, null, null, null]);
  });
  it("has room for the running step, which a small curve needs not", () => {
    expect(stepsOf(series, [], 0).times.at(-1)).toBe(5 * kHour);
    expect(sparkValues(series)).toEqual([0, 0, 9, 0, 0]);
  });
  it("has its steps without a point", () => {
    expect(stepsOf({ ...series, series: [] }, [], 0).values).toEqual([0, 0, 0, 0, 0, null]);
  });
});

describe("questions that wait for one another", () => {
  it("run a few at a time, and those given up are not asked", async () => {
    const limited = makeLimited(2);
    const ends: (() => void)[] = [];
    const asked: number[] = [];
    const question = (name: number) => () => {
      asked.push(name);
      return new Promise<void>((end) => ends.push(end));
    };
    const stop = new AbortController();
    const stay = new AbortController().signal;
    const all = [0, 1, 2, 3].map((name) => limited(question(name), name === 2 ? stop.signal : stay).catch(() => "given up"));
    await Promise.resolve();
    expect(asked).toEqual([0, 1]);
    stop.abort();
    ends[0]!();
    expect(await all[2]).toBe("given up");
    await all[0];
    await Promise.resolve();
    expect(asked).toEqual([0, 1, 3]);
    ends[1]!();
    ends[2]!();
    await Promise.all(all);
  });
});

describe("the nodes that an agent hears", () => {
  const node = (id: string, hops: number | null) => ({ id, num: Number(`0x${id.slice(1)}`), long_name: null, short_name: null, hops_away: hops, last_heard_us: null }) as Node;
  const link = (from: string, snr: number | null, count: number) => ({ from, snr, count }) as Link;
  const list = [node("!00000001", 0), node("!00000002", 2), node("!00000003", 1)];
  const links = [link("!00000002", -8, 4), link("!00000003", 5, 2)];
  const order = (sort: string) => heardNodes(list, links, sort).map((row) => row.node.num).join("");
  it("have the signal at its own radio, and come in any order with what is not known last", () => {
    expect([order(""), order("snr"), order("-direct"), order("nonsense")]).toEqual(["321", "231", "231", "321"]);
  });
  it("have no hop between when there is a direct link, else as few as any agent's", () => {
    expect(heardNodes(list, links, "name").map(hopsOf)).toEqual([0, 0, 0]);
    expect(heardNodes([node("!00000002", 2)], [], "").map(hopsOf)).toEqual([2]);
  });
});
