// The small map itself: what touches the map library.

import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type LayerSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { bulkBounds } from "./features";
import type { MiniLine, MiniPoint } from "./mini_map";
import { kFont, makeBaseStyle } from "./style";

setWorkerUrl(workerUrl);

const kPoints = "points";
const kLines = "lines";
const kAreas = "areas";
const kPadding = 36;
const kZoomMax = 12.5;
const kCircleCorners = 48;
const kMetersPerDegree = 111_320;

function layers(token: (name: string) => string): LayerSpecification[] {
  return [
    { id: kAreas, type: "fill", source: kAreas, paint: { "fill-color": ["get", "color"], "fill-opacity": 0.14 } },
    {
      id: kLines,
      type: "line",
      source: kLines,
      filter: ["!", ["get", "dashed"]],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ["get", "color"], "line-width": ["get", "width"] },
    },
    {
      id: `${kLines}-dashed`,
      type: "line",
      source: kLines,
      filter: ["get", "dashed"],
      paint: { "line-color": ["get", "color"], "line-width": ["get", "width"], "line-dasharray": [2, 2] },
    },
    {
      id: kPoints,
      type: "circle",
      source: kPoints,
      paint: { "circle-color": ["get", "color"], "circle-radius": ["get", "size"], "circle-stroke-color": token("--surface"), "circle-stroke-width": 1.5 },
    },
    {
      id: `${kPoints}-labels`,
      type: "symbol",
      source: kPoints,
      layout: { "text-field": ["get", "label"], "text-font": kFont, "text-size": 11, "text-anchor": "top", "text-offset": [0, 0.7], "text-optional": true },
      paint: { "text-color": token("--text"), "text-halo-color": token("--land"), "text-halo-width": 1.4 },
    },
  ];
}

function circle(longitude: number, latitude: number, meters: number): [number, number][] {
  const north = meters / kMetersPerDegree;
  const east = north / Math.max(0.01, Math.cos((latitude * Math.PI) / 180));
  return Array.from({ length: kCircleCorners + 1 }, (_, i) => {
    const angle = (i * 2 * Math.PI) / kCircleCorners;
    return [longitude + east * Math.cos(angle), latitude + north * Math.sin(angle)];
  });
}

type Feature = Extract<Parameters<GeoJSONSource["setData"]>[0], { type: "FeatureCollection" }>["features"][number];

export class MiniMapView {
  private readonly map: MapLibre;
  private points: MiniPoint[] = [];
  private lines: MiniLine[] = [];
  private ready = false;
  private moved = false; // by the person: then the view stays

  // Throws when the browser has no WebGL 2.
  constructor(box: HTMLElement, label: string) {
    this.map = new MapLibre({
      container: box,
      style: this.style(),
      center: [10, 25],
      zoom: 0.5,
      maxZoom: 16,
      attributionControl: false, // the panel names the sources
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      cooperativeGestures: true, // it stands in a page that is scrolled
      fadeDuration: 0,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.getCanvas().setAttribute("aria-label", label);
    this.map.on("style.load", () => {
      this.ready = true;
      this.fill();
      this.fit();
    });
    this.map.on("dragstart", () => (this.moved = true));
    this.map.on("click", kPoints, (event) => {
      const index = event.features?.[0]?.properties["index"] as number | undefined;
      if (index !== undefined) this.points[index]?.open?.();
    });
    this.map.on("mousemove", kPoints, () => (this.map.getCanvas().style.cursor = "pointer"));
    this.map.on("mouseleave", kPoints, () => (this.map.getCanvas().style.cursor = ""));
  }

  show(points: MiniPoint[], lines: MiniLine[]): void {
    this.points = points;
    this.lines = lines;
    this.fill();
    if (!this.moved) this.fit();
  }

  // Colours are read anew from the page.
  restyle(): void {
    this.ready = false;
    this.map.setStyle(this.style(), { diff: false });
  }

  destroy(): void {
    this.map.remove();
  }

  private token(name: string): string {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  private style() {
    const base = makeBaseStyle();
    const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } } as const;
    return {
      ...base,
      sources: { ...base.sources, [kPoints]: empty, [kLines]: empty, [kAreas]: empty },
      layers: [...base.layers, ...layers((name) => this.token(name))],
    };
  }

  private fill(): void {
    if (!this.ready) return;
    const set = (source: string, features: Feature[]) =>
      void (this.map.getSource(source) as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features });
    const color = (name: string | undefined) => this.token(name ?? "--accent");
    set(
      kPoints,
      this.points.map((point, index) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: [point.longitude, point.latitude] },
        properties: { index, label: point.label ?? "", color: color(point.color), size: point.size ?? 5 },
      })),
    );
    set(
      kAreas,
      this.points
        .filter((point) => point.aroundMeters)
        .map((point) => ({
          type: "Feature",
          geometry: { type: "Polygon", coordinates: [circle(point.longitude, point.latitude, point.aroundMeters!)] },
          properties: { color: color(point.color) },
        })),
    );
    set(
      kLines,
      this.lines.map((line) => ({
        type: "Feature",
        geometry: { type: "LineString", coordinates: line.places },
        properties: { color: color(line.color), width: line.width ?? 2, dashed: line.dashed ?? false },
      })),
    );
  }

  private fit(): void {
    const bounds = bulkBounds(
      this.points.map((point) => ({ type: "Feature", geometry: { type: "Point", coordinates: [point.longitude, point.latitude] }, properties: {} })),
    );
    if (bounds) this.map.fitBounds(bounds, { padding: kPadding, maxZoom: kZoomMax, animate: false });
  }
}
