// What a packet says: who, when and how, what it answers, its content, and the header around it.

import { findPackets } from "../../api/inspector";
import type { Json, PacketDetail } from "../../api/types";
import { Channel } from "../../components/channel";
import { Ago, Clock, NodeLink, Open, PortPill } from "../../components/parts";
import { cleanName, formatCount, kBroadcast, kUnknown } from "../../logic/format";
import { relatedOf, type Related } from "../../logic/packet_receptions";
import { t } from "../../texts/texts";
import { DrawerSection } from "../drawer";
import { PayloadTree } from "../payload_tree";
import { useAnswer } from "../use_answer";

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

function RelatedPacket({ related }: { related: Related }) {
  const from = related.from === kBroadcast ? null : related.from;
  const { data, error } = useAnswer((signal) => findPackets(related.packetId, from, signal), `${related.packetId} ${from}`);
  return (
    <li>
      <span class="muted">{t.inspector.related[related.kind]}</span> <span class="mono">{related.packetId}</span>{" "}
      {error && <span class="faint">{error}</span>}
      {data?.length === 0 && <span class="faint">{t.inspector.related.missing}</span>}
      {data?.map((packet) => (
        <Open key={packet.id} to={{ packet: packet.id }} class="related-packet">
          <PortPill port={packet.port} name={packet.port_name} /> <Clock time={packet.time_us} />{" "}
          <bdi class="muted">{cleanName(packet.summary, 80)}</bdi>
        </Open>
      ))}
    </li>
  );
}

export function DecodedTab({ packet }: { packet: PacketDetail }) {
  const related = relatedOf(packet);
  return (
    <>
      <DrawerSection title={t.drawer.packet}>
        <Facts packet={packet} />
      </DrawerSection>
      {related.length > 0 && (
        <DrawerSection title={t.inspector.related.title}>
          <ul class="related">
            {related.map((each) => (
              <RelatedPacket key={each.kind} related={each} />
            ))}
          </ul>
        </DrawerSection>
      )}
      <DrawerSection title={t.packet.payload}>
        {packet.decode_error && <p class="drawer-error">{t.packet.undecoded(t.packet.decodeErrors[packet.decode_error] ?? packet.decode_error)}</p>}
        {packet.payload != null ? <PayloadTree value={packet.payload as Json} /> : !packet.decode_error && <p class="faint">{t.inspector.noContent}</p>}
      </DrawerSection>
      <DrawerSection title={t.inspector.header}>
        {packet.mesh_packet != null ? <PayloadTree value={packet.mesh_packet as Json} /> : <p class="faint">{t.inspector.noHeader}</p>}
      </DrawerSection>
    </>
  );
}
