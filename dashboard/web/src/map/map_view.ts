// The map itself: everything that touches the map library, which is loaded with this file after the first paint.

import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapMouseEvent, type Point } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { HeardWay } from "../logic/heard_ways";
import type { MapPlace } from "../logic/map_choice";
import { bulkBounds, scaleBar, type PointCollection, type ScaleBar } from "./features";
import { hitAt, type Hit } from "./hits";
import { addMarks, drawMissing, readPalette, type Palette } from "./marks";
import { kNoData, kOverlays, type Overlay, type OverlayData } from "./overlays";
import { Pulses, type Place } from "./pulses";
import { kZoomOffset, type MapStart } from "./start";
import { kAgents, kNodes, kSelection, makeStyle } from "./style";

setWorkerUrl(workerUrl);

// Fewer nodes than this are shown one by one, however near to each other.
const kClusterFrom = 150;
const kScaleLimit = 90; // CSS pixels
const kEarthMeters = 40_075_016.7;
const kTileSize = 512;
const kEmpty: PointCollection = { type: "FeatureCollection", features: [] };
const kNearZoom = 10; // from which a node is told from its neighbours

// What stands over the map at its edges, in CSS pixels: what is shown is shown between.
export interface Edges {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface MapEvents {
  open(hit: Hit): void;
  // What the pointer is over, at this place of the map's box; null: nothing.
  hover(hit: Hit | null, x: number, y: number): void;
  scale(bar: ScaleBar): void;
  // Where the map stands, after each move; `chosen`: by the person, and it is not the view of all.
  moved?(place: MapPlace, chosen: boolean): void;
}

export class MapView {
  private readonly map: MapLibre;
  private readonly pulses: Pulses;
  private palette: Palette = readPalette();
  private nodes: PointCollection = kEmpty;
  private agents: PointCollection = kEmpty;
  private readonly places = new Map<string, Place>();
  private readonly agentPlaces = new Map<string, Place>();
  private readonly overlays = new Map<Overlay, OverlayData>();
  private selected: string | null = null;
  private followed: string | null = null;
  private followedPlace: Place | undefined; // where it was when the map went there
  private clustered = false;
  private start: MapStart | null = null;
  private placed = false; // the view was set to where the nodes are, by the configuration, or by the person
  private moved = false; // by the person: then it stays
  private ready = false;
  private pointer: Point | null = null; // where it is, not looked at yet
  private edges: Edges = { top: 40, left: 40, right: 56, bottom: 80 };

