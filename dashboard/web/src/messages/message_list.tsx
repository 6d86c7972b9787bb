// Messages from the oldest at the top to the newest at the bottom, where the list begins. Its box is laid out from the
// bottom, so that older ones come above without a jump.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Message } from "../api/types";
import type { Entry } from "../logic/conversations";
import { useRowKeys } from "../overview/use_row_keys";
import { zone } from "../state/settings";
import { now } from "../state/store";
import { t } from "../texts/texts";
import { dayName, dayOf } from "./day_name";
import { MessageRow } from "./message_row";

// So far from the newest someone reads older ones, in pixels.
const kReadingPixels = 40;
// So near the oldest, older ones are loaded.
const kNearTopPixels = 800;

interface Props {
  entries: Entry[]; // oldest first
  target: number | null; // the message that the address names
  showsChannel: boolean;
  head: ComponentChildren; // above the oldest
  onNearTop(): void;
  onReading(reading: boolean): void;
  onJump(to: Message | "missing", from: Message): void;
}

export function MessageList(props: Props) {
  const { entries, target } = props;
  const box = useRef<HTMLDivElement>(null);
  const { reachable, handlers } = useRowKeys(entries.map((entry) => entry.message.id).reverse());
  const isThere = target !== null && entries.some((entry) => entry.message.id === target);
  // The list does not go on while the message that someone came for is looked for.
  const isLooking = target !== null && !isThere;
  const look = () => {
    const element = box.current;
    if (!element) return;
    // Laid out from the bottom: 0 is the end, further up is negative.
    props.onReading(isLooking || element.scrollTop < -kReadingPixels || element.matches(":focus-within"));
    if (element.scrollHeight - element.clientHeight + element.scrollTop < kNearTopPixels) props.onNearTop();
  };
  useEffect(look, [entries.length]);
  useEffect(() => {
    if (isThere) box.current?.querySelector(`[data-packet="${target}"]`)?.scrollIntoView({ block: "center" });
  }, [target, isThere]);
  return (
    <div class="panel-body message-box" ref={box} onScroll={look}>
      <div>
        <p class="table-foot faint">{props.head}</p>
        <ol
          class="message-rows"
          aria-label={t.messagesPage.list}
          onKeyDown={handlers.onKeyDown}
          onFocusIn={(event) => {
            handlers.onFocusIn(event);
            props.onReading(true);
          }}
          onFocusOut={(event) => {
            handlers.onFocusOut(event);
            const next = event.relatedTarget;
            const stays = next instanceof Node && event.currentTarget.contains(next);
            if (!stays) props.onReading((box.current?.scrollTop ?? 0) < -kReadingPixels);
          }}
        >
          {entries.map((entry, i) => {
            const { id, time_us: time } = entry.message;
            const before = entries[i - 1]?.message.time_us;
            const begins = before === undefined || dayOf(before, zone.value) !== dayOf(time, zone.value);
            return (
              <MessageRow
                key={id}
                entry={entry}
                target={id === target}
                reachable={id === reachable}
                showsChannel={props.showsChannel}
                day={begins ? dayName(time, now.peek(), zone.value) : null}
                onJump={props.onJump}
              />
            );
          })}
        </ol>
      </div>
    </div>
  );
}
