// The newest packets. The list stands still while the pointer or the keyboard is in it, or while it is scrolled down.

import { useRef } from "preact/hooks";
import { Panel, SkeletonRows } from "../components/parts";
import { formatCount } from "../logic/format";
import { feed, feedLoaded, holdFeed, releaseFeed } from "../state/store";
import { view } from "../state/url";
import { t } from "../texts/texts";
import { FeedRow } from "./feed_row";
import { useRowKeys } from "./use_row_keys";

export function FeedPanel() {
  const body = useRef<HTMLDivElement>(null);
  const { rows, waiting, held } = feed.value;
  const selected = view.value.packet;
  const { reachable, handlers } = useRowKeys(rows.map((p) => p.id));
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
          <table class="feed-table" aria-describedby="feed-keys">
            <caption id="feed-keys" class="only-spoken">
              {t.feed.keys}
            </caption>
            <thead>
              <tr>
                <th class="feed-time" title={t.feed.timeHint}>
                  {columns.time}
                </th>
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
            <tbody {...handlers}>
              {rows.map((packet) => (
                <FeedRow key={packet.id} packet={packet} selected={packet.id === selected} reachable={packet.id === reachable} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
