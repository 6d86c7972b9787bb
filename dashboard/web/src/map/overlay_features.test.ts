import { describe, expect, it } from "vitest";
import type { Traceroute } from "../api/map";
import type { Node } from "../api/types";
import type { Place } from "../logic/hexagons";
import type { MapLink } from "../logic/map_links";
import { heatFeatures, hearsFeatures, hearsOf, hexFeatures, linkFeatures, precisionFeatures, routeFeatures, trailFeatures } from "./overlay_features";

const kPlaces: Record<string, Place> = { "!a": [1, 1], "!b": [2, 2], "!c": [3, 3] };
const placeOf = (id: string) => kPlaces[id];
const link = (from: string, to: string): MapLink => ({ from, to, evidence: [], last_us: 1, snr: -3, grade: "good", twoWay: false });
const node = (change: object) => ({ id: "!a", packets: 0, position: { longitude: 8, latitude: 47, precision_bits: 32 }, ...change }) as unknown as Node;
const indices = ({ features }: { features: { properties: Record<string, unknown> }[] }) => features.map(({ properties }) => properties["index"]);

describe("links on the map", () => {
  const links = [link("!a", "!b"), link("!b", "!c"), link("!a", "!x")];
  it("lead from one node that is shown to another, whose places are known", () => {
    expect(indices(linkFeatures(links, new Set(["!a", "!b", "!x"]), placeOf, null))).toEqual([0]);
  });
  it("of the selected node are all there, and the others step back", () => {
    const { features } = linkFeatures(links, new Set(["!a", "!b"]), placeOf, "!c");
    expect(features.map(({ properties }) => [properties["index"], properties["pale"]])).toEqual([[0, true], [1, false]]);
  });
  it("are fainter where there are many", () => {
    const many = Array.from({ length: 1500 }, () => link("!a", "!b"));
    expect(linkFeatures(many, new Set(["!a", "!b"]), placeOf, null).features[0]!.properties["dense"]).toBe(true);
    expect(linkFeatures(links, new Set(["!a", "!b"]), placeOf, null).features[0]!.properties["dense"]).toBe(false);
  });
});

it("a traceroute is drawn there and back, the older the paler", () => {
  const route = (back: string[] | null) =>
    ({ towards: ["!a", "!x", "!b"].map((id) => ({ node: id })), back: back && back.map((id) => ({ node: id })) }) as unknown as Traceroute;
  const { features } = routeFeatures([route(["!b", "!a"]), route(null)], placeOf);
  expect(features.map(({ properties }) => properties)).toEqual([
    { index: 0, whole: false, back: false, rank: 0 },
    { index: 0, whole: true, back: true, rank: 0 },
    { index: 1, whole: false, back: false, rank: 1 },
  ]);
});

it("trails are those of the nodes that are shown", () => {
  const trail = (id: string) => ({ id, places: [[1, 1], [2, 2]] as Place[], meters: 500 });
  expect(indices(trailFeatures([trail("!a"), trail("!b")], new Set(["!b"]), null))).toEqual([1]);
});

it("only rounded positions have a circle", () => {
  const { features } = precisionFeatures([node({}), node({ position: { longitude: 8, latitude: 47, precision_bits: 13 } }), node({ position: { longitude: 8, latitude: 47, precision_bits: null } })]);
  expect(features.map(({ properties }) => properties["large"])).toEqual([true]);
});

it("the busiest node is the hottest, one that was not heard is cold", () => {
  expect(heatFeatures([node({ packets: 400 }), node({ packets: 100 }), node({})]).features.map(({ properties }) => properties["weight"])).toEqual([1, 0.5]);
});

it("hexagons are coloured by signal or by count", () => {
  const hexagons = [{ q: 0, r: 0, nodes: 2, heard: 1, snr: -8, count: 12 }, { q: 1, r: 0, nodes: 1, heard: 0, snr: null, count: 0 }];
  expect(hexFeatures(hexagons, 0.01, "snr").features.map(({ properties }) => properties)).toEqual([{ index: 0, grade: "fair" }, { index: 1, grade: "unknown" }]);
  expect(hexFeatures(hexagons, 0.01, "count").features.map(({ properties }) => properties)).toEqual([{ index: 0, step: 1 }, { index: 1, step: -1 }]);
});

it("what an agent hears is told with the signal where there is no hop between", () => {
  const hears = hearsOf(["!a", "!b", "!x"], new Map([["!a", { snr: -15, count: 2 }]]));
  const { features } = hearsFeatures(hears, new Set(["!a", "!b", "!x"]), [0, 0], placeOf);
  expect(features.map(({ properties }) => [properties["index"], properties["grade"]])).toEqual([[0, "weak"], [1, "unknown"]]);
});
