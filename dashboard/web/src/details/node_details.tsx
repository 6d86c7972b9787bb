import type { ComponentChildren } from "preact";
import { getNode } from "../api/client";
import type { NodeDetail, Packet, Position } from "../api/types";
import { PageLink } from "../components/page_link";
import { Ago, Clock, NodeLink, Open, PortPill, SkeletonRows, Snr, Spark } from "../components/parts";
import { isHeard, Receptions } from "../components/receptions";
import { cleanName, formatCount, formatDuration, formatMeters, formatNumber, kUnknown } from "../logic/format";
import { kBatteryFull } from "../logic/payload";
import { precisionMeters } from "../logic/precision";
import { roleName } from "../logic/roles";
import { nodes, nodesRevision } from "../state/store";
import { t } from "../texts/texts";
import { DrawerHead, DrawerSection } from "./drawer";
import { useAnswer } from "./use_answer";

const kRecentPackets = 12;

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

// Half the side of the square that a position with this many bits stands for, as text.
function precision(bits: number | null): string | null {
  const meters = precisionMeters(bits);
  return meters === null ? null : t.node.precision(formatMeters(meters));
}

function PositionFact({ position }: { position: Position }) {
  const about = precision(position.precision_bits);
  return (
    <Fact name={t.node.position}>
      {formatNumber(position.latitude, 5)}, {formatNumber(position.longitude, 5)}
      {position.altitude != null && <span class="muted"> · {formatNumber(position.altitude, 0, "m")}</span>}
      {about && <div class="faint">{about}</div>}
    </Fact>
  );
}

function Facts({ node }: { node: NodeDetail }) {
  const battery =
    node.battery_level == null ? kUnknown : node.battery_level > kBatteryFull ? t.node.powered : formatNumber(node.battery_level, 0, "%");
  return (
    <dl class="facts">
      <Fact name={t.node.role}>{roleName(node.role)}</Fact>
      <Fact name={t.node.hardware}>{cleanName(node.hw_model) || kUnknown}</Fact>
      <Fact name={t.node.heard}>
        <Ago time={node.last_heard_us} suffix />
      </Fact>
      <Fact name={t.node.firstHeard}>
        <Ago time={node.first_heard_us} suffix />
      </Fact>
      <Fact name={t.node.packets}>{formatCount(node.packets)}</Fact>
      <Fact name={t.node.hops}>{node.hops_away ?? kUnknown}</Fact>
      <Fact name={t.node.signal}>
        {formatNumber(node.snr, 1, "dB")} · {formatNumber(node.rssi, 0, "dBm")}
      </Fact>
      <Fact name={t.node.battery}>
        {battery}
        {node.voltage != null && <span class="muted"> · {formatNumber(node.voltage, 2, "V")}</span>}
      </Fact>
      <Fact name={t.node.channelUse}>{formatNumber(node.channel_utilization, 1, "%")}</Fact>
      <Fact name={t.node.airUse}>{formatNumber(node.air_util_tx, 1, "%")}</Fact>
      <Fact name={t.node.uptime}>{formatDuration(node.uptime_seconds)}</Fact>
      {node.position && <PositionFact position={node.position} />}
    </dl>
  );
}

function Telemetry({ node }: { node: NodeDetail }) {
  const inTime = [...node.telemetry].sort((a, b) => a.time_us - b.time_us);
  // On external power there is no level to draw; the figure beside the curve is that of now.
  const levels = inTime.map((x) => x.battery_level).filter((level) => level != null);
  const powered = (levels.at(-1) ?? 0) > kBatteryFull;
  const curves = [
    { name: t.node.battery, unit: "%", digits: 0, values: levels.filter((level) => level <= kBatteryFull) },
    { name: t.node.voltage, unit: "V", digits: 2, values: inTime.map((x) => x.voltage) },
    { name: t.node.channelUse, unit: "%", digits: 1, values: inTime.map((x) => x.channel_utilization) },
    { name: t.node.airUse, unit: "%", digits: 1, values: inTime.map((x) => x.air_util_tx) },
  ].map((curve) => ({ ...curve, values: curve.values.filter((v) => v != null) }));
  const shown = curves.filter((curve) => curve.values.length > 1);
  if (shown.length === 0) return null;
  return (
    <DrawerSection title={t.node.telemetry}>
      <div class="curves">
        {shown.map((curve) => (
          <div key={curve.name} class="curve">
            <span class="muted">{curve.name}</span>
            <span class="number">{powered && curve.name === t.node.battery ? t.node.powered : formatNumber(curve.values.at(-1), curve.digits, curve.unit)}</span>
            <Spark values={curve.values} label={curve.name} />
          </div>
        ))}
      </div>
    </DrawerSection>
  );
}

