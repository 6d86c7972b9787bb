// The map alone: the nodes that a query and the legend ask for, and over them the layers that are chosen. Everything that
// is chosen, and where the map stands, is in the address.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { formatCount } from "../logic/format";
import { filterNodes, mapChoice, parsePlace, placeText, type MapPlace } from "../logic/map_choice";
import { QueryBar } from "../query/query_bar";
import { useAskedNodes } from "../state/asked_nodes";
import { queryNames } from "../state/query_names";
import { isPhone } from "../state/screen";
import { nodes, nodesLoaded, nodesRevision, now } from "../state/store";
import { ask, open, view } from "../state/url";
import "../styles/map_page.css";
import { t } from "../texts/texts";
import { hasPlace } from "./features";
import type { Edges, MapView } from "./map_view";
import { MapFoot, MapNotice, MapTip, MapTools } from "./map_parts";
import { SidePanel, sideOf } from "./side_panel";
import { kZoomOffset } from "./start";
import { openedBy, tipOf } from "./tips";
import { useMap } from "./use_map";
import { useOverlays, type Overlays } from "./use_overlays";

// Lists, counts and layers follow the living mesh this often at most.
const kCountMs = 3_000;
const kTipWidth = 330;
const kHexZooms: [number, number] = [2, 13];

// What stands over the map, in CSS pixels; as in map_page.css and drawer.css.
function edgesOf(side: boolean, drawer: boolean): Edges {
  if (isPhone.value) return { top: 76, left: 30, right: 66, bottom: (drawer ? innerHeight * 0.65 : side ? innerHeight * 0.46 : 50) + 40 };
  return { top: 76, left: side ? 392 : 40, right: (drawer ? 440 : 0) + 70, bottom: 50 };
}

// Where the map stands goes into the address when a person moved it, and from there to the map: by "back", or by a link.
function usePlace(): { initial: MapPlace | null; moved(place: MapPlace, chosen: boolean): void; follow(map: MapView | null): void; zoom: number } {
  const { at } = view.value.options;
  const initial = useMemo(() => parsePlace(at), []);
  const told = useRef(at);
  const [zoom, setZoom] = useState(initial ? Math.round(initial.zoom - kZoomOffset) : 1);
  return {
    initial,
    zoom,
    moved: (place, chosen) => {
      const text = chosen ? placeText(place) : undefined;
      told.current = text;
      setZoom(Math.round(place.zoom - kZoomOffset));
      ask({ options: { at: text ?? "" } }, "replace");
    },
    follow: (map) =>
      useEffect(() => {
        if (!map || at === told.current) return;
        told.current = at;
        const place = parsePlace(at);
        if (place) map.setPlace(place);
        else map.fit();
      }, [map, at]),
  };
}

function useFoundNodes() {
  const { query, options } = view.value;
  const asked = useAskedNodes(query);
  const { roles = "", ages = "" } = options;
  const tick = Math.floor(now.value / (kCountMs * 1000));
  const count = asked.rows?.length ?? -1;
  const found = useMemo(() => {
    const choice = mapChoice({ roles, ages });
    const rows = asked.rows ?? [];
    const at = now.peek();
    const placed = filterNodes(rows.filter(hasPlace), choice, at);
    const unplaced = filterNodes(rows.filter((node) => !hasPlace(node)), choice, at).nodes;
    return { counts: placed, placed: placed.nodes, unplaced };
  }, [tick, roles, ages, query, count, nodesLoaded.value]);
  return { ...found, mistake: asked.mistake, known: asked.rows !== null && nodesLoaded.value, choiceKey: `${query} ${roles} ${ages} ${query && count}` };
}

function FollowButton({ able, pressed }: { able: boolean; pressed: boolean }) {
  const text = able ? t.mapPage.follow : t.mapPage.followNone;
  return (
    <button
      type="button"
      class="icon-button follow"
      aria-label={t.mapPage.follow}
      title={text}
      aria-pressed={pressed}
      disabled={!able && !pressed}
      onClick={() => ask({ options: { follow: pressed ? "" : "on" } })}
    >
      <Icon name="follow" />
    </button>
  );
}

export function MapPage() {
  const { query, options, node: selected, agent, packet, link } = view.value;
  const choice = useMemo(() => mapChoice(options), [options]);
  const found = useFoundNodes();
  const { placed, unplaced, known, mistake } = found;
  const place = usePlace();
  const overlaysNow = useRef<Overlays | null>(null);
  const { box, map, failed, pointed, scale } = useMap({
    // Those that were found, as they are now.
    nodes: () => placed.flatMap(({ id }) => nodes.get(id) ?? []),
    version: nodesRevision.value,
    choice: found.choiceKey,
    showsAgents: choice.layers.has("agents"),
    place: place.initial,
    moved: place.moved,
    open: (hit) => {
      const opened = overlaysNow.current && openedBy(hit, overlaysNow.current, agent);
      if (opened) open(opened);
    },
  });
  place.follow(map);
  const overlays = useOverlays(map, choice, placed, found.choiceKey, Math.min(kHexZooms[1], Math.max(kHexZooms[0], place.zoom)));
  overlaysNow.current = overlays;

  const sideIsOpen = sideOf(options) !== "closed";
  const drawerIsOpen = Boolean(selected || agent || packet || link);
  useEffect(() => map?.setEdges(edgesOf(sideIsOpen, drawerIsOpen)), [map, sideIsOpen, drawerIsOpen, isPhone.value]);

  const follows = options["follow"] === "on";
  const selectedNode = selected ? nodes.get(selected) : undefined;
  useEffect(() => map?.follow(follows ? selected : null), [map, follows, selected]);

  const tip = pointed && tipOf(pointed.hit, overlays, agent);
  const noneShown = known && placed.length === 0;
  const notice = failed ? t.map.failed : !map ? t.map.loading : !noneShown ? null : nodes.size === unplaced.length ? t.map.empty : t.mapPage.noneShown;
  const shownText = t.mapPage.shown(formatCount(placed.length), formatCount(unplaced.length), formatCount(nodes.size));
  return (
    <div class="map-page">
      <h1 class="only-spoken">{t.mapPage.title}</h1>
      <div class="map-frame">
        <div class="map-box" ref={box} data-placed={placed.length} />
        <MapNotice text={notice} />
        {tip && <MapTip tip={tip} x={pointed.x} y={pointed.y} turned={pointed.x > (box.current?.clientWidth ?? 0) - kTipWidth} />}
        {map && (
          <>
            <MapTools map={map}>
              <FollowButton able={selectedNode !== undefined && hasPlace(selectedNode)} pressed={follows} />
            </MapTools>
            <MapFoot scale={scale} />
          </>
        )}
      </div>
      <div class="map-query">
        <QueryBar of="nodes" query={query} names={queryNames} mistake={mistake} onQuery={(text) => ask({ query: text })} />
        <p class="map-status faint" role="status">
          {known && shownText}
        </p>
      </div>
      <SidePanel choice={choice} counts={found.counts} placed={placed} unplaced={unplaced} overlays={overlays} />
    </div>
  );
}
