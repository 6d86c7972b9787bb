// Curves over time. The plotting library comes after the first paint, in a file of its own.

import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { Micros } from "../api/types";
import { isDark, zone } from "../state/settings";

export interface Curve {
  label: string;
  values: (number | null)[]; // one for each time; null: not known there
  // What the label says, where that is not what is drawn: columns that stand on others are drawn as the sum.
  told?: (number | null)[];
  unit?: string;
  digits?: number; // after the point, in the label
  color?: string; // a token's name, "--curve" unless said
  // Two neighbours of kind "band" are the edges of one area: the lower one first.
  kind?: "line" | "points" | "columns" | "band";
}

// While nobody listened.
export interface Gap {
  from_us: Micros;
  until_us: Micros;
}

interface Props {
  label: string; // what a screen reader says of it
  times: Micros[]; // rising
  curves: Curve[];
  gaps?: Gap[];
  range?: [number, number]; // of the values; from what is there unless said
  sync?: string; // charts with the same word show the pointer at the same time
  class?: string;
  // Someone has marked a stretch of time.
  onSelect?: (fromUs: Micros, untilUs: Micros) => void;
}

const kNoGaps: Gap[] = [];

export function TimeChart({ label, times, curves, gaps = kNoGaps, range, sync, class: name, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = isDark();
  const shownZone = zone.value;
  const curvesNow = useRef(curves);
  curvesNow.current = curves;
  const data: uPlot.AlignedData = [times.map((time) => time / 1e6), ...curves.map((curve) => curve.values)];
  const latest = useRef(data);
  latest.current = data;
  // Whatever is drawn otherwise than by its values makes a new plot.
  const look = JSON.stringify([curves.map(({ values, told, ...rest }) => rest), gaps, range]);

  useEffect(() => {
    let ended = false;
    let observer: ResizeObserver | undefined;
    void import("./plot").then(({ makePlot }) => {
      const element = box.current;
      if (ended || !element) return;
      const size = () => ({ width: element.clientWidth, height: element.clientHeight });
      const options = { ...size(), curves, told: () => curvesNow.current, gaps, zone: shownZone, range: range ?? null, sync: sync ?? null, onSelect: onSelect ?? null };
      plot.current = makePlot(element, options, latest.current);
      observer = new ResizeObserver(() => plot.current?.setSize(size()));
      observer.observe(element);
    });
    return () => {
      ended = true;
      observer?.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [dark, shownZone, look]);

  const version = JSON.stringify([times.length, times.at(-1), curves.map((curve) => [curve.values.length, curve.values.at(-1)])]);
  useEffect(() => plot.current?.setData(data), [version]);
  return <div class={`chart ${name ?? ""}`} ref={box} role="img" aria-label={label} />;
}
