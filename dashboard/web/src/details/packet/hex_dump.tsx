// Bytes in lines: offset, hex, printable characters. One stop of the tab key; arrow keys go from byte to byte.

import { useEffect, useRef } from "preact/hooks";
import { hasMoved } from "../../components/pointer";
import { byteText, characterOf, offsetText } from "../../logic/packet_bytes";
import { isPhone } from "../../state/screen";

interface Props {
  bytes: number[];
  content: { from: number; to: number } | null; // drawn stronger than what is around it
  marked: { from: number; to: number } | null;
  current: number; // the byte that the keys stand at
  label: string;
  onByte(byte: number): void;
}

const kPerLine = 16;
const kPerLinePhone = 8;

// How many bytes a key leads on.
function stepOf(key: string, perLine: number, count: number): number | null {
  return { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perLine, ArrowUp: -perLine, Home: -count, End: count }[key] ?? null;
}

export function HexDump({ bytes, content, marked, current, label, onByte }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const perLine = isPhone.value ? kPerLinePhone : kPerLine;
  // What is marked may stand outside of the window.
  const from = marked?.from;
  useEffect(() => {
    const element = box.current;
    const cell = from === undefined ? null : element?.querySelector<HTMLElement>(`[data-byte="${from}"]`);
    if (!element || !cell) return;
    const top = cell.offsetTop - element.offsetTop;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + cell.offsetHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + cell.offsetHeight - element.clientHeight;
  }, [from]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = stepOf(event.key, perLine, bytes.length);
    if (step === null) return;
    event.preventDefault();
    const next = Math.min(bytes.length - 1, Math.max(0, current + step));
    onByte(next);
  };
  const pointed = (event: Event) => {
    const at = event.target instanceof HTMLElement ? event.target.dataset["byte"] : undefined;
    if (at !== undefined) onByte(Number(at));
  };
  const classOf = (at: number) =>
    [
      content && at >= content.from && at < content.to ? "content" : "",
      marked && at >= marked.from && at < marked.to ? "marked" : "",
      at === current ? "current" : "",
    ].join(" ");
  const lines = Array.from({ length: Math.ceil(bytes.length / perLine) }, (_, i) => i * perLine);
  return (
    <div class="hex mono" ref={box} role="group" tabIndex={0} aria-label={label} onKeyDown={onKeyDown} onPointerMove={(event) => hasMoved(event) && pointed(event)} onClick={pointed}>
      {lines.map((start) => {
        const line = bytes.slice(start, start + perLine);
        return (
          <div key={start} class="hex-line">
            <span class="hex-offset">{offsetText(start)}</span>
            <span class="hex-bytes">
              {line.map((byte, i) => (
                <span key={i} data-byte={start + i} class={classOf(start + i)}>
                  {byteText(byte)}
                </span>
              ))}
            </span>
            <span class="hex-text" aria-hidden="true">
              {line.map((byte, i) => (
                <span key={i} data-byte={start + i} class={classOf(start + i)}>
                  {characterOf(byte)}
                </span>
              ))}
            </span>
          </div>
        );
      })}
    </div>
  );
}
