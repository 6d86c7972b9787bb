// The chart itself, with the plotting library: loaded after the first paint.

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatCompact, formatCount, formatMinute, type Zone } from "../logic/format";
import { t } from "../texts/texts";

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// A label that follows the pointer: the minute and its figures. Series: packets, those of the running minute, receptions.
function tooltip(zone: Zone): uPlot.Plugin {
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
        const [, complete, running, receptions] = u.data.map((values) => values?.[at]);
        const figures = [`${formatCount(complete ?? running)} ${t.traffic.packets}`];
        figures.push(receptions == null ? t.traffic.running : `${formatCount(receptions)} ${t.traffic.receptions}`);
        label.textContent = `${formatMinute(time * 1e6, zone)}  ${figures.join(" · ")}`;
        const left = u.cursor.left ?? 0;
        label.style.left = `${left}px`;
        label.style.transform = left > u.over.clientWidth / 2 ? "translateX(calc(-100% - 8px))" : "translateX(8px)";
      },
    },
  };
}

// Columns of packets and a line of receptions, minute by minute. Colours are those of the theme at this moment: make it
// anew when the theme changes.
export function makeChart(parent: HTMLElement, size: { width: number; height: number }, data: uPlot.AlignedData, zone: Zone): uPlot {
  const axis: uPlot.Axis = {
    stroke: token("--faint"),
    font: `11px ${token("--font")}`,
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    gap: 4,
  };
  const bars = uPlot.paths.bars?.({ size: [0.72, 14], radius: 0.15 });
  const column: uPlot.Series = { width: 0, points: { show: false }, ...(bars && { paths: bars }) };
  return new uPlot(
    {
      ...size,
      padding: [10, 22, 0, 0], // on the right: half of a label under the last minute
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: { y: { range: (_, __, max) => [0, Math.max(4, max * 1.08)] } },
      axes: [
        { ...axis, grid: { show: false }, size: 22, space: 70, values: (_, times) => times.map((time) => formatMinute(time * 1e6, zone)) },
        { ...axis, size: 38, space: 34, values: (_, values) => values.map((v) => (Number.isInteger(v) ? formatCompact(v) : "")) },
      ],
      series: [
        {},
        { label: t.traffic.packets, fill: token("--curve"), ...column },
        { label: t.traffic.running, fill: token("--curve-pale"), ...column },
        { label: t.traffic.receptions, stroke: token("--curve-2"), width: 1.5, points: { show: false } },
      ],
      plugins: [tooltip(zone)],
    },
    data,
    parent,
  );
}
