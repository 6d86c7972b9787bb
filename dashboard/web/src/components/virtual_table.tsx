// A table of any length: only the rows on the screen are drawn, all of the same height. One stop of the tab key; arrow
// keys, Page Up and Down, Home and End (also j and k) go from row to row, Enter opens one.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { scrollToRow, windowOf } from "../logic/window";

export interface Column<Row> {
  name: string;
  title: ComponentChildren;
  hint?: string;
  class?: string;
  number?: boolean;
  cell(row: Row): ComponentChildren;
  sortable?: boolean;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowHeight: number;
  keyOf(row: Row): string | number;
  selected: string | number | null;
  onOpen(row: Row): void;
  rowClass?(row: Row): string;
  // The column that the rows are in the order of, "-" before it for falling.
  sort?: string;
  onSort?(sort: string): void;
  onNearEnd?(): void;
  // Whether someone reads: the pointer or the keyboard is in the rows, or they are scrolled down. Rows should stand still.
  onReading?(reading: boolean): void;
  foot?: ComponentChildren;
}

// How near the end "near the end" is, in rows.
const kNearEndRows = 30;

function step(key: string, page: number, rows: number): number | null {
  switch (key) {
    case "ArrowDown":
    case "j":
      return 1;
    case "ArrowUp":
    case "k":
      return -1;
    case "PageDown":
      return page;
    case "PageUp":
      return -page;
    case "End":
      return rows;
    case "Home":
      return -rows;
    default:
      return null;
  }
}

function SortHead<Row>({ column, sort, onSort }: { column: Column<Row>; sort: string; onSort(sort: string): void }) {
  const falling = sort === `-${column.name}`;
  const rising = sort === column.name;
  return (
    <button type="button" class="sort" onClick={() => onSort(rising ? `-${column.name}` : column.name)}>
      {column.title}
      <span class="sort-mark" aria-hidden="true">
        {rising ? "▲" : falling ? "▼" : ""}
      </span>
    </button>
  );
}

