// The map's style: base map, nodes, clusters, agents. Colours come from the page's tokens.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { baseStyle } from "./base_map";
import { currentBase } from "./current_base";
import type { PointCollection } from "./features";
import { overlayLayers, overlaySources } from "./overlays";

export const kNodes = "nodes";
export const kAgents = "agents";
export const kSelection = "selection";
export const kNodeLayer = "node-marks";
export const kClusterLayer = "node-clusters";
export const kAgentLayer = "agent-marks";

// Names of fonts of the computer itself: the map draws its letters from them and loads no font.
export const kFont = ["system-ui", "sans-serif"];

const kEmpty: PointCollection = { type: "FeatureCollection", features: [] };

// Sizes of clusters, by how many nodes they hold.
const kClusterRadius: ExpressionSpecification = ["step", ["get", "point_count"], 14, 10, 16, 50, 19, 250, 23];
const kClusterImage: ExpressionSpecification = [
  "concat",
  "cluster-",
  ["to-string", kClusterRadius],
  "-",
  // In twelfths; a share that is not zero shows.
  ["to-string", ["ceil", ["*", 12, ["/", ["get", "online"], ["get", "point_count"]]]]],
];

function baseLayers(token: (name: string) => string): LayerSpecification[] {
  return [
    { id: "sea", type: "background", paint: { "background-color": token("--sea") } },
    { id: "land", type: "fill", source: "base", "source-layer": "land", paint: { "fill-color": token("--land"), "fill-antialias": false } },
    { id: "coast", type: "line", source: "base", "source-layer": "land", paint: { "line-color": token("--coast"), "line-width": 1 } },
    {
      id: "borders",
      type: "line",
      source: "base",
      "source-layer": "borders",
      paint: { "line-color": token("--border"), "line-width": ["interpolate", ["linear"], ["zoom"], 2, 0.6, 8, 1.4], "line-dasharray": [3, 2] },
    },
    {
      id: "places",
      type: "symbol",
      source: "base",
      "source-layer": "places",
      filter: [
        ">=",
        ["get", "population"],
        ["step", ["zoom"], 2_000_000, 3, 1_000_000, 4, 400_000, 5, 150_000, 6, 60_000, 7, 25_000, 8, 10_000, 9, 5_000, 10, 0],
      ],
      layout: {
        "text-field": ["get", "name"],
        "text-font": kFont,
        "text-size": ["interpolate", ["linear"], ["log10", ["get", "population"]], 3.5, 10, 6.5, 13],
        "symbol-sort-key": ["-", 0, ["get", "population"]],
        "text-max-width": 8,
        "text-padding": 14,
      },
      paint: { "text-color": token("--place"), "text-halo-color": token("--land"), "text-halo-width": 1.2 },
    },
  ];
}

function nodeLayers(token: (name: string) => string): LayerSpecification[] {
  const label = { "text-color": token("--text"), "text-halo-color": token("--land"), "text-halo-width": 1.4 };
  return [
    {
      id: kSelection,
      type: "symbol",
      source: kSelection,
      layout: { "icon-image": "selection", "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
    {
      id: kNodeLayer,
      type: "symbol",
      source: kNodes,
      filter: ["!", ["has", "point_count"]],
      layout: {
        "icon-image": ["get", "mark"],
        "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 4, 0.7, 10, 1],
        "text-field": ["step", ["zoom"], "", 8.5, ["get", "label"]],
        "text-font": kFont,
        "text-size": 11,
        "text-anchor": "top",
        "text-offset": [0, 0.7],
        "text-optional": true,
        "text-padding": 3,
      },
      paint: label,
    },
    {
      id: kClusterLayer,
      type: "symbol",
      source: kNodes,
      filter: ["has", "point_count"],
      layout: {
        "icon-image": kClusterImage,
        "icon-allow-overlap": true,
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": kFont,
        "text-size": 12,
        "text-allow-overlap": true,
      },
      paint: { "text-color": token("--text") },
    },
    {
      id: kAgentLayer,
      type: "symbol",
      source: kAgents,
      layout: {
        "icon-image": "agent",
        "icon-allow-overlap": true,
        "text-field": ["step", ["zoom"], "", 6, ["get", "label"]],
        "text-font": kFont,
        "text-size": 11,
        "text-anchor": "bottom",
        "text-offset": [0, -1.15],
        "text-optional": true,
      },
      paint: { ...label, "text-color": token("--agent") },
    },
  ];
}

// The base map alone, as it is now: when currentBase changes, make it anew.
export function makeBaseStyle(): StyleSpecification {
  const computed = getComputedStyle(document.documentElement);
  const token = (name: string) => computed.getPropertyValue(name).trim();
  const { base, holdsPictures } = currentBase.peek();
  if (base.kind !== "embedded") return baseStyle(base, holdsPictures, location.origin, token, kFont);
  return {
    version: 8,
    sources: { base: { type: "vector", tiles: [`${location.origin}${__BASEMAP__}/{z}/{x}/{y}.pbf`], maxzoom: __BASEMAP_MAX_ZOOM__ } },
    layers: baseLayers(token),
  };
}

// Nodes are drawn one by one until the source is told to cluster them: then near ones are one mark until the map is close enough.
export function makeStyle(): StyleSpecification {
  const computed = getComputedStyle(document.documentElement);
  const token = (name: string) => computed.getPropertyValue(name).trim();
  const base = makeBaseStyle();
  return {
    ...base,
    sources: {
      ...base.sources,
      [kNodes]: {
        type: "geojson",
        data: kEmpty,
        cluster: false,
        clusterRadius: 44,
        clusterMaxZoom: 11,
        clusterProperties: { online: ["+", ["get", "online"]] },
      },
      [kAgents]: { type: "geojson", data: kEmpty },
      [kSelection]: { type: "geojson", data: kEmpty },
      ...overlaySources(),
    },
    layers: [...base.layers, ...overlayLayers(token), ...nodeLayers(token)],
  };
}