function HeardBy({ node }: { node: NodeDetail }) {
  const columns = t.node.heardByColumns;
  return (
    <DrawerSection title={t.node.heardBy}>
      {node.heard_by.length === 0 ? (
        <p class="faint">{t.node.none}</p>
      ) : (
        <table class="small-table">
          <thead>
            <tr>
              <th>{columns.agent}</th>
              <th class="number">{columns.rx}</th>
              <th class="number">{columns.hops}</th>
              <th class="number">{columns.snr}</th>
              <th class="number">{columns.last}</th>
            </tr>
          </thead>
          <tbody>
            {node.heard_by.map((by) => (
              <tr key={by.agent}>
                <td>
                  <Open to={{ agent: by.agent }}>
                    <bdi>{cleanName(by.agent)}</bdi>
                  </Open>
                </td>
                <td class="number">{formatCount(by.receptions)}</td>
                <td class="number">{by.hops ?? kUnknown}</td>
                <td class="number">
                  <Snr value={by.snr} />
                </td>
                <td class="number">
                  <Ago time={by.last_us} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </DrawerSection>
  );
}

function Recent({ packets }: { packets: Packet[] }) {
  return (
    <DrawerSection title={t.node.recent}>
      {packets.length === 0 ? (
        <p class="faint">{t.node.none}</p>
      ) : (
        <table class="small-table recent-table">
          <tbody>
            {packets.slice(0, kRecentPackets).map((packet) => (
              <tr key={packet.id} class={isHeard(packet) ? undefined : "unheard"}>
                <td class="muted">
                  <Clock time={packet.time_us} />
                </td>
                <td>
                  <PortPill port={packet.port} name={packet.port_name} />
                </td>
                <td class="recent-to">
                  <NodeLink id={packet.to} name={packet.to_name} />
                </td>
                <td class="number">
                  <Open to={{ packet: packet.id }}>
                    <Receptions receptions={packet.receptions} flags={packet.flags} prefix />
                  </Open>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </DrawerSection>
  );
}

export function NodeDetails({ id }: { id: string }) {
  nodesRevision.value;
  const known = nodes.get(id);
  // Asked anew whenever the node was heard again.
  const { data, error } = useAnswer((signal) => getNode(id, signal), known?.last_heard_us ?? null);
  const shown = data ?? known;
  return (
    <>
      <DrawerHead kind={t.drawer.node} title={<bdi>{cleanName(shown?.long_name) || id}</bdi>}>
        <p class="drawer-sub muted">
          {shown?.short_name && (
            <span class="chip">
              <bdi>{cleanName(shown.short_name, 12)}</bdi>
            </span>
          )}
          <span class="mono">{id}</span>
          {shown?.is_licensed && <span>{t.node.licensed}</span>}
          {shown?.via_mqtt && <span>{t.node.mqtt}</span>}
          {shown?.public_key && <span>{t.node.hasKey}</span>}
          <PageLink to={{ page: "nodes", subject: id }} class="whole-page">
            {t.nodePage.wholePage}
          </PageLink>
        </p>
      </DrawerHead>
      {error && <p class="drawer-error">{error}</p>}
      {!data && !error && <SkeletonRows count={9} />}
      {data && (
        <>
          <DrawerSection title={t.drawer.node}>
            <Facts node={data} />
          </DrawerSection>
          <HeardBy node={data} />
          <Telemetry node={data} />
          <Recent packets={data.recent_packets} />
        </>
      )}
    </>
  );
}
