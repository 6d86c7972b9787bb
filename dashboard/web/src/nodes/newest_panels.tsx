// The node's newest packets, messages and traceroutes.

import { getMessagesFrom, getTraceroutes, type Traceroute } from "../api/node_page";
import type { NodeDetail } from "../api/types";
import { Ago, Clock, NodeLink, Open, Panel, PortPill, SkeletonRows, Snr } from "../components/parts";
import { isHeard, MessageReceptions, Receptions } from "../components/receptions";
import { useAnswer } from "../details/use_answer";
import { cleanName, formatNumber } from "../logic/format";
import { nodes } from "../state/store";
import { t } from "../texts/texts";
import { PageLink } from "../components/page_link";

const kMessages = 8;
const kTraceroutes = 6;
const kSummaryLength = 160;
const kMessageLength = 240;

export function NewestPackets({ node }: { node: NodeDetail }) {
  const texts = t.nodePage.packets;
  const columns = t.feed.columns;
  const all = (
    <PageLink class="button" to={{ page: "packets", query: `from:${node.id}` }}>
      {texts.all}
    </PageLink>
  );
  return (
    <Panel title={texts.title} class="node-packets" tools={node.recent_packets.length > 0 && all}>
      <div class="node-body">
        {node.recent_packets.length === 0 && <p class="empty">{texts.none}</p>}
        {node.recent_packets.length > 0 && (
          <table class="small-table packet-table">
            <thead>
              <tr>
                <th>{columns.time}</th>
                <th>{columns.port}</th>
                <th>{t.packet.to}</th>
                <th class="wide-only">{columns.summary}</th>
                <th class="number">{columns.rx}</th>
                <th class="number wide-only">{columns.snr}</th>
              </tr>
            </thead>
            <tbody>
              {node.recent_packets.map((packet) => (
                <tr key={packet.id} data-packet={packet.id} class={isHeard(packet) ? undefined : "unheard"}>
                  <td class="muted">
                    <Open to={{ packet: packet.id }}>
                      <Clock time={packet.time_us} />
                    </Open>
                  </td>
                  <td>
                    <PortPill port={packet.port} name={packet.port_name} />
                  </td>
                  <td class="clip">
                    <NodeLink id={packet.to} name={packet.to_name} />
                  </td>
                  <td class="clip muted wide-only">
                    <bdi>{cleanName(packet.summary, kSummaryLength)}</bdi>
                  </td>
                  <td class="number">
                    <Receptions receptions={packet.receptions} flags={packet.flags} />
                  </td>
                  <td class="number wide-only">
                    <Snr value={packet.best_snr} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}

export function NewestMessages({ id, version }: { id: string; version: unknown }) {
  const texts = t.nodePage.messages;
  const { data, error } = useAnswer((signal) => getMessagesFrom(id, kMessages, signal), version);
  const all = (
    <PageLink class="button" to={{ page: "packets", query: `from:${id} port:text` }}>
      {texts.all}
    </PageLink>
  );
  return (
    <Panel title={texts.title} class="node-messages" tools={(data?.messages.length ?? 0) > 0 && all}>
      <div class="node-body">
        {error && <p class="drawer-error">{t.loadError(error)}</p>}
        {!data && !error && <SkeletonRows count={3} />}
        {data?.messages.length === 0 && <p class="empty">{data.searchedAll ? texts.none : texts.noneLately}</p>}
        <ul class="node-list">
          {data?.messages.map((message) => (
            <li key={message.id} data-packet={message.id}>
              <p class="faint">
                <Open to={{ packet: message.id }}>
                  <Ago time={message.time_us} suffix />
                </Open>
                {" → "}
                <NodeLink id={message.to} name={nodes.get(message.to)?.long_name ?? null} />
                {" · "}
                <span class="rx">
                  <MessageReceptions message={message} />
                </span>
              </p>
              <p class="node-message">
                <bdi>{cleanName(message.text, kMessageLength)}</bdi>
              </p>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

type Hops = Traceroute["towards"];

// From node to node, with the signal that each heard the one before with.
function Way({ hops, label }: { hops: Hops; label: string }) {
  return (
    <p class="way">
      <span class="faint">{label}</span>
      {hops.map((hop, i) => (
        <span key={i} class="way-hop">
          {i > 0 && <span class="faint">→ {hop.snr === null ? "" : `${formatNumber(hop.snr, 1, "dB")} → `}</span>}
          {hop.node ? <NodeLink id={hop.node} name={null} /> : <span class="faint">{t.nodePage.traceroutes.unknownNode}</span>}
        </span>
      ))}
    </p>
  );
}

export function NewestTraceroutes({ id, version }: { id: string; version: unknown }) {
  const texts = t.nodePage.traceroutes;
  const { data, error } = useAnswer((signal) => getTraceroutes(id, kTraceroutes, signal), version);
  return (
    <Panel
      title={texts.title}
      class="node-traceroutes"
      tools={
        (data?.length ?? 0) > 0 && (
          <PageLink class="button" to={{ page: "traceroutes", options: { of: id } }}>
            {t.nodePage.messages.all}
          </PageLink>
        )
      }
    >
      <div class="node-body">
        {error && <p class="drawer-error">{t.loadError(error)}</p>}
        {!data && !error && <SkeletonRows count={3} />}
        {data?.length === 0 && <p class="empty">{texts.none}</p>}
        <ul class="node-list">
          {data?.map((route) => (
            <li key={route.id} data-packet={route.id}>
              <p class="faint">
                <Open to={{ packet: route.id }}>
                  <Ago time={route.time_us} suffix />
                </Open>
                {` · ${route.is_reply ? texts.answer : texts.question}`}
              </p>
              <Way hops={route.towards} label={texts.toward} />
              {route.back && <Way hops={route.back} label={texts.back} />}
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
