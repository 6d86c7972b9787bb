import { expect, it } from "vitest";
import type { Agent, Link, Node } from "../api/types";
import { readChoices, toggledEvidence } from "./link_choices";
import { distanceBetween, placesOf } from "./link_distance";
import { byNeighbours, countWays, kEvidences, linksAround, makeGraph, pairAddress, pairMeasured, pairSnr, wayOf } from "./link_graph";
import { linkRows, sortLinkRows } from "./link_rows";
import { clusterOrder, groupsOf, mostConnected, nameOrder } from "./matrix_order";

const id = (name: string) => `!0000000${name}`;
const link = (from: string, to: string, more: Partial<Link> = {}): Link => ({
  from: id(from), from_name: from, to: id(to), to_name: to, evidence: "direct", count: 1, first_us: 10, last_us: 20, snr: 1, rssi: -90, ...more,
});

it("keeps the signal of each way apart", () => {
  const graph = makeGraph([link("b", "a", { snr: -15 }), link("a", "b", { snr: 4 }), link("a", "c", { evidence: "traceroute", snr: null })]);
  expect(graph.ways.map((way) => [way.key, way.snr])).toEqual([["!0000000a-!0000000b", 4], ["!0000000a-!0000000c", null], ["!0000000b-!0000000a", -15]]);
  const [both, one] = graph.pairs;
  expect([both!.there!.snr, both!.back!.snr, pairSnr(both!)]).toEqual([4, -15, -15]);
  expect([one!.back, pairSnr(one!), pairMeasured(one!), pairAddress(one!)]).toEqual([null, null, false, "!0000000a-!0000000c"]);
  expect(graph.nodes.get(id("a"))).toMatchObject({ hears: 1, heardBy: 2, neighbours: 2 });
  expect(countWays([...graph.ways.flatMap((way) => way.links), link("a", "b", { evidence: "traceroute" }), link("a", "a")])).toBe(3);
  expect(byNeighbours(graph).map((node) => node.name)).toEqual(["a", "b", "c"]);
});

it("prefers what was measured to what is reported, however new", () => {
  const way = wayOf([link("a", "b", { evidence: "neighbor_info", snr: 9, last_us: 90, first_us: 1, rssi: null, count: 3 }), link("a", "b", { snr: -3 })]);
  expect(way).toMatchObject({ snr: -3, rssi: -90, measured: true, count: 4, first_us: 1, last_us: 90 });
  const told = wayOf([link("a", "b", { evidence: "neighbor_info", snr: 9, last_us: 30 }), link("a", "b", { evidence: "traceroute", snr: 2, last_us: 40 })]);
  expect(told).toMatchObject({ snr: 2, measured: false });
});

it("leaves out a node that is said to hear itself, and gives the same graph for the same links", () => {
  expect(makeGraph([link("a", "a")]).nodes.size).toBe(0);
  const links = [link("a", "b"), link("c", "a"), link("b", "c")];
  expect(makeGraph([...links].reverse())).toEqual(makeGraph(links));
});

it("finds what is around a node, in one step and in two", () => {
  const links = [link("a", "b"), link("b", "c"), link("c", "d"), link("e", "a")];
  const names = (steps: number) => linksAround(links, id("a"), steps).map((each) => `${each.from_name}${each.to_name}`);
  expect(names(1)).toEqual(["ab", "ea"]);
  expect(names(2)).toEqual(["ab", "bc", "ea"]);
  expect(linksAround(links, id("9"), 2)).toEqual([]);
});

