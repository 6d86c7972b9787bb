// One packet of the feed. Of all rows the tab key reaches one, `reachable`; arrow keys move on from there.

import { memo } from "preact/compat";
import type { Packet } from "../api/types";
import { Clock, NodeLink, PortPill, Snr } from "../components/parts";
import { isHeard, Receptions } from "../components/receptions";
import { cleanName, kUnknown } from "../logic/format";
import { open } from "../state/url";

const kSummaryLength = 140;

interface Props {
  packet: Packet;
  selected: boolean;
  reachable: boolean;
}

function className({ packet, selected }: Props): string {
  return [selected && "selected", !isHeard(packet) && "unheard"].filter(Boolean).join(" ");
}

export const FeedRow = memo(function FeedRow(props: Props) {
  const { packet, reachable } = props;
  return (
    <tr class={className(props)} data-packet={packet.id} tabIndex={reachable ? 0 : -1} onClick={() => open({ packet: packet.id })}>
      <td class="feed-time muted">
        <Clock time={packet.time_us} />
      </td>
      <td class="feed-route">
        <span class="route">
          <NodeLink id={packet.from} name={packet.from_name} skipped />
          <span class="faint" aria-hidden="true">
            →
          </span>
          <NodeLink id={packet.to} name={packet.to_name} skipped />
        </span>
      </td>
      <td class="feed-port">
        <PortPill port={packet.port} name={packet.port_name} />
      </td>
      <td class="feed-summary muted">
        <div class="clip">
          <bdi>{cleanName(packet.summary, kSummaryLength)}</bdi>
        </div>
      </td>
      <td class="feed-hops number">{packet.hops ?? <span class="faint">{kUnknown}</span>}</td>
      <td class="feed-rx number">
        <Receptions receptions={packet.receptions} flags={packet.flags} />
      </td>
      <td class="feed-snr number">
        <Snr value={packet.best_snr} />
      </td>
    </tr>
  );
});
