import { describe, expect, it } from "vitest";
import type { Node } from "../api/types";
import { chargeOf, kQuickFilters, sortNodes } from "./node_list";

const kNow = 1_790_000_000_000_000;
const kHour = 3_600e6;

function node(num: number, change: Partial<Node> = {}): Node {
  return {
    id: `!${num.toString(16).padStart(8, "0")}`, num, short_name: null, long_name: null, hw_model: null, role: null, public_key: null,
    is_licensed: false, first_heard_us: kNow - 90 * kHour, last_heard_us: kNow - kHour, position: null, battery_level: null, voltage: null,
    channel_utilization: null, air_util_tx: null, uptime_seconds: null, snr: null, rssi: null, hops_away: null, packets: 1, via_mqtt: false,
    ...change,
  };
}

describe("the order of nodes", () => {
  const nodes = [node(1, { battery_level: 50 }), node(2), node(3, { battery_level: 90 }), node(4, { battery_level: 50 })];
  const order = (sort: string) => sortNodes([...nodes], sort).map((n) => n.num);
  it("is by the column, either way, with what is not known last", () => {
    expect(order("battery")).toEqual([1, 4, 3, 2]);
    expect(order("-battery")).toEqual([3, 1, 4, 2]);
  });
  it("is by the last hearing when the address names no column that there is", () => {
    const heard = [node(1, { last_heard_us: 5 }), node(2, { last_heard_us: 9 })];
    expect(sortNodes(heard, "-constructor").map((n) => n.num)).toEqual([2, 1]);
  });
  it("of names takes no notice of capitals", () => {
    expect(sortNodes([node(1, { long_name: "b" }), node(2, { long_name: "A" })], "name").map((n) => n.num)).toEqual([2, 1]);
  });
});

it("what is often asked holds for the nodes that the query finds", () => {
  const holding = (each: Node) => kQuickFilters.filter((filter) => filter.holds(each, kNow)).map((filter) => filter.name);
  expect(holding(node(1, { last_heard_us: kNow - 5 * kHour }))).toEqual(["all", "unplaced"]);
  expect(holding(node(1, { role: "ROUTER_LATE", hops_away: 0, battery_level: 19 }))).toEqual(["all", "online", "routers", "direct", "weak", "unplaced"]);
  expect(holding(node(1, { last_heard_us: null, first_heard_us: kNow - kHour }))).toEqual(["all", "new", "unplaced"]);
});

it("a battery says how it is", () => {
  expect([null, 101, 100, 50, 49, 20, 19, 0].map(chargeOf)).toEqual([null, "powered", "good", "good", "fair", "fair", "bad", "bad"]);
});