it("reads choices from the address and takes nothing else", () => {
  expect(readChoices({})).toEqual({ view: "map", evidence: kEvidences, since: "1d", ego: null, steps: 1, order: "cluster" });
  expect(readChoices({ view: "table", evidence: "traceroute,direct,magic", since: "7d", ego: "!0000000a", steps: "2", order: "name" })).toEqual({
    view: "table", evidence: ["direct", "traceroute"], since: "7d", ego: "!0000000a", steps: 2, order: "name",
  });
  expect(readChoices({ view: "pie", ego: "!x", since: "9y", steps: "7" })).toMatchObject({ view: "map", ego: null, since: "1d", steps: 1 });
  expect(toggledEvidence(kEvidences, "direct")).toBe("direct");
  expect(toggledEvidence(["direct"], "traceroute")).toBe("direct,traceroute");
  expect(toggledEvidence(["direct"], "direct")).toBe("");
  expect(toggledEvidence(["direct", "traceroute"], "neighbor_info")).toBe("");
});

const node = (name: string, position: Partial<NonNullable<Node["position"]>> | null) => ({ id: id(name), position }) as Node;

it("measures how far apart nodes are, and how sure that is", () => {
  const agents = [{ radio: { id: id("c") }, location: { latitude: 48.1, longitude: 11.5 } }, { radio: { id: id("a") }, location: { latitude: 1, longitude: 1 } }] as Agent[];
  const places = placesOf([node("a", { latitude: 52.52, longitude: 13.405, precision_bits: 32 }), node("b", { latitude: 48.137, longitude: 11.575, precision_bits: 13 }), node("d", null), node("e", { latitude: 0, longitude: 0 })], agents);
  expect([...places.keys()].sort()).toEqual([id("a"), id("b"), id("c")]);
  const far = distanceBetween(places.get(id("a")), places.get(id("b")))!;
  expect(far.km).toBeCloseTo(504.4, 0);
  expect(far.doubtKm).toBeCloseTo(2.918, 2);
  expect(distanceBetween(places.get(id("a")), places.get(id("a")))).toEqual({ km: 0, doubtKm: 0 });
  expect(distanceBetween(places.get(id("a")), places.get(id("d")))).toBeNull();
});

it("puts rows in order, the unknown last both ways", () => {
  const places = placesOf([node("a", { latitude: 50, longitude: 8 }), node("b", { latitude: 50, longitude: 9 }), node("c", { latitude: 50, longitude: 12 })], []);
  const rows = linkRows(makeGraph([link("a", "b"), link("b", "a", { snr: -7 }), link("c", "a", { snr: null, last_us: 99 }), link("d", "a", { snr: 3 })]), places);
  const order = (sort: string) => sortLinkRows(rows, sort, (each) => each).map(({ way }) => way.links[0]!.from_name! + way.links[0]!.to_name!);
  expect(order("-distance")).toEqual(["ca", "ab", "ba", "da"]);
  expect(order("distance")).toEqual(["ab", "ba", "ca", "da"]);
  expect(order("snr")).toEqual(["ba", "ab", "da", "ca"]);
  expect(order("-snr")).toEqual(["da", "ab", "ba", "ca"]);
  expect(order("back").slice(0, 2)).toEqual(["ab", "ba"]);
  expect(order("-last")[0]).toBe("ca");
  expect(order("nonsense")).toEqual(order("last"));
});

it("puts nodes that hear one another beside each other", () => {
  const clique = (names: string) => [...names].flatMap((one) => [...names].filter((other) => other !== one).map((other) => link(one, other)));
  const graph = makeGraph([...clique("adg"), ...clique("bce9"), link("a", "b")]);
  const ids = mostConnected(graph, 100);
  expect(ids).toHaveLength(7);
  const order = clusterOrder(graph, ids).map((each) => each.slice(-1)).join("");
  expect([...order.slice(0, 4)].sort().join("")).toBe("9bce");
  expect([...order.slice(4)].sort().join("")).toBe("adg");
  expect(clusterOrder(graph, [...ids].sort())).toEqual(clusterOrder(graph, [...ids].sort()));
  expect(mostConnected(graph, 2)).toEqual([id("b"), id("9")]);
  expect(groupsOf(new Map([["x", new Set<string>()]])).get("x")).toBe("x");
  expect(nameOrder(["1", "2", "3"], (each) => ({ 1: "b", 2: "a", 3: "a" })[each]!)).toEqual(["2", "3", "1"]);
});
