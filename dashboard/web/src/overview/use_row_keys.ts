// The keyboard in a list of packets: one stop of the tab key for all of it, arrow keys from row to row, Enter and the
// space bar open a packet (the pattern that ARIA calls a roving tabindex).

import { useState } from "preact/hooks";
import { open } from "../state/url";

const kPage = 10; // rows that Page Up and Page Down go

// How many rows a key goes; null: not a key of the list.
function step(key: string, rows: number): number | null {
  switch (key) {
    case "ArrowDown":
      return 1;
    case "ArrowUp":
      return -1;
    case "PageDown":
      return kPage;
    case "PageUp":
      return -kPage;
    case "End":
      return rows;
    case "Home":
      return -rows;
    default:
      return null;
  }
}

function idOf(row: Element): number | null {
  return row instanceof HTMLElement && row.dataset["packet"] ? Number(row.dataset["packet"]) : null;
}

export interface RowKeys {
  reachable: number | null; // the packet whose row the tab key reaches
  handlers: {
    onKeyDown(event: KeyboardEvent): void;
    onFocusIn(event: FocusEvent): void;
    onFocusOut(event: FocusEvent): void;
  };
}

// `ids`: the rows' packets, in their order. The handlers belong to the element whose children the rows are.
export function useRowKeys(ids: number[]): RowKeys {
  const [focused, setFocused] = useState<number | null>(null);
  const reachable = focused !== null && ids.includes(focused) ? focused : (ids[0] ?? null);
  return {
    reachable,
    handlers: {
      onKeyDown: (event) => {
        const row = event.target;
        const list = event.currentTarget;
        if (!(row instanceof HTMLElement) || !(list instanceof HTMLElement) || row.parentElement !== list) return;
        if (event.metaKey || event.ctrlKey || event.altKey) return;
        const id = idOf(row);
        const rows = Array.from(list.children);
        const steps = step(event.key, rows.length);
        if (steps !== null) {
          const next = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(row) + steps))];
          if (next instanceof HTMLElement) next.focus();
        } else if (id !== null && (event.key === "Enter" || event.key === " ")) {
          open({ packet: id });
        } else {
          return;
        }
        event.preventDefault(); // the page would scroll
      },
      onFocusIn: (event) => {
        const row = event.target instanceof Element ? event.target.closest("[data-packet]") : null;
        if (row) setFocused(idOf(row));
      },
      // The list goes on when the keyboard leaves it: the next time it is entered at the newest packet.
      onFocusOut: (event) => {
        const next = event.relatedTarget;
        const list = event.currentTarget;
        if (!(next instanceof Node && list instanceof Node && list.contains(next))) setFocused(null);
      },
    },
  };
}
