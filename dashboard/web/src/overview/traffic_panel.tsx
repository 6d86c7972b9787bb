// Packets a minute over the last hour, and what kind of packets they were over the last day.

import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { Bar, Panel, PortPill } from "../components/parts";
import { formatCount } from "../logic/format";
import { minuteSeries } from "../logic/series";
import { isDark, zone } from "../state/settings";
import { now, stats } from "../state/store";
import { t } from "../texts/texts";

const kPortsShown = 6;

function Chart() {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = isDark();
  const shownZone = zone.value;
  const s = stats.value;
  // The chart moves once a minute and when new figures come, not every second.
  const minute = Math.floor(now.value / 60e6);
  const points = s ? minuteSeries(s.series.minute, minute * 60e6) : [];
  // The running minute is not over: its column is paler, and the line ends before it.
  const running = points.length - 1;
  const data: uPlot.AlignedData = [
    points.map((p) => p.t_us / 1e6),
    points.map((p, i) => (i < running ? p.packets : null)),
    points.map((p, i) => (i === running ? p.packets : null)),
    points.map((p, i) => (i < running ? p.receptions : null)),
  ];
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    let ended = false;
    let observer: ResizeObserver | undefined;
    // The plotting library is not needed for the first paint.
    void import("./traffic_chart").then(({ makeChart }) => {
      const element = box.current;
      if (ended || !element) return;
      const size = () => ({ width: element.clientWidth, height: element.clientHeight });
      plot.current = makeChart(element, size(), latest.current, shownZone);
      observer = new ResizeObserver(() => plot.current?.setSize(size()));
      observer.observe(element);
    });
    return () => {
      ended = true;
      observer?.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [dark, shownZone]);

  useEffect(() => plot.current?.setData(data), [s, minute]);
  return <div class="chart" ref={box} role="img" aria-label={t.traffic.title} />;
}

export function TrafficPanel() {
  const s = stats.value;
  const ports = [...(s?.ports ?? [])].sort((a, b) => b.packets - a.packets);
  const most = ports[0]?.packets ?? 1;
  return (
    <Panel
      title={t.traffic.title}
      class="traffic"
      tools={
        <span class="chart-key muted">
          <span class="key-packets">{t.traffic.packets}</span>
          <span class="key-receptions">{t.traffic.receptions}</span>
        </span>
      }
    >
      <div class={ports.length > 0 ? "traffic-body" : "traffic-body alone"}>
        <Chart />
        {ports.length > 0 && (
          <div class="ports">
            <h3 class="faint">{t.traffic.ports}</h3>
            <ul>
              {ports.slice(0, kPortsShown).map((port) => (
                <li key={port.port ?? "encrypted"}>
                  <PortPill port={port.port} name={port.name} />
                  <span class="number">{formatCount(port.packets)}</span>
                  <Bar share={port.packets / most} />
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Panel>
  );
}
