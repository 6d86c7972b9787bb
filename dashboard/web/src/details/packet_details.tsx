import { useRef } from "preact/hooks";
import { getPacket } from "../api/client";
import type { Json, PacketDetail, Reception } from "../api/types";
import { Channel } from "../components/channel";
import { CopyButton } from "../components/copy_button";
import { Ago, Clock, NodeLink, Open, PortPill, SkeletonRows, Snr } from "../components/parts";
import { cleanName, formatCount, formatNumber, kBroadcast, kUnknown } from "../logic/format";
import { hexLines } from "../logic/hex";
import { feed } from "../state/store";
import { t } from "../texts/texts";
import { DrawerHead, DrawerSection } from "./drawer";
import { PayloadTree } from "./payload_tree";
import { useAnswer } from "./use_answer";

function Facts({ packet }: { packet: PacketDetail }) {
  return (
    <dl class="facts">
      <dt>{t.packet.from}</dt>
      <dd>
        <NodeLink id={packet.from} name={packet.from_name} /> <span class="mono faint">{packet.from}</span>
      </dd>
      <dt>{t.packet.to}</dt>
      <dd>
        {packet.to === kBroadcast ? (
          t.packet.everyone
        ) : (
          <>
            <NodeLink id={packet.to} name={packet.to_name} /> <span class="mono faint">{packet.to}</span>
          </>
        )}
      </dd>
      <dt>{t.packet.time}</dt>
      <dd>
        <Clock time={packet.time_us} />{" "}
        <span class="faint">
          <Ago time={packet.time_us} suffix />
        </span>
      </dd>
      <dt>{t.packet.id}</dt>
      <dd class="mono">{packet.packet_id}</dd>
      <dt>{t.packet.channel}</dt>
      <dd>
        <Channel channel={packet.channel} flags={packet.flags} />
      </dd>
      <dt>{t.packet.hops}</dt>
      <dd>{packet.hops == null ? kUnknown : packet.hop_start == null ? packet.hops : t.packet.hopsOf(String(packet.hops), String(packet.hop_start))}</dd>
      <dt>{t.packet.size}</dt>
      <dd>{t.packet.bytes(formatCount(packet.size))}</dd>
      {packet.flags.length > 0 && (
        <>
          <dt>{t.packet.flags}</dt>
          <dd>{packet.flags.join(", ")}</dd>
        </>
      )}
    </dl>
  );
}

function Receptions({ list }: { list: Reception[] }) {
  const columns = t.packet.receptionColumns;
  const first = Math.min(...list.map((r) => r.time_us));
  return (
    <DrawerSection title={`${t.packet.receptions} · ${list.length}`}>
      <table class="small-table">
        <thead>
          <tr>
            <th>{columns.agent}</th>
            <th class="number">{columns.after}</th>
            <th class="number">{columns.hops}</th>
            <th class="number">{columns.relay}</th>
            <th class="number">{columns.rssi}</th>
            <th class="number">{columns.snr}</th>
          </tr>
        </thead>
        <tbody>
          {[...list]
            .sort((a, b) => a.time_us - b.time_us)
            .map((r) => (
              <tr key={r.id}>
                <td>
                  <Open to={{ agent: r.agent }}>
                    <bdi>{cleanName(r.agent)}</bdi>
                  </Open>
                </td>
                <td class="number muted">{r.time_us === first ? "0" : `+${formatNumber((r.time_us - first) / 1e6, 2, "s")}`}</td>
                <td class="number">{r.hops ?? kUnknown}</td>
                <td class="number mono">{r.relay_node ? r.relay_node.toString(16).padStart(2, "0") : kUnknown}</td>
                <td class="number">{formatNumber(r.rssi, 0)}</td>
                <td class="number">
                  <Snr value={r.snr} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </DrawerSection>
  );
}

export function PacketDetails({ id }: { id: number }) {
  const row = feed.value.rows.find((p) => p.id === id);
  // Asked anew when one more agent heard it.
  const { data, error } = useAnswer((signal) => getPacket(id, signal), row?.receptions ?? null);
  const shown = data ?? row;
  const dump = useRef<HTMLPreElement>(null);
  return (
    <>
      <DrawerHead
        kind={t.drawer.packet}
        title={shown ? <PortPill port={shown.port} name={shown.port_name} /> : <span class="mono">{id}</span>}
      >
        {shown?.summary && (
          <p class="drawer-sub muted">
            <bdi>{cleanName(shown.summary, 300)}</bdi>
          </p>
        )}
      </DrawerHead>
      {error && <p class="drawer-error">{error}</p>}
      {!data && !error && <SkeletonRows count={8} />}
      {data && (
        <>
          <DrawerSection title={t.drawer.packet}>
            <Facts packet={data} />
          </DrawerSection>
          <Receptions list={data.receptions} />
          <DrawerSection title={t.packet.payload}>
            {data.decode_error && <p class="drawer-error">{t.packet.undecoded(t.packet.decodeErrors[data.decode_error] ?? data.decode_error)}</p>}
            {data.payload != null && <PayloadTree value={data.payload as Json} />}
          </DrawerSection>
          {data.raw_hex && (
            <DrawerSection title={t.packet.bytesTitle} tools={<CopyButton text={data.raw_hex} label={t.packet.copyHex} shown={() => dump.current} />}>
              <pre class="hex mono" tabIndex={0} ref={dump}>
                {hexLines(data.raw_hex)}
              </pre>
            </DrawerSection>
          )}
        </>
      )}
    </>
  );
}
