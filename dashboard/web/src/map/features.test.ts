import { describe, expect, it } from "vitest";
import type { Agent, Node } from "../api/types";
import { agentFeatures, bulkBounds, hasPlace, nodeFeatures, scaleBar } from "./features";

const kNow = 1_790_000_000_000_000;

function node(id: string, latitude: number, longitude: number, heard = kNow, short: string | null = "AB"): Node {
  const position = { latitude, longitude, altitude: null, precision_bits: null, time_us: null };
  return { id, role: "ROUTER", short_name: short, last_heard_us: heard, position } as unknown as Node;
}

describe("nodes on the map", () => {
  it("carry their mark, their label and whether they are online", () => {
    const { features } = nodeFeatures([node("!00000001", 47, -122)], kNow);
    expect(features[0]?.geometry.coordinates).toEqual([-122, 47]);
    expect(features[0]?.properties).toEqual({ id: "!00000001", mark: "node-triangle-live", label: "AB", online: 1 });
  });
  it("without a name are labelled with the end of their id", () => {
    expect(nodeFeatures([node("!0badcafe", 47, -122, kNow, null)], kNow).features[0]?.properties["label"]).toBe("cafe");
  });
  it("have short labels, whatever the name", () => {
    const { features } = nodeFeatures([node("!00000001", 47, -122, kNow, "<script>alert(1)")], kNow);
    expect(features[0]?.properties["label"]).toBe("<scri…");
  });
  it("are drawn with the newest on top", () => {
    const drawn = nodeFeatures([node("!00000002", 1, 1, kNow), node("!00000001", 1, 1, kNow - 5)], kNow).features;
    expect(drawn.map((f) => f.properties["id"])).toEqual(["!00000001", "!00000002"]);
  });
  it("are left out without a place, at (0, 0) and off the map", () => {
    expect(hasPlace({ position: null } as Node)).toBe(false);
    expect([node("!1", 0, 0), node("!2", 91, 0), node("!3", 10, 181)].some(hasPlace)).toBe(false);
    expect(hasPlace(node("!4", 0, 12))).toBe(true);
  });
});

it("agents without a place are left out", () => {
  const agents = [
    { id: "a", location: { name: "x", latitude: 47, longitude: 8 } },
    { id: "b", location: { name: "y", latitude: null, longitude: null } },
    { id: "c", location: null },
  ] as Agent[];
  expect(agentFeatures(agents).features.map((f) => f.properties["id"])).toEqual(["a"]);
});

describe("the first view", () => {
  it("holds all of a few nodes", () => {
    expect(bulkBounds(nodeFeatures([node("!1", 47, 8), node("!2", 46, 9)], kNow).features)).toEqual([[8, 46], [9, 47]]);
    expect(bulkBounds([])).toBe(null);
  });
  it("is not pulled apart by one that is far away", () => {
    const near = Array.from({ length: 99 }, (_, i) => node(`!${i}`, 47 + i / 1000, 8 + i / 1000));
    const bounds = bulkBounds(nodeFeatures([...near, node("!far", -30, 150)], kNow).features);
    expect(bounds![1][0]).toBeLessThan(9);
    expect(bounds![0][1]).toBeGreaterThan(46);
  });
});

it("the scale bar is the longest round distance that fits", () => {
  expect(scaleBar(10, 90)).toEqual({ label: "500 m", width: 50 });
  expect(scaleBar(100, 90)).toEqual({ label: "5 km", width: 50 });
  expect(scaleBar(12, 90).label).toBe("1 km");
});
