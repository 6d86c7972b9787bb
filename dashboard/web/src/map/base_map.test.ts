import { describe, expect, it } from "vitest";
import { baseMapOf, baseStyle } from "./base_map";

const token = (name: string) => name;

describe("the base map", () => {
  it("is the embedded one unless the server names another", () => {
    expect(baseMapOf(undefined)).toEqual({ kind: "embedded" });
    expect(baseMapOf({ tile_url: null, pmtiles: false, attribution: null })).toEqual({ kind: "embedded" });
  });
  it("is pictures, vector tiles by the ending of their address, or a file", () => {
    expect(baseMapOf({ tile_url: "https://a/{z}/{x}/{y}.png", attribution: "© A" })).toEqual({ kind: "pictures", tiles: "https://a/{z}/{x}/{y}.png", attribution: "© A" });
    expect(baseMapOf({ tile_url: "/t/{z}/{x}/{y}.pbf?key=.png" }).kind).toBe("vector");
    expect(baseMapOf({ tile_url: "/t/{z}/{x}/{y}" }).kind).toBe("pictures");
    expect(baseMapOf({ pmtiles: true, tile_url: null }).kind).toBe("file");
  });
});

describe("its style", () => {
  const of = (base: Parameters<typeof baseStyle>[0], holdsPictures = false) => baseStyle(base, holdsPictures, "http://here", token, ["x"]);
  it("names this server for what begins with a slash, and the other site as it is", () => {
    expect(of({ kind: "vector", tiles: "/t/{z}/{x}/{y}.pbf", attribution: "" }).sources).toEqual({ "other-base": { type: "vector", tiles: ["http://here/t/{z}/{x}/{y}.pbf"], maxzoom: 14 } });
    expect(of({ kind: "pictures", tiles: "https://a/{z}/{x}/{y}", attribution: "" }).sources).toEqual({ "other-base": { type: "raster", tileSize: 256, tiles: ["https://a/{z}/{x}/{y}"], maxzoom: 19 } });
  });
  it("draws a file as what it holds", () => {
    expect(of({ kind: "file", attribution: "" }, true).layers.map((layer) => layer.type)).toEqual(["background", "raster"]);
    const vector = of({ kind: "file", attribution: "" });
    expect(vector.sources).toEqual({ "other-base": { type: "vector", url: "pmtiles://http://here/api/v1/tiles.pmtiles" } });
    expect(new Set(vector.layers.map((layer) => layer.type))).toEqual(new Set(["background", "fill", "line", "symbol"]));
  });
});
