// The map itself: everything that touches the map library, which is loaded with this file after the first paint.

import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapMouseEvent } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { bulkBounds, scaleBar, type PointCollection, type ScaleBar } from "./features";
import { addMarks, drawMissing, readPalette, type Palette } from "./marks";
import { Pulses } from "./pulses";
import type { MapStart } from "./start";
import { kAgentLayer, kAgents, kClusterLayer, kNodeLayer, kNodes, kSelection, makeStyle } from "./style";

setWorkerUrl(workerUrl);

// Fewer nodes than this are shown one by one, however near to each other.
const kClusterFrom = 150;
// Room for the tools and, at the bottom, the legend.
const kFitPadding = { top: 40, left: 40, right: 56, bottom: 80 };
const kScaleLimit = 90; // CSS pixels
const kEarthMeters = 40_075_016.7;
const kTileSize = 512;
const kEmpty: PointCollection = { type: "FeatureCollection", features: [] };

export interface MapEvents {
  openNode(id: string): void;
  openAgent(id: string): void;
  // The pointer is over a node or an agent, at this place of the map's box; null: over neither.
  hover(id: string | null, kind: "node" | "agent", x: number, y: number): void;
  scale(bar: ScaleBar): void;
}

export class MapView {
  private readonly map: MapLibre;
  private readonly pulses: Pulses;
  private palette: Palette = readPalette();
  private nodes: PointCollection = kEmpty;
  private agents: PointCollection = kEmpty;
  private selected: string | null = null;
  private clustered = false;
  private start: MapStart | null = null;
  private placed = false; // the view was set to where the nodes are, by the configuration, or by the person
  private moved = false; // by the person: then it stays
  private ready = false;

  // Throws when the browser has no WebGL 2.
  constructor(
    box: HTMLElement,
    label: string,
    private readonly events: MapEvents,
  ) {
    this.map = new MapLibre({
      container: box,
      style: makeStyle(false),
      center: [10, 25],
      zoom: 1,
      minZoom: 0.5,
      maxZoom: 17,
      attributionControl: false, // the panel names the sources
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 150,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.getCanvas().setAttribute("aria-label", label);
    this.pulses = new Pulses(box, (place) => this.map.project(place));
    this.map.on("style.load", () => this.onStyle());
    this.map.setMissingStyleImageResolver((id) => drawMissing(this.map, id, this.palette));
    this.map.on("move", () => this.tellScale());
    this.map.on("dragstart", () => this.onMoved());
    this.map.on("wheel", () => this.onMoved());
    for (const layer of [kNodeLayer, kAgentLayer, kClusterLayer]) {
      this.map.on("mousemove", layer, (event) => this.onHover(event, layer));
      this.map.on("mouseleave", layer, () => this.onLeave());
    }
    this.map.on("click", (event) => void this.onClick(event));
    this.tellScale();
  }

  setNodes(nodes: PointCollection): void {
    this.nodes = nodes;
    const clustered = nodes.features.length >= kClusterFrom;
    if (clustered !== this.clustered) {
      this.clustered = clustered;
      this.restyle();
      return;
    }
    this.fill(kNodes, nodes);
    this.select(this.selected);
    this.placeOnce();
  }

  setAgents(agents: PointCollection): void {
    this.agents = agents;
    this.fill(kAgents, agents);
    this.placeOnce();
  }

  select(id: string | null): void {
    this.selected = id;
    const found = id ? this.nodes.features.filter((f) => f.properties["id"] === id) : [];
    this.fill(kSelection, { type: "FeatureCollection", features: found });
  }

  // Brings a node into view if it is not.
  reveal(id: string): void {
    const place = this.placeOf(id);
    if (!place || this.map.getBounds().contains(place)) return;
    this.onMoved();
    this.map.easeTo({ center: place, zoom: Math.max(this.map.getZoom(), 10) });
  }

  // A ring around each of these nodes: a packet of theirs was just heard.
  pulse(ids: string[]): void {
    const places = ids.map((id) => this.placeOf(id)).filter((place) => place !== undefined);
    this.pulses.add(places);
  }

  // Colours are read anew from the page.
  restyle(): void {
    this.palette = readPalette();
    this.ready = false;
    this.map.setStyle(makeStyle(this.clustered), { diff: false });
  }

  zoom(steps: number): void {
    this.onMoved();
    this.map.zoomTo(this.map.getZoom() + steps);
  }

  // Where the map begins by the configuration: before any node has a position, or with `force` always.
  setStart(start: MapStart): void {
    this.start = start;
    if (this.moved || (this.placed && !start.force)) return;
    this.placed ||= start.force;
    this.goToStart();
  }

  // Everything into view; without anything the start.
  fit(animate = true): void {
    const bounds = bulkBounds([...this.nodes.features, ...this.agents.features]);
    if (!bounds) this.goToStart();
    else this.map.fitBounds(bounds, { padding: kFitPadding, maxZoom: 12.5, animate });
  }

  destroy(): void {
    this.pulses.destroy();
    this.map.remove();
  }

  private onStyle(): void {
    addMarks(this.map, this.palette);
    this.pulses.setColor(this.palette.text);
    this.ready = true;
    this.fill(kNodes, this.nodes);
    this.fill(kAgents, this.agents);
    this.select(this.selected);
    this.placeOnce();
  }

  private fill(source: string, data: PointCollection): void {
    if (this.ready) void (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
  }

  private placeOf(id: string): [number, number] | undefined {
    return this.nodes.features.find((f) => f.properties["id"] === id)?.geometry.coordinates;
  }

  private onMoved(): void {
    this.moved = true;
    this.placed = true;
  }

  private goToStart(): void {
    if (this.start) this.map.jumpTo({ center: [this.start.longitude, this.start.latitude], zoom: this.start.zoom });
  }

  // The first nodes decide the view, unless it was decided already; from then on it is the person's.
  private placeOnce(): void {
    if (this.placed || !this.ready || this.nodes.features.length === 0) return;
    this.placed = true;
    this.fit(false);
  }

  private tellScale(): void {
    const { lat } = this.map.getCenter();
    const metersPerPixel = (kEarthMeters * Math.cos((lat * Math.PI) / 180)) / (kTileSize * 2 ** this.map.getZoom());
    this.events.scale(scaleBar(metersPerPixel, kScaleLimit));
  }

  private onHover(event: MapMouseEvent & { features?: { properties: Record<string, unknown> }[] }, layer: string): void {
    this.map.getCanvas().style.cursor = "pointer";
    const id = event.features?.[0]?.properties["id"];
    if (typeof id === "string") this.events.hover(id, layer === kAgentLayer ? "agent" : "node", event.point.x, event.point.y);
  }

  private onLeave(): void {
    this.map.getCanvas().style.cursor = "";
    this.events.hover(null, "node", 0, 0);
  }

  private async onClick(event: MapMouseEvent): Promise<void> {
    const [hit] = this.map.queryRenderedFeatures(event.point, { layers: [kAgentLayer, kClusterLayer, kNodeLayer] });
    if (!hit) return;
    if (hit.layer.id === kAgentLayer) this.events.openAgent(String(hit.properties["id"]));
    else if (hit.layer.id === kNodeLayer) this.events.openNode(String(hit.properties["id"]));
    else {
      this.onMoved();
      const source = this.map.getSource(kNodes) as GeoJSONSource;
      const zoom = await source.getClusterExpansionZoom(Number(hit.properties["cluster_id"]));
      const geometry = hit.geometry as { coordinates: [number, number] };
      this.map.easeTo({ center: geometry.coordinates, zoom: zoom + 0.3 });
    }
  }
}
