// What a person chose on the map, as the address says it: which nodes, which layers, how far back, and where the map stands.

import type { Micros, Node } from "../api/types";
import { ageOf, kAges, kShapes, shapeOf, type Age, type Shape } from "./roles";

export const kLayers = ["agents", "links", "traceroutes", "trails", "precision", "heat", "hexes"] as const;
export type Layer = (typeof kLayers)[number];

export const kSpans = ["1h", "6h", "1d", "7d"] as const;
export type Span = (typeof kSpans)[number];

export type HexMeasure = "snr" | "count";

const kNone = "none";
const kLayersAtFirst: Layer[] = ["agents"];
const kSpanAtFirst: Span = "1d";

// The address says roles in words, the map in shapes.
const kRoleWords: Record<Shape, string> = { circle: "client", square: "base", triangle: "router", diamond: "tracker", hexagon: "sensor" };

const listed = (text: string | undefined) => new Set((text ?? "").split(","));

export interface MapChoice {
  roles: Set<Shape>; // none: all
  ages: Set<Age>; // none: all
  layers: Set<Layer>;
  span: Span;
  hexMeasure: HexMeasure;
}

export function mapChoice(options: Record<string, string>): MapChoice {
  const roles = listed(options["roles"]);
  const ages = listed(options["ages"]);
  const layers = listed(options["layers"]);
  return {
    roles: new Set(kShapes.filter((shape) => roles.has(kRoleWords[shape]))),
    ages: new Set(kAges.filter((age) => ages.has(age))),
    layers: new Set(options["layers"] ? kLayers.filter((layer) => layers.has(layer)) : kLayersAtFirst),
    span: kSpans.find((span) => span === options["since"]) ?? kSpanAtFirst,
    hexMeasure: options["hexby"] === "count" ? "count" : "snr",
  };
}

function toggled<T>(set: Set<T>, value: T): Set<T> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

// The options of the address with one of the choices changed to the other way.
export function withRole(choice: MapChoice, shape: Shape): Record<string, string> {
  const next = toggled(choice.roles, shape);
  return { roles: kShapes.filter((each) => next.has(each)).map((each) => kRoleWords[each]).join() };
}

export function withAge(choice: MapChoice, age: Age): Record<string, string> {
  const next = toggled(choice.ages, age);
  return { ages: kAges.filter((each) => next.has(each)).join() };
}

export function withLayer(choice: MapChoice, layer: Layer): Record<string, string> {
  const next = toggled(choice.layers, layer);
  const text = kLayers.filter((each) => next.has(each)).join();
  return { layers: text === kLayersAtFirst.join() ? "" : text || kNone };
}

export const withSpan = (span: Span): Record<string, string> => ({ since: span === kSpanAtFirst ? "" : span });
export const withHexMeasure = (measure: HexMeasure): Record<string, string> => ({ hexby: measure === "snr" ? "" : measure });

export interface Filtered {
  nodes: Node[];
  roles: Record<Shape, number>; // of nodes with a chosen age
  ages: Record<Age, number>; // of nodes with a chosen role
}

const counters = <Key extends string>(keys: Key[]) => Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;

// The nodes that the legend lets through, and how many each of its entries stands for: the others are chosen as they are.
export function filterNodes(nodes: Iterable<Node>, choice: MapChoice, now: Micros): Filtered {
  const found: Filtered = { nodes: [], roles: counters(kShapes), ages: counters(kAges) };
  for (const node of nodes) {
    const shape = shapeOf(node.role);
    const age = ageOf(node.last_heard_us, now);
    const roleHolds = choice.roles.size === 0 || choice.roles.has(shape);
    const ageHolds = choice.ages.size === 0 || choice.ages.has(age);
    if (ageHolds) found.roles[shape]++;
    if (roleHolds) found.ages[age]++;
    if (roleHolds && ageHolds) found.nodes.push(node);
  }
  return found;
}

// Where the map stands.
export interface MapPlace {
  latitude: number;
  longitude: number;
  zoom: number; // as web maps count it, as in the server's configuration
}

const kLatitudeMax = 85;
const kZoomMax = 22;

export function placeText({ latitude, longitude, zoom }: MapPlace): string {
  // A pixel at zoom 12 is 38 m; the fourth digit is 11 m.
  const digits = zoom < 12 ? 4 : 6;
  const short = (value: number, most: number) => String(Number(value.toFixed(most)));
  return [short(latitude, digits), short(longitude, digits), short(zoom, 2)].join();
}

// Null: the text is no place on a map.
export function parsePlace(text: string | undefined): MapPlace | null {
  if (!text || !/^-?\d+(\.\d+)?,-?\d+(\.\d+)?,\d+(\.\d+)?$/.test(text)) return null;
  const [latitude, longitude, zoom] = text.split(",").map(Number) as [number, number, number];
  if (Math.abs(latitude) > kLatitudeMax || Math.abs(longitude) > 180 || zoom > kZoomMax) return null;
  return { latitude, longitude, zoom };
}
