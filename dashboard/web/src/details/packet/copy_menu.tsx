// A small menu: the packet as JSON, its bytes, a link to it, a command that asks for it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { PacketDetail } from "../../api/types";
import { copyText, type Outcome } from "../../components/copy_button";
import { Icon } from "../../components/icons";
import { t } from "../../texts/texts";

const kToldMs = 2_500;

const kWays = ["json", "hex", "link", "curl"] as const;
type Way = (typeof kWays)[number];

function textOf(way: Way, packet: PacketDetail): string | null {
  switch (way) {
    case "json":
      return JSON.stringify(packet, null, 2);
    case "hex":
      return packet.raw_hex ?? packet.payload_hex;
    case "link":
      return location.href;
    case "curl":
      return `curl -s '${location.origin}/api/v1/packets/${packet.id}'`;
  }
}

export function CopyMenu({ packet }: { packet: PacketDetail }) {
  const [isOpen, setOpen] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const items = () => [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)') ?? [])];
  useEffect(() => {
    if (!isOpen) return;
    items()[0]?.focus();
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    addEventListener("pointerdown", onPointer);
    return () => removeEventListener("pointerdown", onPointer);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const take = (way: Way) => {
    const text = textOf(way, packet);
    close();
    if (text === null) return;
    void copyText(text, null).then((what) => {
      setOutcome(what);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setOutcome(null), kToldMs);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return;
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) all[(at + move + all.length) % all.length]?.focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") return setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="copy-menu" ref={box} onKeyDown={onKeyDown}>
      <button type="button" class="button" ref={button} aria-haspopup="menu" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="copy" />
        <span aria-live="polite">{outcome ? t.copy[outcome] : t.inspector.copy.open}</span>
      </button>
      {isOpen && (
        <div class="menu" role="menu" aria-label={t.inspector.copy.label}>
          {kWays.map((way) => (
            <button key={way} type="button" role="menuitem" tabIndex={-1} disabled={textOf(way, packet) === null} onClick={() => take(way)}>
              {t.inspector.copy[way]}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
