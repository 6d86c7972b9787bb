// Text messages as a log of what is said, by channel: the newest at the bottom and live, older ones as far as someone
// scrolls up.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { findPacket, getMessagePage } from "../api/messages";
import type { Message } from "../api/types";
import { Channel } from "../components/channel";
import { SkeletonRows } from "../components/parts";
import { countPlaces, gather, parsePlace, placeOf, type Place, type PlaceCount } from "../logic/conversations";
import { formatCount } from "../logic/format";
import { useLiveLog } from "../state/live_log";
import { messages, nodesLoaded, stats } from "../state/store";
import { ask, view } from "../state/url";
import "../styles/messages.css";
import { t } from "../texts/texts";
import { MessageList } from "./message_list";
import { SearchField } from "./search_field";
import { useSearchBack } from "./use_search_back";

function Places({ counts, place, loaded, all }: { counts: PlaceCount[]; place: Place | null; loaded: number; all: number }) {
  const hint = t.messagesPage.countHint(formatCount(loaded));
  const chosen = place !== null && !counts.some((each) => each.place === place) ? [{ place, count: 0 }] : [];
  const tab = (name: Place | null, count: number) => (
    <button
      key={String(name)}
      type="button"
      class="chip-button"
      data-place={name ?? "all"}
      aria-pressed={place === name}
      title={name === "direct" ? `${t.messagesPage.directHint}. ${hint}` : hint}
      onClick={() => ask({ options: { channel: name === null ? "" : String(name), message: "" } })}
    >
      {name === null ? t.messagesPage.all : name === "direct" ? t.messagesPage.direct : <Channel channel={name} flags={null} />}
      <span class="count">{formatCount(count)}</span>
    </button>
  );
  return (
    <div class="quick-filters" role="group" aria-label={t.messagesPage.places}>
      {tab(null, all)}
      {[...counts, ...chosen].map((each) => tab(each.place, each.count))}
    </div>
  );
}

export function MessagesPage() {
  const { query, options } = view.value;
  const place = parsePlace(options["channel"]);
  const target = Number(options["message"]) || null;
  // The store asks for its messages whenever the stream tells of one.
  const asked = useLiveLog<Message>((limit, cursor, signal) => getMessagePage(query, limit, cursor, signal), query, messages.value);
  const { log } = asked;
  const entries = useMemo(() => gather(log.rows), [log.rows]);
  const counts = useMemo(() => countPlaces(entries), [entries]);
  const shown = useMemo(() => (place === null ? entries : entries.filter((entry) => placeOf(entry.message) === place)), [entries, place]);
  const section = useRef<HTMLElement>(null);
  const back = useSearchBack({ asked, shown: shown.length, target, found: target !== null && entries.some((entry) => entry.message.id === target), key: `${query}|${place}` });
  void nodesLoaded.value; // names are there from then on

  const jump = (to: Message | "missing", from: Message) => {
    if (to === "missing") {
      void findPacket(from.reply_id!, from.id).then(
        (id) => (id === null ? back.tellNotFound() : goTo(id, null)),
        () => back.tellNotFound(),
      );
    } else {
      goTo(to.id, placeOf(to));
    }
  };
  // Where all of the log is, unless it is to be seen here, too.
  const goTo = (id: number, where: Place | null) => {
    const stays = where !== null && (place === null || place === where);
    ask({ query: where === null ? "" : query, options: { message: String(id), ...(stays ? {} : { channel: "" }) } });
  };
  const toEnd = () => {
    const box = section.current?.querySelector(".message-box");
    if (box) box.scrollTop = 0;
    ask({ options: { message: "" } }, "replace");
    asked.release();
  };
  const waiting = log.pending.length;
  const goOn = (
    <button type="button" class="button" onClick={back.goOn}>
      {t.messagesPage.older}
    </button>
  );
  const head = asked.searching ? t.messagesPage.loadingOlder : asked.more ? goOn : log.cursor === null ? t.messagesPage.start : t.messagesPage.full;
  const total = stats.value?.messages.total;
  useEffect(() => {
    if (!target) return;
    asked.hold();
  }, [target]);
  return (
    <div class="page messages-page">
      <h1 class="only-spoken">{t.messagesPage.title}</h1>
      <div class="page-head">
        <SearchField query={query} />
        <Places counts={counts} place={place} loaded={log.rows.length} all={entries.length} />
      </div>
      <section class="panel" aria-label={t.messagesPage.title} ref={section}>
        <header class="panel-head">
          <h2>{t.messagesPage.title}</h2>
          {log.loaded && (
            <span class="faint" role="status">
              {query
                ? t.messagesPage.found(formatCount(log.rows.length), log.cursor !== null)
                : t.messagesPage.loaded(formatCount(log.rows.length), formatCount(total === undefined ? undefined : Math.max(total, log.rows.length)))}
            </span>
          )}
          {back.notice && (
            <span class="muted clip" role="status">
              {back.notice}
            </span>
          )}
          <span class="spring" />
          {log.held && (
            <button type="button" class={waiting > 0 ? "fresh" : "button"} title={t.messagesPage.freshHint} onClick={toEnd}>
              {log.gap ? t.messagesPage.freshMany : waiting > 0 ? t.messagesPage.fresh(formatCount(waiting)) : t.messagesPage.toEnd}
            </button>
          )}
        </header>
        {asked.error && (
          <p class="part-error" role="alert">
            {t.loadError(asked.error)}
          </p>
        )}
        {!log.loaded ? (
          <SkeletonRows count={18} />
        ) : shown.length === 0 ? (
          <div class="panel-body">
            <div class="empty">
              <p>{query && log.rows.length === 0 ? t.messagesPage.noneFound : log.rows.length === 0 ? t.messagesPage.none : t.messagesPage.noneHere}</p>
              {log.rows.length > 0 && <p>{head}</p>}
            </div>
          </div>
        ) : (
          <MessageList
            key={`${query}|${place}`}
            entries={shown}
            target={target}
            showsChannel={place === null}
            head={head}
            onNearTop={back.nearTop}
            onReading={(reading) => (reading ? asked.hold() : asked.release())}
            onJump={jump}
          />
        )}
      </section>
    </div>
  );
}
