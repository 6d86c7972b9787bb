// A map as a part of the page: made when its box is there, fed with nodes and agents, and told what was just heard. The map
// library comes after the first paint, in a file of its own.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Node } from "../api/types";
import { firstWays, furtherWays } from "../logic/heard_ways";
import type { MapPlace } from "../logic/map_choice";
import { afterFigures, agentList, feed, freshReceptions, now, stats } from "../state/store";
import { isDark } from "../state/settings";
import { open, view } from "../state/url";
import { t } from "../texts/texts";
import { baseVersion } from "./current_base";
import { agentFeatures, nodeFeatures, type ScaleBar } from "./features";
import type { Hit } from "./hits";
import type { MapEvents, MapView } from "./map_view";
import { mapStart } from "./start";

// The nodes are handed to the map this often at most; ages change by the minute. Many take longer, and change the picture less.
const kRefreshMs = 1_000;
const kRefreshMsPerNode = 0.5;

export interface Pointed {
  hit: Hit;
  x: number;
  y: number;
}

export interface MapPart {
  box: RefObject<HTMLDivElement | null>;
  map: MapView | null; // null: not there yet
  failed: boolean; // it cannot be shown in this browser
  pointed: Pointed | null; // what the pointer is over
  scale: ScaleBar | null;
}

interface Options {
  nodes(): Iterable<Node>; // to be drawn
  version: unknown; // drawn anew when it changes, but not too often
  choice?: string; // drawn anew at once when it changes: the person asked for it
  showsAgents?: boolean;
  place?: MapPlace | null; // where it stands from the start: what is selected at first does not move it
  open?(hit: Hit): void; // what is neither node nor agent was clicked
  moved?: MapEvents["moved"];
}

export function useMap(options: Options): MapPart {
  const { version, choice = "", showsAgents = true } = options;
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(options);
  latest.current = options;
  const [map, setMap] = useState<MapView | null>(null);
  const [failed, setFailed] = useState(false);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [scale, setScale] = useState<ScaleBar | null>(null);
  const lastFill = useRef(-Infinity);
  const lastCount = useRef(0);
  const dark = isDark();
  const minute = Math.floor(now.value / 60e6);

  useEffect(() => {
    let made: MapView | undefined;
    let ended = false;
    // The library holds the page for a second where nothing but the processor draws.
    void afterFigures()
      .then(() => import("./map_view"))
      .then(({ MapView }) => {
        if (ended || !box.current) return;
        made = new MapView(box.current, t.map.label, {
          open: (hit) => {
            if (hit.kind === "node") open({ node: hit.id });
            else if (hit.kind === "agent") open({ agent: hit.id });
            else latest.current.open?.(hit);
          },
          hover: (hit, x, y) => setPointed(hit && { hit, x, y }),
          scale: setScale,
          moved: (place, chosen) => latest.current.moved?.(place, chosen),
        }, latest.current.place);
        setMap(made);
      })
      .catch(() => setFailed(true));
    return () => {
      ended = true;
      made?.destroy();
    };
  }, []);

  // The configuration does not change while the server runs: once is enough, before the nodes come.
  const start = mapStart(stats.value);
  const startKnown = start !== null;
  useEffect(() => {
    if (start) map?.setStart(start);
  }, [map, startKnown]);

  const base = baseVersion.value;
  const firstLook = useRef(true);
  useEffect(() => {
    if (!firstLook.current) map?.restyle();
    firstLook.current = false;
  }, [dark, base]);

  const lastChoice = useRef(choice);
  useEffect(() => {
    if (!map) return;
    const pause = lastChoice.current === choice ? Math.max(kRefreshMs, lastCount.current * kRefreshMsPerNode) : 0;
    const wait = Math.max(0, lastFill.current + pause - performance.now());
    const timer = setTimeout(() => {
      lastFill.current = performance.now();
      lastChoice.current = choice;
      const drawn = nodeFeatures(latest.current.nodes(), now.peek());
      lastCount.current = drawn.features.length;
      map.setNodes(drawn);
    }, wait);
    return () => clearTimeout(timer);
  }, [map, version, minute, choice]);

  useEffect(() => map?.setAgents(agentFeatures(showsAgents ? agentList.value : [])), [map, agentList.value, showsAgents]);

  const selected = view.value.node;
  const keepsPlace = useRef(options.place != null);
  useEffect(() => {
    map?.select(selected);
    if (map && selected && !keepsPlace.current) map.reveal(selected);
    if (map) keepsPlace.current = false;
  }, [map, selected]);

  useHeard(map);
  return { box, map, failed, pointed, scale };
}

// Rings at those who were just heard, and arcs to who heard them.
function useHeard(map: MapView | null): void {
  const packets = feed.value;
  const receptions = freshReceptions.value;
  const newest = useRef(0);
  const lastReceptions = useRef(receptions);
  useEffect(() => {
    const list = packets.held ? packets.pending : packets.rows;
    const fresh = list.filter((p) => p.id > newest.current);
    const first = newest.current === 0;
    newest.current = Math.max(newest.current, list[0]?.id ?? 0);
    if (first) return;
    map?.pulse(fresh);
    map?.arc(firstWays(fresh));
  }, [map, packets]);
  useEffect(() => {
    if (!map || lastReceptions.current === receptions) return;
    lastReceptions.current = receptions;
    map.arc(furtherWays(receptions, [...packets.rows, ...packets.pending]));
  }, [map, receptions]);
}
