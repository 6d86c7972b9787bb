// The newest packets. The list stands still while the pointer or the keyboard is in it, or while it is scrolled down.

import { memo } from "preact/compat";
import { useRef } from "preact/hooks";
import type { Packet } from "../api/types";
import { Clock, NodeLink, Panel, PortPill, SkeletonRows, Snr } from "../components/parts";
import { cleanName, formatCount, kUnknown } from "../logic/format";
import { feed, feedLoaded, holdFeed, releaseFeed } from "../state/store";
import { open, view } from "../state/url";
import { t } from "../texts/en";

const kSummaryLength = 140;

// How a packet came that was not heard on the air.
const kNotHeard = ["own", "replay", "mqtt", "udp"] as const;

function Receptions({ packet }: { packet: Packet }) {
  const way = packet.receptions === 0 && kNotHeard.find((flag) => packet.flags.includes(flag));
  return way ? (
    <span class="faint" title={t.feed.notHeard[way]}>
      {way}
    </span>
  ) : (
    <>{packet.receptions}</>
  );
}

const Row = memo(function Row({ packet, selected }: { packet: Packet; selected: boolean }) {
  return (
    <tr
      class={selected ? "selected" : undefined}
      data-packet={packet.id}
      tabIndex={0}
      onClick={() => open({ packet: packet.id })}
      onKeyDown={(event) => {
        if (event.key === "Enter") open({ packet: packet.id });
      }}
    >
      <td class="feed-time muted">
        <Clock time={packet.time_us} />
      </td>
      <td class="feed-route">
        <span class="route">
          <NodeLink id={packet.from} name={packet.from_name} />
          <span class="faint" aria-hidden="true">
            →
          </span>
          <NodeLink id={packet.to} name={packet.to_name} />
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
        <Receptions packet={packet} />
      </td>
      <td class="feed-snr number">
        <Snr value={packet.best_snr} />
      </td>
    </tr>
  );
});

export function FeedPanel() {
  const body = useRef<HTMLDivElement>(null);
  const { rows, waiting, held } = feed.value;
  const selected = view.value.packet;
  const atTop = () => (body.current?.scrollTop ?? 0) < 4;
  const inside = () => body.current?.matches(":hover, :focus-within") ?? false;
  const goOn = () => {
    if (body.current) body.current.scrollTop = 0;
    releaseFeed();
  };
  const columns = t.feed.columns;
  return (
    <Panel
      title={t.feed.title}
      class="feed"
      note={held && <span class="faint feed-held">{t.feed.held}</span>}
      tools={
        waiting > 0 && (
          <button type="button" class="fresh" title={t.feed.freshHint} onClick={goOn}>
            {t.feed.fresh(formatCount(waiting))}
          </button>
        )
      }
    >
      <div
        class="panel-body"
        ref={body}
        onPointerEnter={(event) => event.pointerType !== "touch" && holdFeed()}
        onPointerLeave={(event) => event.pointerType !== "touch" && atTop() && releaseFeed()}
        onFocusIn={holdFeed}
        onFocusOut={(event) => {
          const next = event.relatedTarget;
          if (!(next instanceof Node && body.current?.contains(next)) && atTop()) releaseFeed();
        }}
        onScroll={() => {
          if (!atTop()) holdFeed();
          else if (!inside()) releaseFeed();
        }}
      >
        {!feedLoaded.value ? (
          <SkeletonRows count={12} />
        ) : rows.length === 0 ? (
          <p class="empty">{t.feed.empty}</p>
        ) : (
          <table class="feed-table">
            <thead>
              <tr>
                <th class="feed-time">{columns.time}</th>
                <th class="feed-route">{columns.route}</th>
                <th class="feed-port">{columns.port}</th>
                <th class="feed-summary">{columns.summary}</th>
                <th class="feed-hops number" title={t.feed.hopsHint}>
                  {columns.hops}
                </th>
                <th class="feed-rx number" title={t.feed.rxHint}>
                  {columns.rx}
                </th>
                <th class="feed-snr number" title={t.feed.snrHint}>
                  {columns.snr}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((packet) => (
                <Row key={packet.id} packet={packet} selected={packet.id === selected} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
