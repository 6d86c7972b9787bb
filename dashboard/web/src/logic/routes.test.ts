import { describe, expect, it } from "vitest";
import type { Step, Traceroute } from "../api/traceroutes";
import { historyOf, hopCount, legsOf, weakestSnr } from "./routes";

const steps = (...nodes: (string | null)[]): Step[] => nodes.map((node, i) => ({ node, snr: i === 0 ? null : -i }));
const route = (id: number, towards: Step[], back: Step[] | null, more: Partial<Traceroute> = {}): Traceroute => ({
  id,
  time_us: id * 1e6,
  from: towards[0]!.node!,
  to: towards.at(-1)!.node!,
  request_id: 1000 + id,
  is_reply: back !== null,
  towards,
  back,
  ...more,
});
const letters = (routes: Traceroute[]) => historyOf({ from: "a", to: "b" }, routes).past.map((one) => one.kind.letter);

describe("the history of a route", () => {
  const direct = (id: number) => route(id, steps("a", "b"), steps("b", "a"));
  const relayed = (id: number, relay: string | null) => route(id, steps("a", relay, "b"), steps("b", relay, "a"));

  it("is in the order of time and tells routes apart by their nodes", () => {
    expect(letters([direct(4), relayed(3, "r"), relayed(2, "s"), direct(1)])).toEqual(["A", "B", "C", "A"]);
  });
  it("knows that the way back may be another", () => {
    expect(letters([direct(1), route(2, steps("a", "b"), steps("b", "r", "a"))])).toEqual(["A", "B"]);
  });
  it("takes no notice of who asked", () => {
    const asymmetric = route(1, steps("a", "r", "b"), steps("b", "a"));
    const asked = route(2, steps("b", "a"), steps("a", "r", "b"));
    expect(letters([asymmetric, asked])).toEqual(["A", "A"]);
  });
  it("takes an unknown relay for another than a known one", () => {
    expect(letters([relayed(1, null), relayed(2, "r"), relayed(3, null)])).toEqual(["A", "B", "A"]);
  });
  it("counts changes, kinds and questions without an answer", () => {
    const history = historyOf({ from: "a", to: "b" }, [
      direct(1),
      relayed(2, "r"),
      direct(3),
      route(4, steps("a", "b"), null),
      route(5, steps("a", "b"), null, { request_id: 1003 }),
      route(6, steps("a", "c"), steps("c", "a")),
    ]);
    expect(history.changes).toBe(2);
    expect(history.kinds.map(({ letter, count, last }) => [letter, count, last])).toEqual([["A", 2, 3e6], ["B", 1, 2e6]]);
    expect(history.unanswered).toBe(1);
  });
  it("is empty without answers", () => {
    expect(historyOf({ from: "a", to: "b" }, [])).toEqual({ past: [], kinds: [], changes: 0, unanswered: 0 });
  });
});

describe("a way", () => {
  it("has as many hops as steps between nodes, and a weakest one", () => {
    expect([hopCount(steps("a", "b")), hopCount([])]).toEqual([1, 0]);
    expect([weakestSnr(steps("a", "r", "b")), weakestSnr([{ node: "a", snr: null }])]).toEqual([-2, null]);
  });
  it("is drawn between known places, and says where it leaves some out", () => {
    const places: Record<string, [number, number]> = { a: [1, 1], b: [2, 2], c: [3, 3] };
    expect(legsOf(steps("x", "a", "b", null, "c"), (node) => places[node] ?? null)).toEqual([
      { places: [[1, 1], [2, 2]], skips: false },
      { places: [[2, 2], [3, 3]], skips: true },
    ]);
    expect(legsOf(steps("x", "a"), (node) => places[node] ?? null)).toEqual([]);
  });
});
