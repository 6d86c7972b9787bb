// The map with its legend and tools, as a panel of the overview.

import { Panel } from "../components/parts";
import { RoleMark } from "../components/role_mark";
import { formatCount } from "../logic/format";
import { kAges, kShapes, shapeOf, type Shape } from "../logic/roles";
import { nodes, nodesLoaded, nodesRevision } from "../state/store";
import { t } from "../texts/texts";
import { hasPlace } from "./features";
import { agentTip, MapFoot, MapNotice, MapTip, MapTools, nodeTip } from "./map_parts";
import { useMap } from "./use_map";

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
  const { box, map, failed, pointed, scale } = useMap({ nodes: () => nodes.values(), version: nodesRevision.value });
  const placed = [...nodes.values()].filter(hasPlace).length;
  const empty = nodesLoaded.value && placed === 0;
  const tip = pointed && (pointed.hit.kind === "agent" ? agentTip(pointed.hit.id) : nodeTip(pointed.hit.id));
  return (
    <Panel
      title={t.map.title}
      class="map"
      note={nodesLoaded.value && nodes.size > 0 && <span class="faint clip">{t.map.placed(formatCount(placed), formatCount(nodes.size))}</span>}
    >
      <div class="map-frame">
        <div class="map-box" ref={box} data-placed={placed} />
        <MapNotice text={failed ? t.map.failed : !map ? t.map.loading : empty ? t.map.empty : null} />
        {map && (
          <>
            <MapTools map={map} />
            <Legend />
            <MapFoot scale={scale} />
          </>
        )}
        {tip && <MapTip tip={tip} x={pointed.x} y={pointed.y} />}
      </div>
    </Panel>
  );
}