export function VirtualTable<Row>(props: Props<Row>) {
  const { columns, rows, rowHeight, keyOf } = props;
  const sort = props.sort ?? "";
  const box = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLTableSectionElement>(null);
  const [scroll, setScroll] = useState({ top: 0, height: 800 });
  // The row that the tab key reaches, by its key: it stays the same row when others come above it.
  const [focused, setFocused] = useState<string | number | null>(null);
  const wantsFocus = useRef(false);
  // A browser takes the focus from a row that is moved: that is not someone going elsewhere.
  const hasFocus = useRef(false);
  const drawing = useRef(false);
  drawing.current = true;
  const measure = () => {
    const element = box.current;
    if (!element) return;
    setScroll({ top: element.scrollTop, height: element.clientHeight });
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (left < kNearEndRows * rowHeight) props.onNearEnd?.();
    tellReading(element.matches(":hover, :focus-within"));
  };
  const isReading = useRef(false);
  const tellReading = (inside: boolean) => {
    const reading = inside || (box.current?.scrollTop ?? 0) >= 4;
    if (reading === isReading.current) return;
    isReading.current = reading;
    props.onReading?.(reading);
  };
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // Fewer rows than before may leave the place that was scrolled to.
  useEffect(measure, [rows.length]);

  const shown = windowOf(rows.length, rowHeight, scroll.top, scroll.height);
  const found = focused === null ? -1 : rows.findIndex((row) => keyOf(row) === focused);
  // A row that was scrolled away is not drawn: then the first one on the screen.
  const isDrawn = found >= shown.first && found < shown.end;
  const reachable = isDrawn ? found : Math.min(Math.ceil(scroll.top / rowHeight), Math.max(0, rows.length - 1));
  useLayoutEffect(() => {
    drawing.current = false;
    const lost = hasFocus.current && !box.current?.contains(document.activeElement);
    // Also when the row went out of sight, as one that gets another place in the order does: the keyboard goes on from the
    // first one that is seen, instead of being nowhere.
    if (!wantsFocus.current && !lost) return;
    const row = box.current?.querySelector<HTMLElement>('tr[tabindex="0"]');
    if (!row) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });
  const goTo = (index: number) => {
    const row = rows[index];
    const element = box.current;
    if (row === undefined || !element) return;
    element.scrollTop = scrollToRow(index, rowHeight, element.scrollTop, element.clientHeight, head.current?.offsetHeight ?? 0);
    wantsFocus.current = true;
    setFocused(keyOf(row));
    measure();
  };
  // What is chosen elsewhere, by the drawer's keys, is brought into sight.
  const chosen = useRef(props.selected);
  useEffect(() => {
    const element = box.current;
    if (props.selected === chosen.current) return;
    chosen.current = props.selected;
    const index = props.selected === null ? -1 : rows.findIndex((row) => keyOf(row) === props.selected);
    if (index < 0 || !element) return;
    element.scrollTop = scrollToRow(index, rowHeight, element.scrollTop, element.clientHeight, head.current?.offsetHeight ?? 0);
  }, [props.selected]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (!(event.target instanceof HTMLElement) || event.target.tagName !== "TR") return;
    // The row that the key was pressed on, wherever it stands by now.
    const pressed = event.target.dataset["row"];
    const found = rows.findIndex((each) => String(keyOf(each)) === pressed);
    const at = found < 0 ? reachable : found;
    const row = rows[at];
    const steps = step(event.key, Math.max(1, Math.floor(scroll.height / rowHeight) - 2), rows.length);
    if (steps !== null) goTo(Math.min(rows.length - 1, Math.max(0, at + steps)));
    else if (row !== undefined && (event.key === "Enter" || event.key === " ")) props.onOpen(row);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="panel-body virtual"
      ref={box}
      onScroll={measure}
      onPointerEnter={(event) => event.pointerType !== "touch" && tellReading(true)}
      onPointerLeave={(event) => event.pointerType !== "touch" && tellReading(box.current?.matches(":focus-within") ?? false)}
      onFocusIn={() => tellReading(true)}
      onFocusOut={(event) => {
        const next = event.relatedTarget;
        if (!(next instanceof Node && box.current?.contains(next))) tellReading(box.current?.matches(":hover") ?? false);
      }}
    >
      <table class="rows" aria-label={props.label} aria-rowcount={rows.length + 1}>
        <thead ref={head}>
          <tr>
            {columns.map((column) => (
              <th
                key={column.name}
                class={`${column.class ?? ""} ${column.number ? "number" : ""}`}
                title={column.hint}
                aria-sort={sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : undefined}
              >
                {column.sortable && props.onSort ? <SortHead column={column} sort={sort} onSort={props.onSort} /> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {shown.before > 0 && <tr class="gap" aria-hidden="true" style={{ height: `${shown.before}px` }} />}
          {rows.slice(shown.first, shown.end).map((row, i) => {
            const index = shown.first + i;
            const key = keyOf(row);
            return (
              <tr
                key={key}
                data-row={key}
                aria-rowindex={index + 2}
                tabIndex={index === reachable ? 0 : -1}
                class={`${props.rowClass?.(row) ?? ""} ${key === props.selected ? "selected" : ""}`}
                onFocus={() => {
                  hasFocus.current = true;
                  setFocused(key);
                }}
                onBlur={() => {
                  if (!drawing.current) hasFocus.current = false;
                }}
                onClick={() => props.onOpen(row)}
              >
                {columns.map((column) => (
                  <td key={column.name} class={`${column.class ?? ""} ${column.number ? "number" : ""}`}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {shown.after > 0 && <tr class="gap" aria-hidden="true" style={{ height: `${shown.after}px` }} />}
        </tbody>
      </table>
      {props.foot}
    </div>
  );
}
