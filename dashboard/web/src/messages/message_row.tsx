// One message: who, what it answers, its text, reactions, and what became of it. All of it is text from the air.

import { useState } from "preact/hooks";
import type { Message } from "../api/types";
import { Channel } from "../components/channel";
import { Clock, NodeLink, nodeLabel, Open } from "../components/parts";
import { MessageReceptions } from "../components/receptions";
import { deliveryOf, isDirect, type Entry, type Reaction } from "../logic/conversations";
import { cleanName, formatCount, formatDateTime, shortId } from "../logic/format";
import { zone } from "../state/settings";
import { nodes, now } from "../state/store";
import { t } from "../texts/texts";

// A LoRa text has at most 237 bytes; a longer one did not come from a radio.
const kTextLength = 240;
const kQuoteLength = 90;
const kShortNameLength = 6;
const kErrorLength = 40;

// The short name that radios show, or the end of the id, which stands for it there.
function shortName(id: string): string {
  return cleanName(nodes.get(id)?.short_name, kShortNameLength) || shortId(id);
}

function Author({ message, skipped }: { message: Message; skipped: boolean }) {
  const name = cleanName(message.from_name ?? nodes.get(message.from)?.long_name);
  return (
    <Open to={{ node: message.from }} class="author" title={`${name} ${message.from}`.trim()} skipped={skipped}>
      <span class="chip">
        <bdi>{shortName(message.from)}</bdi>
      </span>
      <bdi class="clip author-name">{name || message.from}</bdi>
    </Open>
  );
}

function Delivery({ message }: { message: Message }) {
  const state = deliveryOf(message, now.peek());
  if (!state) return null;
  const { ack } = message;
  const why = ack && (t.messagesPage.errors[ack.error] ?? cleanName(ack.error, kErrorLength));
  const who = ack && nodeLabel(ack.from, nodes.get(ack.from)?.long_name ?? null);
  const when = ack && formatDateTime(ack.time_us, zone.value);
  const hint =
    state === "delivered"
      ? t.messagesPage.deliveredHint(who!, when!)
      : state === "failed"
        ? t.messagesPage.failedHint(who!, when!, why!)
        : state === "pending"
          ? t.messagesPage.pendingHint
          : t.messagesPage.unknownHint;
  const look = { delivered: "good", failed: "bad", pending: "warn", unknown: "none" }[state];
  return (
    <span class={`status ${look} delivery`} title={hint}>
      {t.messagesPage.delivery[state]}
      {state === "failed" && `: ${why}`}
    </span>
  );
}

// How many reacted in this way; who they were is told on hover and, when pressed, beside it.
function ReactionChip({ reaction, skipped }: { reaction: Reaction; skipped: boolean }) {
  const [shown, setShown] = useState(false);
  const names = reaction.from.map(({ id, name }) => nodeLabel(id, name)).join(", ");
  const text = reaction.text || t.messagesPage.empty;
  return (
    <button
      type="button"
      class="reaction"
      title={names}
      aria-label={t.messagesPage.reactions(text, reaction.from.length, names)}
      aria-expanded={shown}
      tabIndex={skipped ? -1 : 0}
      onClick={() => setShown(!shown)}
    >
      <bdi>{text}</bdi>
      <span class="count">{formatCount(reaction.from.length)}</span>
      {shown && <bdi class="reaction-names">{names}</bdi>}
    </button>
  );
}

interface Props {
  entry: Entry;
  target: boolean; // the address names it
  reachable: boolean; // the tab key reaches it and what is in it
  showsChannel: boolean;
  day: string | null; // the divider above it
  onJump(to: Message | "missing", from: Message): void;
}

export function MessageRow({ entry, target, reachable, showsChannel, day, onJump }: Props) {
  const { message, original, isReaction, reactions } = entry;
  const skipped = !reachable;
  const text = cleanName(message.text, kTextLength);
  return (
    <li data-packet={message.id} class={`message-row ${target ? "target" : ""} ${isDirect(message) ? "direct" : ""}`} tabIndex={reachable ? 0 : -1} aria-current={target ? "true" : undefined}>
      {day && <div class="day">{day}</div>}
      <div class="message-line">
        <span class="message-time faint">
          <Clock time={message.time_us} />
        </span>
        <Author message={message} skipped={skipped} />
        <div class="message-body">
          {original !== null && (
            <button
              type="button"
              class="original"
              title={original === "missing" ? t.messagesPage.findMissing : t.messagesPage.jump}
              tabIndex={skipped ? -1 : 0}
              onClick={() => onJump(original, message)}
            >
              <span aria-hidden="true">↱</span>
              {original === "missing" ? (
                <span>{isReaction ? t.messagesPage.missingReaction : t.messagesPage.missing}</span>
              ) : (
                <>
                  <bdi class="original-author">{shortName(original.from)}</bdi>
                  <bdi class="clip">{cleanName(original.text, kQuoteLength) || t.messagesPage.empty}</bdi>
                </>
              )}
            </button>
          )}
          <p dir="auto" class="message-text">
            {text || <span class="faint">{t.messagesPage.empty}</span>}
          </p>
          {reactions.length > 0 && (
            <div class="reactions">
              {reactions.map((reaction) => (
                <ReactionChip key={reaction.text} reaction={reaction} skipped={skipped} />
              ))}
            </div>
          )}
        </div>
        <span class="message-facts faint">
          {isDirect(message) ? (
            <span class="addressee">
              {t.messagesPage.to} <NodeLink id={message.to} name={nodes.get(message.to)?.long_name ?? null} skipped={skipped} />
            </span>
          ) : (
            showsChannel && (
              <span class="clip">
                <Channel channel={message.channel} flags={null} />
              </span>
            )
          )}
          <Delivery message={message} />
          <Open to={{ packet: message.id }} class="rx" title={t.messagesPage.rxHint} skipped={skipped}>
            <MessageReceptions message={message} />
          </Open>
        </span>
      </div>
    </li>
  );
}