  // Throws when the browser has no WebGL 2.
  constructor(
    box: HTMLElement,
    label: string,
    private readonly events: MapEvents,
    place: MapPlace | null = null, // where it stands from the start; null: as configured, or where the nodes are
  ) {
    this.moved = this.placed = place !== null;
    this.map = new MapLibre({
      container: box,
      style: makeStyle(),
      center: place ? [place.longitude, place.latitude] : [10, 25],
      zoom: place ? Math.max(0, place.zoom - kZoomOffset) : 1,
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
    // Moves of the person come with the event that made them.
    this.map.on("movestart", (event) => {
      if (event.originalEvent) this.onMoved();
      this.tellHover(null, 0, 0); // it moves away from under the pointer
    });
    this.map.on("moveend", () => this.tellPlace());
    this.map.on("mousemove", (event) => this.onPointer(event.point));
    this.map.on("mouseout", () => this.onPointer(null));
    this.map.on("click", (event) => void this.onClick(event));
    this.tellScale();
  }

  setNodes(nodes: PointCollection): void {
    this.nodes = nodes;
    this.places.clear();
    for (const { properties, geometry } of nodes.features) this.places.set(String(properties["id"]), geometry.coordinates);
    this.goAfter();
    const clustered = nodes.features.length >= kClusterFrom;
    if (clustered !== this.clustered) {
      this.clustered = clustered;
      this.cluster();
    }
    this.fill(kNodes, nodes);
    this.select(this.selected);
    this.placeOnce();
  }

  setAgents(agents: PointCollection): void {
    this.agents = agents;
    this.agentPlaces.clear();
    for (const { properties, geometry } of agents.features) this.agentPlaces.set(String(properties["id"]), geometry.coordinates);
    this.fill(kAgents, agents);
    this.placeOnce();
  }

  setOverlay(name: Overlay, data: OverlayData): void {
    this.overlays.set(name, data);
    this.fill(name, data);
  }

  setEdges(edges: Edges): void {
    this.edges = edges;
  }

  select(id: string | null): void {
    this.selected = id;
    const found = id ? this.nodes.features.filter((f) => f.properties["id"] === id) : [];
    this.fill(kSelection, { type: "FeatureCollection", features: found });
  }

  // Brings a node into view if it is not.
  reveal(id: string): void {
    const place = this.places.get(id);
    if (!place || this.inSight(place)) return;
    this.onMoved();
    this.map.easeTo({ center: place, offset: this.middle(), zoom: Math.max(this.map.getZoom(), kNearZoom) });
  }

  // Keeps a node in the middle from now on, as near as the map is; null: none.
  follow(id: string | null): void {
    this.followed = id;
    this.followedPlace = undefined;
    this.goAfter();
  }

  // A ring around the sender of each packet that was just heard; of a sender without a place, around who heard it.
  pulse(heard: { from: string; agent: string | null }[]): void {
    this.pulses.add(heard.map(({ from, agent }) => this.places.get(from) ?? this.agentPlaces.get(agent ?? "")).filter((place) => place !== undefined));
  }

  // A line from each node to the agent that just heard it.
  arc(heard: HeardWay[]): void {
    this.pulses.addArcs(
      heard.flatMap(({ node, agent }) => {
        const from = this.places.get(node);
        const to = this.agentPlaces.get(agent);
        return from && to ? [{ from, to }] : [];
      }),
    );
  }

  // Colours are read anew from the page.
  restyle(): void {
    this.palette = readPalette();
    this.ready = false;
    this.map.setStyle(makeStyle(), { diff: false });
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

  // To a place that the address names.
  setPlace({ latitude, longitude, zoom }: MapPlace): void {
    this.onMoved();
    this.map.jumpTo({ center: [longitude, latitude], zoom: Math.max(0, zoom - kZoomOffset) });
  }

  // Everything into view; without anything the start.
  fit(animate = true): void {
    this.moved = false;
    const bounds = bulkBounds([...this.nodes.features, ...this.agents.features]);
    if (!bounds) this.goToStart();
    else this.map.fitBounds(bounds, { padding: this.roomyEdges(), maxZoom: 12.5, animate });
  }

  destroy(): void {
    this.pulses.destroy();
    this.map.remove();
  }

  private onStyle(): void {
    addMarks(this.map, this.palette);
    this.pulses.setColors(this.palette.text, this.palette.agent);
    this.ready = true;
    if (this.clustered) this.cluster();
    this.fill(kNodes, this.nodes);
    this.fill(kAgents, this.agents);
    for (const name of kOverlays) this.fill(name, this.overlays.get(name) ?? kNoData);
    this.select(this.selected);
    this.placeOnce();
  }

  private cluster(): void {
    if (this.ready) void (this.map.getSource(kNodes) as GeoJSONSource | undefined)?.setClusterOptions({ cluster: this.clustered });
  }

  private fill(source: string, data: PointCollection | OverlayData): void {
    if (this.ready) void (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
  }

  private goAfter(): void {
    const place = this.followed ? this.places.get(this.followed) : undefined;
    const before = this.followedPlace;
    if (!place || (before?.[0] === place[0] && before[1] === place[1])) return;
    this.followedPlace = place;
    this.onMoved();
    this.map.easeTo({ center: place, offset: this.middle() });
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

  // A box that is smaller than what stands at its edges has room for nothing: then they do not count.
  private roomyEdges(): Edges {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const { left, right, top, bottom } = this.edges;
    return left + right + 80 < width && top + bottom + 80 < height ? this.edges : { top: 30, right: 30, bottom: 30, left: 30 };
  }

  // The middle of what can be seen, from the middle of the box.
  private middle(): [number, number] {
    const { left, right, top, bottom } = this.roomyEdges();
    return [(left - right) / 2, (top - bottom) / 2];
  }

  private inSight(place: Place): boolean {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const { left, right, top, bottom } = this.roomyEdges();
    const { x, y } = this.map.project(place);
    return x > left && x < width - right && y > top && y < height - bottom;
  }

  private tellScale(): void {
    const { lat } = this.map.getCenter();
    const metersPerPixel = (kEarthMeters * Math.cos((lat * Math.PI) / 180)) / (kTileSize * 2 ** this.map.getZoom());
    this.events.scale(scaleBar(metersPerPixel, kScaleLimit));
  }

  private tellPlace(): void {
    const { lat, lng } = this.map.getCenter().wrap();
    this.events.moved?.({ latitude: lat, longitude: lng, zoom: this.map.getZoom() + kZoomOffset }, this.moved);
  }

  // Looked at once a frame at most.
  private onPointer(point: Point | null): void {
    const waits = this.pointer !== null;
    this.pointer = point;
    if (point === null) this.tellHover(null, 0, 0);
    else if (!waits) {
      requestAnimationFrame(() => {
        const at = this.pointer;
        this.pointer = null;
        if (at && this.ready) this.tellHover(hitAt(this.map, at), at.x, at.y);
      });
    }
  }

  private tellHover(hit: Hit | null, x: number, y: number): void {
    this.map.getCanvas().style.cursor = hit && hit.kind !== "hexes" ? "pointer" : "";
    this.events.hover(hit?.kind === "cluster" ? null : hit, x, y);
  }

  private async onClick(event: MapMouseEvent): Promise<void> {
    const hit = this.ready ? hitAt(this.map, event.point) : null;
    if (hit?.kind !== "cluster") {
      // A finger does not hover: of what does not open, the touch tells.
      this.events.hover(hit?.kind === "hexes" ? hit : null, event.point.x, event.point.y);
      if (hit) this.events.open(hit);
      return;
    }
    this.onMoved();
    const source = this.map.getSource(kNodes) as GeoJSONSource;
    const zoom = await source.getClusterExpansionZoom(hit.index);
    this.map.easeTo({ center: hit.place!, offset: this.middle(), zoom: zoom + 0.3 });
  }
}
