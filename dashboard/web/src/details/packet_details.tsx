import { getPacket } from "../api/client";
import type { Json, PacketDetail, Reception } from "../api/types";
import { Ago, Clock, CopyButton, NodeLink, Open, PortPill, SkeletonRows, Snr } from "../components/parts";
import { cleanName, formatCount, formatNumber, kBroadcast, kUnknown } from "../logic/format";
import { hexLines } from "../logic/hex";
import { feed } from "../state/store";
import { t } from "../texts/en";
import { DrawerHead, DrawerSection } from "./drawer";
import { useAnswer } from "./use_answer";

// Deeper nesting does not occur in a packet's content; the bound keeps a hostile one from filling the page.
const kDepth = 8;

// Decoded content as a tree of names and values: text only.
function Tree({ value, depth = 0 }: { value: Json; depth?: number }) {
  if (value === null || typeof value !== "object") {
    return <span class="tree-value">{value === null ? kUnknown : cleanName(String(value), 400)}</span>;
  }
  if (depth >= kDepth) return <span class="faint">…</span>;
  const entries: [string, Json][] = Array.isArray(value) ? value.map((v, i) => [String(i), v]) : Object.entries(value);
  return (
    <ul class="tree">
      {entries.map(([name, each]) => (
        <li key={name}>
          <span class="tree-name">{cleanName(name)}</span> <Tree value={each} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

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
      <dd>{packet.channel ?? kUnknown}</dd>
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
            {data.decode_error && <p class="drawer-error">{t.packet.undecoded(data.decode_error)}</p>}
            {data.payload != null && <Tree value={data.payload as Json} />}
          </DrawerSection>
          {data.raw_hex && (
            <DrawerSection title={t.packet.bytesTitle} tools={<CopyButton text={data.raw_hex} label={t.packet.copyHex} />}>
              <pre class="hex mono" tabIndex={0}>{hexLines(data.raw_hex)}</pre>
            </DrawerSection>
          )}
        </>
      )}
    </>
  );
}
