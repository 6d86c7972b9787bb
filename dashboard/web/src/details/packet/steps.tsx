// To the packet before and after this one in the list, by buttons and by keys.

import { useLayoutEffect } from "preact/hooks";
import { Icon } from "../../components/icons";
import { formatCount } from "../../logic/format";
import { besides } from "../../logic/packet_receptions";
import { shownPackets } from "../../state/shown_packets";
import { open, view } from "../../state/url";
import { t } from "../../texts/texts";

// Somewhere that brackets are typed.
const isTyping = (target: EventTarget | null) => target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");

// Brackets need AltGr on some keyboards, which tells itself as Alt or Ctrl: only the sign counts.
function directionOf(event: KeyboardEvent): "before" | "after" | null {
  if (event.key === "[" || (event.altKey && event.key === "ArrowUp")) return "before";
  if (event.key === "]" || (event.altKey && event.key === "ArrowDown")) return "after";
  return null;
}

export function Steps({ id }: { id: number }) {
  const list = shownPackets.value;
  const { before, after, at } = besides(list, id);
  // As soon as it is drawn: the inspector is made anew with each packet, and no key may fall in between.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const direction = directionOf(event);
      if (!direction || event.metaKey || isTyping(event.target)) return;
      // The packet that is open now: the next key may come before this one is drawn.
      const packet = besides(shownPackets.peek(), view.peek().packet ?? id)[direction];
      event.preventDefault();
      if (packet !== null) open({ packet });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [id]);
  const step = (packet: number | null, label: string, name: string) => (
    <button type="button" class={`icon-button ${name}`} aria-label={label} title={label} disabled={packet === null} onClick={() => packet !== null && open({ packet })}>
      <Icon name="chevron" />
    </button>
  );
  return (
    <span class="steps">
      {step(before, t.inspector.previous, "step-before")}
      {step(after, t.inspector.next, "step-after")}
      {at >= 0 && <span class="faint">{t.inspector.place(formatCount(at + 1), formatCount(list.length))}</span>}
    </span>
  );
}
