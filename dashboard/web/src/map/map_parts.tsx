// The parts of a map that stand over it: tools, scale and sources, what the pointer is over.

import type { ComponentChildren } from "preact";
import { Icon } from "../components/icons";
import { cleanName, formatAge } from "../logic/format";
import { roleName } from "../logic/roles";
import { nodes, now } from "../state/store";
import { t } from "../texts/texts";
import { baseCredit } from "./current_base";
import type { ScaleBar } from "./features";
import type { MapView } from "./map_view";

export interface TipText {
  name: string;
  details: string[];
}

export function nodeTip(id: string): TipText {
  const node = nodes.get(id);
  const heard = node?.last_heard_us ? t.node.ago(formatAge(now.peek() - node.last_heard_us)) : t.unknown;
  return { name: cleanName(node?.long_name) || id, details: [`${roleName(node?.role ?? null)} · ${heard}`] };
}

export const agentTip = (id: string): TipText => ({ name: cleanName(id), details: [t.map.agent] });

export function MapTip({ tip, x, y, turned }: { tip: TipText; x: number; y: number; turned?: boolean }) {
  return (
    <div class={turned ? "map-tip turned" : "map-tip"} style={{ left: `${x}px`, top: `${y}px` }}>
      <bdi>{tip.name}</bdi>
      {tip.details.map((detail) => (
        <span key={detail} class="faint">
          {detail}
        </span>
      ))}
    </div>
  );
}

export function MapTools({ map, children }: { map: MapView; children?: ComponentChildren }) {
  return (
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
      {children}
    </div>
  );
}

export function MapFoot({ scale }: { scale: ScaleBar | null }) {
  return (
    <div class="map-foot faint">
      {scale && (
        <span class="scale" style={{ width: `${scale.width.toFixed(0)}px` }}>
          {scale.label}
        </span>
      )}
      <span class="credit">{baseCredit.value}</span>
    </div>
  );
}

export function MapNotice({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <p class="map-notice">
      <span>{text}</span>
    </p>
  );
}
