// The map of the links itself: what touches the map library, which is loaded with this file after the first paint.

import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapMouseEvent } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { bulkBounds } from "../map/features";
import type { LinkFeatures } from "./link_features";
import { kLit, kNodeLayer, kNodes, kPairLayers, kPairs, kRing, linkStyle } from "./link_map_style";

setWorkerUrl(workerUrl);

const kPadding = 56;
const kZoomMax = 12.5;
// How near to a line or a mark the pointer counts as on it, in CSS pixels.
const kReach = 5;

export interface LinkMapEvents {
  node(id: string): void; // a node was clicked
  pair(key: string): void; // a line was clicked
  hover(what: { node?: string; pair?: string } | null, x: number, y: number): void;
}

export class LinkMapView {
  private readonly map: MapLibre;
  private features: LinkFeatures;
  private ego: string | null = null;
  private link: string | null = null; // as in the address
  private over: string | null = null; // a node's id or a pair's key
  private ready = false;
  private moved = false; // by the person: then the view stays

  // Throws when the browser has no WebGL 2.
  constructor(
    box: HTMLElement,
    label: string,
    private readonly events: LinkMapEvents,
    features: LinkFeatures,
  ) {
    this.features = features;
    this.map = new MapLibre({
      container: box,
      style: linkStyle(crowdOf(features)),
      center: [10, 25],
      zoom: 0.5,
      maxZoom: 17,
      attributionControl: false, // the view names the sources
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.getCanvas().setAttribute("aria-label", label);
    this.map.on("style.load", () => {
      this.ready = true;
      this.fill();
      if (!this.moved) this.fit();
    });
    this.map.on("dragstart", () => (this.moved = true));
    this.map.on("wheel", () => (this.moved = true));
    this.map.on("mousemove", (event) => this.onMove(event));
    this.map.on("mouseout", () => this.light(null));
    this.map.on("click", (event) => {
      const { node, pair } = this.at(event);
      if (node) this.events.node(node);
      else if (pair) this.events.pair(pair);
    });
  }

  show(features: LinkFeatures): void {
    if (features === this.features) return;
    const first = this.features.nodes.features.length === 0;
    // How faint lines are depends on how many there are.
    const crowd = crowdOf(features);
    const restyle = crowd !== crowdOf(this.features);
    this.features = features;
    if (restyle) this.restyle();
    else this.fill();
    if (first && !this.moved) this.fit();
  }

  // Looks at what is around this node; null: at all.
  focus(ego: string | null): void {
    if (ego === this.ego) return;
    this.ego = ego;
    this.fill();
    this.fit();
  }

  choose(link: string | null): void {
    this.link = link;
    this.fillLit();
  }

  fit(): void {
    this.moved = false;
    const bounds = bulkBounds(this.features.nodes.features.map((node) => ({ ...node, properties: {} })));
    if (bounds) this.map.fitBounds(bounds, { padding: kPadding, maxZoom: kZoomMax, animate: false });
  }

  // Colours are read anew from the page.
  restyle(): void {
    this.ready = false;
    this.map.setStyle(linkStyle(crowdOf(this.features)), { diff: false });
  }

  destroy(): void {
    this.map.remove();
  }

  private at(event: MapMouseEvent): { node?: string; pair?: string } {
    if (!this.ready) return {};
    const { x, y } = event.point;
    const around: [[number, number], [number, number]] = [
      [x - kReach, y - kReach],
      [x + kReach, y + kReach],
    ];
    const [node] = this.map.queryRenderedFeatures(around, { layers: [kNodeLayer] });
    if (node) return { node: String(node.properties["id"]) };
    const [pair] = this.map.queryRenderedFeatures(around, { layers: kPairLayers });
    return pair ? { pair: String(pair.properties["key"]) } : {};
  }

  private onMove(event: MapMouseEvent): void {
    if (this.map.isMoving()) return;
    const what = this.at(event);
    const over = what.node ?? what.pair ?? null;
    this.light(over);
    this.map.getCanvas().style.cursor = over ? "pointer" : "";
    this.events.hover(over ? what : null, event.point.x, event.point.y);
  }

  private light(over: string | null): void {
    if (over === this.over) return;
    this.over = over;
    if (!over) this.events.hover(null, 0, 0);
    this.fillLit();
  }

  private set(source: string, data: LinkFeatures["pairs"] | LinkFeatures["nodes"]): void {
    void (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
  }

  private fill(): void {
    if (!this.ready) return;
    this.set(kPairs, this.features.pairs);
    this.set(kNodes, this.features.nodes);
    this.set(kRing, { type: "FeatureCollection", features: this.features.nodes.features.filter((node) => node.properties["id"] === this.ego) });
    this.fillLit();
  }

  // The link in the drawer, and the links of what the pointer is over.
  private fillLit(): void {
    if (!this.ready) return;
    const [from, to] = this.link?.split("-") ?? [];
    const lit = this.features.pairs.features.filter(({ properties: { key, a, b } }) => {
      const chosen = (a === from && b === to) || (a === to && b === from);
      return chosen || (this.over !== null && [key, a, b].includes(this.over));
    });
    this.set(kLit, { type: "FeatureCollection", features: lit });
  }
}

// 0: few lines, 1: many, 2: thousands.
function crowdOf(features: LinkFeatures): 0 | 1 | 2 {
  const count = features.pairs.features.length;
  return count > 1500 ? 2 : count > 300 ? 1 : 0;
}
