// What may lie over the base map, below the nodes: the sources that hold it and how it is drawn. A source without data costs
// nothing, so that all are there from the start and none is drawn before it is chosen.

import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import { kCountClasses, type Place } from "../logic/hexagons";

export const kOverlays = ["hexes", "heat", "precision", "trails", "hears", "links", "routes"] as const;
export type Overlay = (typeof kOverlays)[number];

export interface OverlayFeature {
  type: "Feature";
  geometry: { type: "Point"; coordinates: Place } | { type: "LineString"; coordinates: Place[] } | { type: "Polygon"; coordinates: Place[][] };
  properties: Record<string, string | number | boolean>;
}

export interface OverlayData {
  type: "FeatureCollection";
  features: OverlayFeature[];
}

export const kNoData: OverlayData = { type: "FeatureCollection", features: [] };

export function overlaySources(): Record<Overlay, SourceSpecification> {
  return Object.fromEntries(kOverlays.map((name) => [name, { type: "geojson", data: kNoData, tolerance: 0.2 }])) as Record<Overlay, SourceSpecification>;
}

type Token = (name: string) => string;

// A link's grade is told by its colour and its stroke: full, dashed, dotted.
const gradeColor = (token: Token): ExpressionSpecification => [
  "match",
  ["get", "grade"],
  "good",
  token("--link-good"),
  "fair",
  token("--link-fair"),
  "weak",
  token("--link-weak"),
  token("--link-unknown"),
];

// The best are drawn last, over the others.
const kStrokes: { name: string; grades: string[]; dashes?: number[] }[] = [
  { name: "dotted", grades: ["unknown"], dashes: [1, 2.5] },
  { name: "dashed", grades: ["weak"], dashes: [4, 2.5] },
  { name: "full", grades: ["good", "fair"] },
];

// Thicker where it is near, and the better the thicker.
const kWidth: ExpressionSpecification = [
  "interpolate",
  ["linear"],
  ["zoom"],
  6,
  ["match", ["get", "grade"], "good", 1.2, "fair", 1, 0.8],
  13,
  ["match", ["get", "grade"], "good", 2.8, "fair", 2.1, 1.6],
];

// Lines that are not of what is selected step back.
const kOpacity: ExpressionSpecification = [
  "case",
  ["get", "pale"],
  0.1,
  ["get", "dense"],
  ["match", ["get", "grade"], "good", 0.4, "fair", 0.3, 0.22],
  ["match", ["get", "grade"], ["good", "fair"], 0.75, 0.6],
];

function gradedLines(source: Overlay, token: Token): LayerSpecification[] {
  return kStrokes.map(({ name, grades, dashes }) => ({
    id: `${source}-${name}`,
    type: "line",
    source,
    filter: ["in", ["get", "grade"], ["literal", grades]],
    layout: { "line-cap": dashes ? "butt" : "round" },
    paint: {
      "line-color": gradeColor(token),
      "line-width": kWidth,
      "line-opacity": kOpacity,
      "line-offset": ["case", ["get", "beside"], 1.8, 0],
      ...(dashes ? { "line-dasharray": dashes } : {}),
    },
  }));
}

function hexLayers(token: Token): LayerSpecification[] {
  const color: ExpressionSpecification = ["case", ["has", "step"], token("--curve"), gradeColor(token)];
  // Steps of a count are told by how full the colour is.
  const opacity: ExpressionSpecification = [
    "case",
    ["has", "step"],
    ["interpolate", ["linear"], ["get", "step"], -1, 0, kCountClasses - 1, 0.72],
    ["==", ["get", "grade"], "unknown"],
    0.1,
    0.42,
  ];
  return [
    { id: "hexes-fill", type: "fill", source: "hexes", paint: { "fill-color": color, "fill-opacity": opacity, "fill-antialias": false } },
    { id: "hexes-edge", type: "line", source: "hexes", paint: { "line-color": color, "line-width": 1, "line-opacity": 0.6 } },
  ];
}

function heatLayer(token: Token): LayerSpecification {
  return {
    id: "heat",
    type: "heatmap",
    source: "heat",
    paint: {
      "heatmap-weight": ["get", "weight"],
      "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 3, 0.35, 12, 1.1],
      "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 3, 10, 8, 24, 13, 52],
      "heatmap-opacity": 0.75,
      "heatmap-color": [
        "interpolate",
        ["linear"],
        ["heatmap-density"],
        0,
        "transparent",
        0.15,
        token("--curve-fill"),
        0.45,
        token("--curve"),
        0.75,
        token("--link-fair"),
        1,
        token("--link-weak"),
      ],
    },
  };
}

// The radius is a length on the ground: `pixels` are those at zoom 0, and each zoom doubles them.
const kGroundRadius: ExpressionSpecification = [
  "interpolate",
  ["exponential", 2],
  ["zoom"],
  0,
  ["get", "pixels"],
  20,
  ["*", ["get", "pixels"], 2 ** 20],
];

export function overlayLayers(token: Token): LayerSpecification[] {
  return [
    ...hexLayers(token),
    heatLayer(token),
    {
      id: "precision",
      type: "circle",
      source: "precision",
      paint: {
        "circle-radius": kGroundRadius,
        "circle-color": token("--accent"),
        // Many large ones would cover the land.
        "circle-opacity": ["case", ["get", "large"], 0, 0.07],
        "circle-stroke-color": token("--accent"),
        "circle-stroke-opacity": 0.4,
        "circle-stroke-width": 1,
      },
    },
    {
      id: "trails",
      type: "line",
      source: "trails",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": token("--port-position"), "line-width": 2, "line-opacity": ["case", ["get", "pale"], 0.2, 0.9] },
    },
    {
      id: "trails-fixes",
      type: "circle",
      source: "trails",
      minzoom: 8,
      paint: { "circle-radius": 2.6, "circle-color": token("--land"), "circle-stroke-color": token("--port-position"), "circle-stroke-width": 1.4 },
    },
    ...gradedLines("hears", token),
    ...gradedLines("links", token),
    ...[false, true].map((dashed): LayerSpecification => ({
      id: dashed ? "routes-gap" : "routes",
      type: "line",
      source: "routes",
      filter: ["==", ["get", "whole"], !dashed],
      layout: { "line-cap": dashed ? "butt" : "round" },
      paint: {
        "line-color": token("--port-traceroute"),
        "line-width": 2,
        "line-opacity": ["interpolate", ["linear"], ["get", "rank"], 0, 0.95, 1, 0.3],
        "line-offset": ["case", ["get", "back"], 2.5, -2.5],
        ...(dashed ? { "line-dasharray": [2, 2] } : {}),
      },
    })),
  ];
}
