import { describe, expect, it } from "vitest";
import type { Node } from "../api/types";
import { filterNodes, mapChoice, parsePlace, placeText, withAge, withLayer, withRole, withSpan } from "./map_choice";

const kNow = 1_790_000_000_000_000;
const node = (role: string, minutesAgo: number) => ({ role, last_heard_us: kNow - minutesAgo * 60e6 }) as Node;

describe("what is chosen on the map", () => {
  it("is all nodes and the agents when the address says nothing, or what it does not know", () => {
    for (const options of [{}, { roles: "nonsense", ages: ",,", since: "9y" }]) {
      const choice = mapChoice(options);
      expect([choice.roles.size, choice.ages.size, [...choice.layers], choice.span]).toEqual([0, 0, ["agents"], "1d"]);
    }
  });
  it("goes into the address and out of it again", () => {
    const both = mapChoice({ ...withRole(mapChoice(withRole(mapChoice({}), "hexagon")), "triangle"), ...withAge(mapChoice({}), "live") });
    expect(withRole(both, "triangle")).toEqual({ roles: "sensor" });
    expect(withAge(both, "live")).toEqual({ ages: "" });
    expect(withSpan("1d")).toEqual({ since: "" });
    expect(mapChoice(withSpan("7d")).span).toBe("7d");
  });
  it("tells no layers from none said", () => {
    const none = withLayer(mapChoice({}), "agents");
    expect(none).toEqual({ layers: "none" });
    expect(mapChoice(none).layers.size).toBe(0);
    expect(withLayer(mapChoice(none), "agents")).toEqual({ layers: "" });
    expect(withLayer(mapChoice({}), "hexes")).toEqual({ layers: "agents,hexes" });
  });
});

describe("the legend as a filter", () => {
  const nodes = [node("ROUTER", 1), node("ROUTER", 60), node("CLIENT", 1), node("SENSOR", 5000)];
  it("counts all when nothing is chosen", () => {
    const { nodes: found, roles, ages } = filterNodes(nodes, mapChoice({}), kNow);
    expect(found.length).toBe(4);
    expect(roles).toEqual({ circle: 1, square: 0, triangle: 2, diamond: 0, hexagon: 1 });
    expect(ages).toEqual({ live: 2, recent: 1, day: 0, old: 1 });
  });
  it("counts each entry as if the other list alone decided", () => {
    const { nodes: found, roles, ages } = filterNodes(nodes, mapChoice({ roles: "router", ages: "live" }), kNow);
    expect(found).toEqual([nodes[0]]);
    expect(roles).toEqual({ circle: 1, square: 0, triangle: 1, diamond: 0, hexagon: 0 });
    expect(ages).toEqual({ live: 1, recent: 1, day: 0, old: 0 });
  });
});

describe("where the map stands", () => {
  it("is short, and exact enough for its zoom", () => {
    expect(placeText({ latitude: 47.606212345, longitude: -122.33, zoom: 9.256 })).toBe("47.6062,-122.33,9.26");
    expect(placeText({ latitude: 47.606212345, longitude: -122.33, zoom: 15 })).toBe("47.606212,-122.33,15");
  });
  it("is read back", () => {
    expect(parsePlace("47.6062,-122.33,9.26")).toEqual({ latitude: 47.6062, longitude: -122.33, zoom: 9.26 });
  });
  it("is nothing when it is off the map or no place", () => {
    expect(["", "1,2", "1,2,x", "91,2,3", "1,181,3", "1,2,99", "1,2,-3", " 1,2,3", "1e1,2,3", undefined].map(parsePlace)).toEqual(Array(10).fill(null));
  });
});
