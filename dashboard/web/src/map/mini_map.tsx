// A small map of given places and lines. The map library comes after the first paint, in a file of its own.

import { useEffect, useRef, useState } from "preact/hooks";
import { isDark } from "../state/settings";
import { t } from "../texts/texts";
import { baseCredit, baseVersion } from "./current_base";
import type { MiniMapView } from "./mini_map_view";

export interface MiniPoint {
  longitude: number;
  latitude: number;
  label?: string;
  color?: string; // a token's name
  size?: number; // radius in CSS pixels
  // Half the side of the square that an imprecise position stands for, in metres: drawn as a circle around the point.
  aroundMeters?: number;
  open?: () => void; // when it is clicked
}

export interface MiniLine {
  places: [longitude: number, latitude: number][];
  color?: string; // a token's name
  width?: number;
  dashed?: boolean;
}

interface Props {
  label: string; // what a screen reader says of it
  points: MiniPoint[];
  lines?: MiniLine[];
  class?: string;
}

const kNoLines: MiniLine[] = [];

export function MiniMap({ label, points, lines = kNoLines, class: name }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MiniMapView | null>(null);
  const [failed, setFailed] = useState(false);
  const dark = isDark();
  useEffect(() => {
    let made: MiniMapView | undefined;
    let ended = false;
    void import("./mini_map_view")
      .then(({ MiniMapView }) => {
        if (ended || !box.current) return;
        made = new MiniMapView(box.current, label);
        setMap(made);
      })
      .catch(() => setFailed(true));
    return () => {
      ended = true;
      made?.destroy();
    };
  }, []);
  const base = baseVersion.value;
  useEffect(() => map?.restyle(), [map, dark, base]);
  const version = JSON.stringify([points, lines]);
  useEffect(() => map?.show(points, lines), [map, version]);
  return (
    <div class={`mini-map ${name ?? ""}`}>
      <div class="map-box" ref={box} data-points={points.length} />
      {failed && (
        <p class="map-notice">
          <span>{t.map.failed}</span>
        </p>
      )}
      <span class="credit faint">{baseCredit.value}</span>
    </div>
  );
}
