// Asks for what the chosen layers show, and hands it to the map. A layer that is not chosen asks for nothing.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { getNodeIds } from "../api/client";
import { getMapLinks, getRoutes, getTrails, type Traceroute, type TrailsAnswer } from "../api/map";
import type { Node } from "../api/types";
import { useAnswer } from "../details/use_answer";
import { binHexagons, hexRadius, type Hexagon, type Place } from "../logic/hexagons";
import type { MapChoice } from "../logic/map_choice";
import { heardDirectly, mergeLinks, type MapLink } from "../logic/map_links";
import { agentList, nodes, now } from "../state/store";
import { view } from "../state/url";
import { hasPlace } from "./features";
import type { MapView } from "./map_view";
import {
  hearsFeatures,
  hearsOf,
  heatFeatures,
  hexFeatures,
  linkFeatures,
  precisionFeatures,
  routeFeatures,
  trailFeatures,
  type Hears,
} from "./overlay_features";
import { kNoData, type Overlay, type OverlayData } from "./overlays";

const kAskAgainMs = 60_000;
// Layers of many nodes take long to draw: for this long they stay, a second for 500 nodes.
const kSteadyMsPerNode = 2;
// Middle to corner, in CSS pixels, at a whole zoom.
const kHexPixels = 26;

// What the map shows now, for those who tell of it.
export interface Overlays {
  links: MapLink[];
  linksLoaded: boolean;
  routes: Traceroute[];
  routesLoaded: boolean;
  trails: TrailsAnswer | null;
  hexagons: Hexagon[];
  hears: Hears[];
  drawn: Record<Overlay, number>; // features
  errors: Partial<Record<"links" | "routes" | "trails" | "hears", string>>;
}

const kNoLinks: MapLink[] = [];
const kNoHears: Hears[] = [];
const nothing = async () => null;

// The agents' radios that do not tell where they are: they stand where their agents do.
function radioPlaces(): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { radio, location } of agentList.peek()) {
    const node = radio.id ? nodes.get(radio.id) : undefined;
    if (!radio.id || (node && hasPlace(node)) || location?.latitude == null || location.longitude == null) continue;
    places.set(radio.id, [location.longitude, location.latitude]);
  }
  return places;
}

function placesNow(): (id: string) => Place | undefined {
  const radios = radioPlaces();
  return (id) => {
    const node = nodes.get(id);
    return node && hasPlace(node) ? [node.position!.longitude, node.position!.latitude] : radios.get(id);
  };
}

const withRadios = (shown: Set<string>) => new Set([...shown, ...radioPlaces().keys()]);

// The agent's own place, else that of its radio.
export function placeOfAgent(id: string): Place | undefined {
  const agent = agentList.peek().find((each) => each.id === id);
  const { latitude, longitude } = agent?.location ?? {};
  if (latitude != null && longitude != null) return [longitude, latitude];
  return agent?.radio.id ? placesNow()(agent.radio.id) : undefined;
}

// Quoted, so that a name of several words is one.
const askedOf = (agent: string) => `agent:"${agent.replaceAll('"', "")}"`;

function useOverlay(map: MapView | null, name: Overlay, make: () => OverlayData, inputs: unknown[]): number {
  const data = useMemo(make, inputs);
  useEffect(() => map?.setOverlay(name, data), [map, data]);
  return data.features.length;
}

const isSamePlace = (a: Node, b: Node | undefined) =>
  a.id === b?.id && a.position!.latitude === b.position!.latitude && a.position!.longitude === b.position!.longitude;

// The same list as long as the same nodes stand at the same places, and of many for a while: then nothing needs to be drawn
// anew. What else is told of them may be as old as `turn`. Other nodes that a person asked for (`chosen`) come at once.
function useSteady(placed: Node[], turn: number, chosen: string): Node[] {
  const kept = useRef({ placed, turn, chosen, at: performance.now() });
  const { placed: before, turn: since, at } = kept.current;
  const asked = since !== turn || kept.current.chosen !== chosen;
  const rests = before.length > 0 && performance.now() < at + before.length * kSteadyMsPerNode;
  const same = () => before.length === placed.length && placed.every((node, i) => isSamePlace(node, before[i]));
  if (asked || !(rests || same())) kept.current = { placed, turn, chosen, at: performance.now() };
  return kept.current.placed;
}

