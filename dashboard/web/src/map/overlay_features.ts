// What the layers show, as the map draws it. Pure. `index` leads from what is under the pointer back to the data.

import type { Traceroute } from "../api/map";
import type { Node } from "../api/types";
import { countClass, hexCorners, type Heard, type Hexagon, type Place } from "../logic/hexagons";
import type { HexMeasure } from "../logic/map_choice";
import type { MapLink } from "../logic/map_links";
import { pixelsAtZoomZero, precisionMeters } from "../logic/precision";
import { routeLines } from "../logic/route_lines";
import { snrGrade } from "../logic/signal";
import type { Trail } from "../logic/tracks";
import type { OverlayData, OverlayFeature } from "./overlays";

export type PlaceOf = (id: string) => Place | undefined;

// More than can be told apart on a screen; bounds what a browser has to draw.
const kLinksMax = 20_000;

const kLargeMeters = 1_500;
const kDenseLinks = 1_000;

const collection = (features: OverlayFeature[]): OverlayData => ({ type: "FeatureCollection", features });
const line = (places: Place[], properties: OverlayFeature["properties"]): OverlayFeature => ({
  type: "Feature",
  geometry: { type: "LineString", coordinates: places },
  properties,
});
const point = (place: Place, properties: OverlayFeature["properties"]): OverlayFeature => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: place },
  properties,
});
const placeOfNode = (node: Node): Place => [node.position!.longitude, node.position!.latitude];

// Links between what is shown, and all of `selected`, which stand out.
export function linkFeatures(links: MapLink[], shown: Set<string>, placeOf: PlaceOf, selected: string | null): OverlayData {
  const features: OverlayFeature[] = [];
  for (const [index, { from, to, grade, twoWay }] of links.entries()) {
    const isOfSelected = from === selected || to === selected;
    if (!isOfSelected && !(shown.has(from) && shown.has(to))) continue;
    const [a, b] = [placeOf(from), placeOf(to)];
    if (!a || !b) continue;
    features.push(line([a, b], { index, grade, beside: twoWay, pale: selected !== null && !isOfSelected }));
    if (features.length === kLinksMax) break;
  }
  // Where there are many, each is fainter, so that the map stays to be seen.
  const dense = features.length >= kDenseLinks;
  for (const { properties } of features) properties["dense"] = dense && (selected === null || properties["pale"] === true);
  return collection(features);
}

export function trailFeatures(trails: Trail[], shown: Set<string>, selected: string | null): OverlayData {
  return collection(
    trails.flatMap(({ id, places }, index) => (shown.has(id) ? [line(places, { index, pale: selected !== null && selected !== id })] : [])),
  );
}

// Newest first: older ones are paler.
export function routeFeatures(routes: Traceroute[], placeOf: PlaceOf): OverlayData {
  return collection(
    routes.flatMap(({ towards, back }, index) => {
      const rank = index / Math.max(1, routes.length - 1);
      const way = (hops: Traceroute["towards"], isBack: boolean) =>
        routeLines(hops, placeOf).map(({ places, whole }) => line(places, { index, whole, back: isBack, rank }));
      return [...way(towards, false), ...way(back ?? [], true)];
    }),
  );
}

export function precisionFeatures(nodes: Node[]): OverlayData {
  return collection(
    nodes.flatMap((node) => {
      const meters = precisionMeters(node.position!.precision_bits);
      return meters === null ? [] : [point(placeOfNode(node), { pixels: pixelsAtZoomZero(meters, node.position!.latitude), large: meters > kLargeMeters })];
    }),
  );
}

// The busiest node weighs 1. A root lets the others be seen, too.
export function heatFeatures(nodes: Node[]): OverlayData {
  const most = nodes.reduce((sofar, node) => Math.max(sofar, node.packets), 1);
  return collection(nodes.filter((node) => node.packets > 0).map((node) => point(placeOfNode(node), { weight: Math.sqrt(node.packets / most) })));
}

export function hexFeatures(hexagons: Hexagon[], radius: number, measure: HexMeasure): OverlayData {
  return collection(
    hexagons.map((hexagon, index) => ({
      type: "Feature",
      geometry: { type: "Polygon", coordinates: [hexCorners(hexagon, radius)] },
      properties: measure === "count" ? { index, step: countClass(hexagon.count) } : { index, grade: hexagon.snr === null ? "unknown" : snrGrade(hexagon.snr) },
    })),
  );
}

// What the chosen agent hears.
export interface Hears {
  id: string; // the node
  snr: number | null; // of what its radio got without a hop between; null: not told, or there was a hop
  direct: boolean;
}

export function hearsOf(ids: string[], direct: Map<string, Heard>): Hears[] {
  return ids.map((id) => ({ id, snr: direct.get(id)?.snr ?? null, direct: direct.has(id) }));
}

export function hearsFeatures(hears: Hears[], shown: Set<string>, agent: Place, placeOf: PlaceOf): OverlayData {
  return collection(
    hears.flatMap(({ id, snr }, index) => {
      const place = shown.has(id) ? placeOf(id) : undefined;
      return place ? [line([place, agent], { index, grade: snr === null ? "unknown" : snrGrade(snr), beside: false, pale: false, dense: false })] : [];
    }),
  );
}
