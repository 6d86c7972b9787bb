// Packets a minute over the last hour by port, and what kind of packets they were over the last day.

import { getSeries } from "../api/client";
import { TimeChart } from "../charts/time_chart";
import { Bar, Panel, PortPill } from "../components/parts";
import { formatCount } from "../logic/format";
import { stackByPort } from "../logic/traffic";
import { usePolled } from "../state/polled";
import { now, stats } from "../state/store";
import { t } from "../texts/texts";

const kPortsShown = 6;
const kMinutes = 60;
const kMinute = 60e6;
const kAskMs = 10_000;

function Chart() {
  const series = usePolled((signal) => getSeries("1m", `${kMinutes}m`, signal), kAskMs);
  // It moves once a minute and when new figures come, not every second.
  const minute = Math.floor(now.value / kMinute);
  const { times, curves } = stackByPort(series ?? [], minute * kMinute, kMinute, kMinutes);
  return <TimeChart label={t.traffic.title} times={times} curves={curves} />;
}

export function TrafficPanel() {
  const s = stats.value;
  const ports = [...(s?.ports ?? [])].sort((a, b) => b.packets - a.packets);
  const most = ports[0]?.packets ?? 1;
  return (
    <Panel title={t.traffic.title} class="traffic" tools={<span class="faint chart-note">{t.traffic.running}</span>}>
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
