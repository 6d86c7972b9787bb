// The base map under everything else: the embedded one, or tiles that the server's configuration names. Pure.

import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Stats } from "../api/types";

export type BaseMap =
  | { kind: "embedded" }
  | { kind: "pictures" | "vector"; tiles: string; attribution: string }
  // A PMTiles file; what it holds stands in its head.
  | { kind: "file"; attribution: string };

// Where the server hands out the file.
export const kFilePath = "/api/v1/tiles.pmtiles";
// What the map library is told to load it by.
const kFileProtocol = "pmtiles";
const kSource = "other-base";
// Of pictures in the usual form.
const kPictureSize = 256;

// An older server tells nothing of it.
export function baseMapOf(map: Partial<Stats["map"]> | undefined): BaseMap {
  const attribution = map?.attribution ?? "";
  if (map?.pmtiles) return { kind: "file", attribution };
  if (!map?.tile_url) return { kind: "embedded" };
  const path = map.tile_url.split(/[?#]/)[0]!;
  return { kind: /\.(pbf|mvt)$/.test(path) ? "vector" : "pictures", tiles: map.tile_url, attribution };
}

type Token = (name: string) => string;

// Lines and areas of the two usual forms of vector tiles (Protomaps, OpenMapTiles): what a form lacks is not drawn.
function vectorLayers(token: Token, font: string[]): LayerSpecification[] {
  const fill = (layer: string, color: string): LayerSpecification => ({
    id: `base-${layer}`,
    type: "fill",
    source: kSource,
    "source-layer": layer,
    paint: { "fill-color": token(color) },
  });
  const line = (layer: string, color: string, width: number): LayerSpecification => ({
    id: `base-${layer}`,
    type: "line",
    source: kSource,
    "source-layer": layer,
    paint: { "line-color": token(color), "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 6, width / 4, 14, width] },
  });
  const places = (layer: string): LayerSpecification => ({
    id: `base-${layer}`,
    type: "symbol",
    source: kSource,
    "source-layer": layer,
    layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-font": font, "text-size": 11, "text-max-width": 8, "text-padding": 14 },
    paint: { "text-color": token("--place"), "text-halo-color": token("--land"), "text-halo-width": 1.2 },
  });
  return [
    fill("earth", "--land"),
    fill("water", "--sea"),
    line("waterway", "--coast", 1.5),
    line("roads", "--border", 2),
    line("transportation", "--border", 2),
    line("boundaries", "--border", 1.4),
    line("boundary", "--border", 1.4),
    places("places"),
    places("place"),
  ];
}

// `holds`: whether a file holds pictures; null for what is no file. `origin`: of this server.
export function baseStyle(base: Exclude<BaseMap, { kind: "embedded" }>, holdsPictures: boolean, origin: string, token: Token, font: string[]): StyleSpecification {
  const isPictures = base.kind === "pictures" || (base.kind === "file" && holdsPictures);
  const source =
    base.kind === "file"
      ? { url: `${kFileProtocol}://${origin}${kFilePath}` }
      : { tiles: [base.tiles.startsWith("/") ? origin + base.tiles : base.tiles], maxzoom: base.kind === "vector" ? 14 : 19 };
  return {
    version: 8,
    sources: { [kSource]: isPictures ? { type: "raster", tileSize: kPictureSize, ...source } : { type: "vector", ...source } },
    layers: [
      // Vector tiles of the second form have no land: all that is not water is.
      { id: "sea", type: "background", paint: { "background-color": token(isPictures ? "--sea" : "--land") } },
      ...(isPictures ? [{ id: "base-pictures", type: "raster" as const, source: kSource }] : vectorLayers(token, font)),
    ],
  };
}
