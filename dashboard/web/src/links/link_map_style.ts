// The style of the map of the links: base map, lines, nodes. Colours come from the page's tokens.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { kFont, makeBaseStyle } from "../map/style";

export const kPairs = "pairs";
export const kLit = "lit";
export const kNodes = "link-nodes";
export const kRing = "ring";
export const kNodeLayer = "link-node-marks";
export const kPairLayers = ["pairs-measured", "pairs-inferred"];

// How much a line covers what is below it: with few, with many, with thousands of them.
const kOpacity = [0.9, 0.6, 0.3];

const byGrade = (good: number, fair: number, weak: number, unknown: number): ExpressionSpecification => [
  "match", ["get", "grade"], "good", good, "fair", fair, "weak", weak, unknown,
];

// `crowd`: 0 few lines, 1 many, 2 thousands.
export function linkStyle(crowd: 0 | 1 | 2): StyleSpecification {
  const computed = getComputedStyle(document.documentElement);
  const token = (name: string) => computed.getPropertyValue(name).trim();
  const base = makeBaseStyle();
  const color: ExpressionSpecification = [
    "match", ["get", "grade"],
    "good", token("--link-good"), "fair", token("--link-fair"), "weak", token("--link-weak"), token("--link-unknown"),
  ];
  const thinner = crowd === 2 ? 0.5 : 1;
  const width: ExpressionSpecification = [
    "interpolate", ["linear"], ["zoom"],
    6, byGrade(1.8 * thinner, 1.3 * thinner, 0.9 * thinner, 0.7),
    12, byGrade(3.4 * thinner, 2.4 * thinner, 1.6 * thinner, 1.2 * thinner),
    16, byGrade(3.4, 2.4, 1.6, 1.2),
  ];
  const line = (id: string, measured: boolean): LayerSpecification => ({
    id,
    type: "line",
    source: kPairs,
    filter: ["==", ["get", "measured"], measured],
    layout: { "line-cap": measured ? "round" : "butt", "line-sort-key": ["get", "order"] },
    paint: { "line-color": color, "line-width": width, "line-opacity": kOpacity[crowd]!, ...(measured ? {} : { "line-dasharray": [3, 2.2] }) },
  });
  const size: ExpressionSpecification = ["interpolate", ["linear"], ["sqrt", ["get", "neighbours"]], 1, crowd === 2 ? 2.6 : 3.6, 7, crowd === 2 ? 5 : 7];
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } } as const;
  const marks: LayerSpecification[] = [
    line(kPairLayers[1]!, false),
    line(kPairLayers[0]!, true),
    { id: "lit-halo", type: "line", source: kLit, layout: { "line-cap": "round" }, paint: { "line-color": token("--surface"), "line-width": 7, "line-opacity": 0.7 } },
    { id: kLit, type: "line", source: kLit, layout: { "line-cap": "round" }, paint: { "line-color": color, "line-width": 3.6 } },
    {
      id: kRing,
      type: "circle",
      source: kRing,
      paint: { "circle-radius": 12, "circle-opacity": 0, "circle-stroke-color": token("--text"), "circle-stroke-width": 2 },
    },
    {
      id: kNodeLayer,
      type: "circle",
      source: kNodes,
      layout: { "circle-sort-key": ["get", "neighbours"] },
      paint: {
        "circle-color": ["case", ["get", "agent"], token("--agent"), token("--muted")],
        "circle-radius": size,
        "circle-stroke-color": ["case", ["get", "agent"], token("--text"), token("--surface")],
        "circle-stroke-width": crowd === 2 ? 0.8 : 1.5,
      },
    },
    {
      id: "link-node-labels",
      type: "symbol",
      source: kNodes,
      minzoom: crowd === 2 ? 10.5 : 7,
      layout: {
        "text-field": ["get", "label"],
        "text-font": kFont,
        "text-size": 11,
        "text-anchor": "top",
        "text-offset": [0, 0.7],
        "text-padding": crowd === 2 ? 16 : 4,
        "symbol-sort-key": ["-", 0, ["get", "neighbours"]],
      },
      paint: { "text-color": token("--text"), "text-halo-color": token("--land"), "text-halo-width": 1.6 },
    },
  ];
  return { ...base, sources: { ...base.sources, [kPairs]: empty, [kLit]: empty, [kNodes]: empty, [kRing]: empty }, layers: [...base.layers, ...marks] };
}
