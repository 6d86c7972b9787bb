// A plot of values over time, with the plotting library: loaded after the first paint, see time_chart.tsx.

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatCompact, formatDateTime, formatDay, formatMinute, formatNumber, type Zone } from "../logic/format";
import type { Curve, Gap } from "./time_chart";

export interface PlotOptions {
  width: number;
  height: number;
  curves: Curve[];
  told: () => Curve[]; // the same ones with their values of now
  gaps: Gap[];
  zone: Zone;
  range: [number, number] | null; // of the values; null: from what is there
  sync: string | null;
  onSelect: ((fromUs: number, toUs: number) => void) | null;
}

const kDaySeconds = 86_400;

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Grey columns where nobody listened: what is not there was not heard, which is not the same as zero.
function shadeGaps(gaps: Gap[]): uPlot.Plugin {
  return {
    hooks: {
      drawClear: (u) => {
        const { left, top, width, height } = u.bbox;
        u.ctx.save();
        u.ctx.fillStyle = token("--gap");
        for (const gap of gaps) {
          const from = Math.max(left, u.valToPos(gap.from_us / 1e6, "x", true));
          const to = Math.min(left + width, u.valToPos(gap.until_us / 1e6, "x", true));
          if (to > from) u.ctx.fillRect(from, top, Math.max(1, to - from), height);
        }
        u.ctx.restore();
      },
    },
  };
}

// A label that follows the pointer: the time and every curve's value there.
function tooltip(told: () => Curve[], zone: Zone): uPlot.Plugin {
  const label = document.createElement("div");
  label.className = "chart-tip";
  label.hidden = true;
  return {
    hooks: {
      init: (u) => u.over.append(label),
      setCursor: (u) => {
        const at = u.cursor.idx;
        const time = at == null ? null : u.data[0][at];
        label.hidden = time == null;
        if (at == null || time == null) return;
        const figures = told().flatMap((curve, i) => {
          const value = (curve.told ?? u.data[i + 1])?.[at];
          return value == null || (curve.told && value === 0) ? [] : [`${curve.label} ${formatNumber(value, curve.digits ?? 0, curve.unit ?? "")}`];
        });
        label.textContent = [formatDateTime(time * 1e6, zone).slice(5, 16), ...figures].join(" · ");
        const left = u.cursor.left ?? 0;
        label.style.left = `${left}px`;
        label.style.transform = left > u.over.clientWidth / 2 ? "translateX(calc(-100% - 8px))" : "translateX(8px)";
      },
    },
  };
}

function seriesOf(curve: Curve): uPlot.Series {
  const color = token(curve.color ?? "--curve");
  const base: uPlot.Series = { label: curve.label, stroke: color, width: 1.5, spanGaps: false };
  switch (curve.kind ?? "line") {
    case "line":
      return { ...base, points: { size: 4, fill: color, show: (u, i, from, to) => to - from < 30 && u.data[i] !== undefined } };
    case "points":
      return { ...base, paths: () => null, points: { show: true, size: 3, fill: color } };
    case "columns": {
      const bars = uPlot.paths.bars?.({ size: [0.72, 14], radius: 0.15 });
      return { ...base, width: 0, fill: color, points: { show: false }, ...(bars && { paths: bars }) };
    }
    case "band":
      return { ...base, width: 0, points: { show: false } };
  }
}

// Bands lie between a curve of kind "band" and the next one, which is of kind "band", too.
function bandsOf(curves: Curve[]): uPlot.Band[] {
  const bands: uPlot.Band[] = [];
  for (let i = 0; i + 1 < curves.length; i++) {
    if (curves[i]!.kind !== "band" || curves[i + 1]!.kind !== "band") continue;
    bands.push({ series: [i + 2, i + 1], fill: token(curves[i]!.color ?? "--curve-fill") });
    i++;
  }
  return bands;
}

// Columns count things: there is no half of one.
const kCountSteps = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

// A little room above and below; a flat line lies in the middle. Columns stand on zero: their length is what is read.
function scaleOf(min: number | null, max: number | null, hasColumns: boolean): uPlot.Range.MinMax {
  if (min == null || max == null) return hasColumns ? [0, 4] : [0, 1];
  if (hasColumns) return [0, Math.max(4, max * 1.08)];
  return uPlot.rangeNum(min, max, 0.12, true);
}

// Colours are those of the theme at this moment: make it anew when the theme changes.
export function makePlot(parent: HTMLElement, options: PlotOptions, data: uPlot.AlignedData): uPlot {
  const { curves, zone, range } = options;
  const hasColumns = curves.some((curve) => curve.kind === "columns");
  const axis: uPlot.Axis = {
    stroke: token("--faint"),
    font: `11px ${token("--font")}`,
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    gap: 4,
  };
  const times = (u: uPlot, values: number[]) => {
    const span = (u.scales["x"]?.max ?? 0) - (u.scales["x"]?.min ?? 0);
    return values.map((time) => (span > 3 * kDaySeconds ? formatDay(time * 1e6, zone) : formatMinute(time * 1e6, zone)));
  };
  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [8, 18, 0, 0], // on the right: half of a label under the last value
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: options.onSelect !== null, y: false, setScale: false },
        points: { show: true, size: 5 },
        ...(options.sync && { sync: { key: options.sync } }),
      },
      scales: {
        x: { time: true },
        y: range ? { range } : { range: (_, min, max) => scaleOf(min, max, hasColumns) },
      },
      axes: [
        { ...axis, grid: { show: false }, size: 22, space: 70, values: times },
        { ...axis, size: 42, space: 28, ...(hasColumns && { incrs: kCountSteps }), values: (_, values) => values.map((v) => (Math.abs(v) >= 1000 ? formatCompact(v) : formatNumber(v, Number.isInteger(v) ? 0 : 1))) },
      ],
      series: [{}, ...curves.map(seriesOf)],
      bands: bandsOf(curves),
      plugins: [shadeGaps(options.gaps), tooltip(options.told, zone)],
      hooks: {
        setSelect: [
          (u) => {
            if (!options.onSelect || u.select.width < 4) return;
            const at = (place: number) => u.posToVal(place, "x") * 1e6;
            options.onSelect(at(u.select.left), at(u.select.left + u.select.width));
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    data,
    parent,
  );
}
