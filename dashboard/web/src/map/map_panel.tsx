// The map with its legend and tools. The map library comes after the first paint, in a file of its own.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { Panel } from "../components/parts";
import { cleanName, formatAge, formatCount } from "../logic/format";
import { RoleMark } from "../components/role_mark";
import { kAges, kShapes, roleName, shapeOf, type Shape } from "../logic/roles";
import { isDark } from "../state/settings";
import { agentList, feed, nodes, nodesLoaded, nodesRevision, now, stats } from "../state/store";
import { open, view } from "../state/url";
import { t } from "../texts/texts";
import { agentFeatures, hasPlace, nodeFeatures, type ScaleBar } from "./features";
import type { MapView } from "./map_view";
import { mapStart } from "./start";

// The nodes are handed to the map this often at most; ages change by the minute.
const kRefreshMs = 1_000;

interface Hover {
  name: string;
  detail: string;
  x: number;
  y: number;
}

function hoverText(id: string, kind: "node" | "agent"): { name: string; detail: string } {
  if (kind === "agent") return { name: id, detail: t.map.agent };
  const node = nodes.get(id);
  const heard = node?.last_heard_us ? t.node.ago(formatAge(now.value - node.last_heard_us)) : t.unknown;
  return { name: cleanName(node?.long_name) || id, detail: `${roleName(node?.role ?? null)} · ${heard}` };
}

function Legend() {
  nodesRevision.value;
  const counts = new Map<Shape, number>();
  for (const node of nodes.values()) {
    if (!hasPlace(node)) continue;
    const shape = shapeOf(node.role);
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  return (
    <div class="legend">
      <ul>
        {kShapes
          .filter((shape) => counts.has(shape))
          .map((shape) => (
            <li key={shape}>
              <RoleMark shape={shape} />
              {t.map.shapes[shape]} <span class="faint wide-only">{formatCount(counts.get(shape))}</span>
            </li>
          ))}
      </ul>
      <ul aria-label={t.map.agesTitle} title={t.map.agesTitle}>
        {kAges.map((age) => (
          <li key={age}>
            <RoleMark shape="circle" age={age} />
            {t.map.ages[age]}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function MapPanel() {
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapView | null>(null);
  const [failed, setFailed] = useState(false);
  const [hover, setHover] = useState<Hover | null>(null);
  const [scale, setScale] = useState<ScaleBar | null>(null);
  const newestPulsed = useRef(0);
  const lastFill = useRef(-Infinity);
  const dark = isDark();
  const revision = nodesRevision.value;
  const minute = Math.floor(now.value / 60e6);
  const selected = view.value.node;
  const packets = feed.value;
  const placed = [...nodes.values()].filter(hasPlace).length;

  useEffect(() => {
    let made: MapView | undefined;
    let ended = false;
    void import("./map_view")
      .then(({ MapView }) => {
        if (ended || !box.current) return;
        made = new MapView(box.current, t.map.label, {
          openNode: (id) => open({ node: id }),
          openAgent: (id) => open({ agent: id }),
          hover: (id, kind, x, y) => setHover(id ? { ...hoverText(id, kind), x, y } : null),
          scale: setScale,
        });
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

  const firstTheme = useRef(true);
  useEffect(() => {
    if (!firstTheme.current) map?.restyle();
    firstTheme.current = false;
  }, [dark]);

  useEffect(() => {
    if (!map) return;
    const wait = Math.max(0, lastFill.current + kRefreshMs - performance.now());
    const timer = setTimeout(() => {
      lastFill.current = performance.now();
      map.setNodes(nodeFeatures(nodes.values(), now.value));
    }, wait);
    return () => clearTimeout(timer);
  }, [map, revision, minute]);

  useEffect(() => map?.setAgents(agentFeatures(agentList.value)), [map, agentList.value]);

  useEffect(() => {
    map?.select(selected);
    if (selected) map?.reveal(selected);
  }, [map, selected]);

  useEffect(() => {
    const list = packets.held ? packets.pending : packets.rows;
    const fresh = list.filter((p) => p.id > newestPulsed.current);
    const first = newestPulsed.current === 0;
    newestPulsed.current = Math.max(newestPulsed.current, list[0]?.id ?? 0);
    if (!first) map?.pulse(fresh.map((p) => p.from));
  }, [map, packets]);

  const empty = nodesLoaded.value && placed === 0;
  const notice = failed ? t.map.failed : !map ? t.map.loading : empty ? t.map.empty : null;
  return (
    <Panel
      title={t.map.title}
      class="map"
      note={nodesLoaded.value && nodes.size > 0 && <span class="faint clip">{t.map.placed(formatCount(placed), formatCount(nodes.size))}</span>}
    >
      <div class="map-frame">
        <div class="map-box" ref={box} data-placed={placed} />
        {notice && (
          <p class="map-notice">
            <span>{notice}</span>
          </p>
        )}
        {map && (
          <>
            <div class="map-tools">
              <button type="button" class="icon-button" aria-label={t.map.zoomIn} title={t.map.zoomIn} onClick={() => map.zoom(1)}>
                <Icon name="plus" />
              </button>
              <button type="button" class="icon-button" aria-label={t.map.zoomOut} title={t.map.zoomOut} onClick={() => map.zoom(-1)}>
                <Icon name="minus" />
              </button>
              <button type="button" class="icon-button" aria-label={t.map.fit} title={t.map.fit} onClick={() => map.fit()}>
                <Icon name="fit" />
              </button>
            </div>
            <Legend />
            <div class="map-foot faint">
              {scale && (
                <span class="scale" style={{ width: `${scale.width.toFixed(0)}px` }}>
                  {scale.label}
                </span>
              )}
              <span class="credit">{t.map.credit}</span>
            </div>
          </>
        )}
        {hover && (
          <div class="map-tip" style={{ left: `${hover.x}px`, top: `${hover.y}px` }}>
            <bdi>{hover.name}</bdi>
            <span class="faint">{hover.detail}</span>
          </div>
        )}
      </div>
    </Panel>
  );
}