// `nodesShown`: all with a position, as `chosen` by the person.
export function useOverlays(map: MapView | null, choice: MapChoice, nodesShown: Node[], chosen: string, zoom: number): Overlays {
  const { span } = choice;
  const { agent, node: selected } = view.value;
  const has = (layer: Parameters<typeof choice.layers.has>[0]) => choice.layers.has(layer);
  const turn = Math.floor(now.value / (kAskAgainMs * 1000));
  const placed = useSteady(nodesShown, turn, chosen);
  const hearing = has("agents") && agent ? agent : null;
  const needsLinks = has("links") || has("hexes") || hearing !== null;

  const links = useAnswer(needsLinks ? (signal) => getMapLinks(span, signal) : nothing, needsLinks && `${span} ${turn}`);
  const routes = useAnswer(has("traceroutes") ? getRoutes : nothing, has("traceroutes") && turn);
  const trails = useAnswer(has("trails") ? (signal) => getTrails(span, signal) : nothing, has("trails") && `${span} ${turn}`);
  const heard = useAnswer(hearing ? async (signal) => ({ agent: hearing, ids: await getNodeIds(askedOf(hearing), signal) }) : nothing, hearing && `${hearing} ${turn}`);

  const rows = needsLinks ? links.data : null;
  const merged = useMemo(() => (rows ? mergeLinks(rows) : kNoLinks), [rows]);
  const shown = useMemo(() => new Set(placed.map((node) => node.id)), [placed]);
  const radio = agentList.value.find((each) => each.id === hearing)?.radio.id ?? null;
  const hears = useMemo(() => {
    if (!hearing || heard.data?.agent !== hearing) return kNoHears;
    const direct = heardDirectly((rows ?? []).filter((row) => row.to === radio));
    return hearsOf(heard.data.ids, direct);
  }, [hearing, heard.data, rows, radio]);
  const radius = hexRadius(kHexPixels, zoom);
  const hexagons = useMemo(() => {
    if (!has("hexes") || !rows) return [];
    const direct = heardDirectly(rows);
    return binHexagons(placed.map(({ id, position }) => ({ place: [position!.longitude, position!.latitude], heard: direct.get(id) ?? null })), radius);
  }, [has("hexes"), rows, placed, radius]);
  const routeList = (has("traceroutes") && routes.data) || [];
  const trailList = has("trails") ? trails.data : null;

  const drawn: Record<Overlay, number> = {
    links: useOverlay(map, "links", () => (has("links") ? linkFeatures(merged, has("agents") ? withRadios(shown) : shown, placesNow(), selected) : kNoData), [
      has("links"),
      has("agents"),
      merged,
      shown,
      selected,
    ]),
    routes: useOverlay(map, "routes", () => (routeList.length ? routeFeatures(routeList, placesNow()) : kNoData), [routeList.length && routes.data, placed]),
    trails: useOverlay(map, "trails", () => (trailList ? trailFeatures(trailList.trails, shown, selected) : kNoData), [trailList, shown, selected]),
    precision: useOverlay(map, "precision", () => (has("precision") ? precisionFeatures(placed) : kNoData), [has("precision"), placed]),
    heat: useOverlay(map, "heat", () => (has("heat") ? heatFeatures(placed) : kNoData), [has("heat"), placed]),
    hexes: useOverlay(map, "hexes", () => hexFeatures(hexagons, radius, choice.hexMeasure), [hexagons, choice.hexMeasure]),
    hears: useOverlay(
      map,
      "hears",
      () => {
        const place = hearing ? placeOfAgent(hearing) : undefined;
        return place && hears.length ? hearsFeatures(hears, shown, place, placesNow()) : kNoData;
      },
      [hears, shown],
    ),
  };
  const errors = {
    ...(needsLinks && links.error ? { links: links.error } : {}),
    ...(has("traceroutes") && routes.error ? { routes: routes.error } : {}),
    ...(has("trails") && trails.error ? { trails: trails.error } : {}),
    ...(hearing && heard.error ? { hears: heard.error } : {}),
  };
  return {
    links: merged,
    linksLoaded: rows !== null,
    routes: routeList,
    routesLoaded: has("traceroutes") && routes.data !== null,
    trails: trailList,
    hexagons,
    hears,
    drawn,
    errors,
  };
}
