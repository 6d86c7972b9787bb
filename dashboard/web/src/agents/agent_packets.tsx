// The newest packets that one agent received.

import { getPacketsOf } from "../api/agents";
import { PageLink } from "../components/page_link";
import { Clock, NodeLink, Open, Panel, PortPill, SkeletonRows } from "../components/parts";
import { isHeard, Receptions } from "../components/receptions";
import { useAnswer } from "../details/use_answer";
import { quoted } from "../logic/completion";
import { cleanName } from "../logic/format";
import { t } from "../texts/texts";
import { useEvery } from "./use_every";

const kShown = 20;
const kAskAgainMs = 5_000;
const kSummaryLength = 160;

export function AgentPackets({ id }: { id: string }) {
  const texts = t.agentsPage.page;
  const query = `agent:${quoted(id)}`;
  const again = useEvery(kAskAgainMs);
  const { data, error } = useAnswer((signal) => getPacketsOf(query, kShown, signal), again);
  return (
    <Panel
      title={texts.packets}
      class="agent-packets"
      tools={
        <PageLink to={{ page: "packets", query }} class="button">
          {texts.allPackets}
        </PageLink>
      }
    >
      {data === null ? (
        error ? <p class="empty" role="alert">{t.loadError(error)}</p> : <SkeletonRows count={8} />
      ) : data.length === 0 ? (
        <p class="empty">{texts.noPackets}</p>
      ) : (
        <div class="panel-body list-box">
          <table class="small-table agent-packets-table">
            <thead>
              <tr>
                <th>{t.feed.columns.time}</th>
                <th>{t.feed.columns.route}</th>
                <th>{t.feed.columns.port}</th>
                <th>{t.feed.columns.summary}</th>
                <th class="number">{t.feed.columns.rx}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((packet) => (
                <tr key={packet.id} data-packet={packet.id} class={isHeard(packet) ? undefined : "unheard"}>
                  <td>
                    <Open to={{ packet: packet.id }} class="muted">
                      <Clock time={packet.time_us} />
                    </Open>
                  </td>
                  <td class="clip">
                    <NodeLink id={packet.from} name={packet.from_name} />
                    <span class="faint"> → </span>
                    <NodeLink id={packet.to} name={packet.to_name} />
                  </td>
                  <td class="clip">
                    <PortPill port={packet.port} name={packet.port_name} />
                  </td>
                  <td class="clip muted">
                    <bdi>{cleanName(packet.summary, kSummaryLength)}</bdi>
                  </td>
                  <td class="number">
                    <Receptions receptions={packet.receptions} flags={packet.flags} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
