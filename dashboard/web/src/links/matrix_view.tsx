// The links as a matrix: rows transmit, columns receive.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatCount, formatNumber } from "../logic/format";
import { kMatrixOrders } from "../logic/link_choices";
import { gradeOf, kLinkGrades, wayKey, type LinkGrade } from "../logic/link_graph";
import { clusterOrder, mostConnected, nameOrder } from "../logic/matrix_order";
import { isDark } from "../state/settings";
import { ask, open, view } from "../state/url";
import { t } from "../texts/texts";
import { Choice } from "./filters";
import { wayText } from "./link_parts";
import type { LinkViewProps } from "./links_page";
import { drawMatrix, type MatrixLook } from "./matrix_painter";

// As many as can be told apart on one screen.
const kNodesMax = 60;
const kSideMin = 12;
const kSideMax = 26;

type Cell = { row: number; column: number };

function lookFor(width: number, height: number, count: number): MatrixLook {
  const left = width < 600 ? 96 : 168;
  const top = width < 600 ? 84 : 118;
  const side = Math.floor(Math.min(width - left - 16, height - top - 16) / Math.max(1, count));
  return { left, top, side: Math.min(kSideMax, Math.max(kSideMin, side)) };
}

function MatrixLegend() {
  const texts = t.linksPage;
  const sizes: Record<LinkGrade, number> = { good: 12, fair: 9, weak: 6, unknown: 4 };
  return (
    <ul class="link-legend" aria-label={texts.legend}>
      {kLinkGrades.map((grade) => (
        <li key={grade}>
          <svg viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true">
            <rect x={-sizes[grade] / 2} y={-sizes[grade] / 2} width={sizes[grade]} height={sizes[grade]} fill={`var(--link-${grade})`} />
          </svg>
          {texts.grade[grade]} <span class="faint">{texts.gradeRange[grade]}</span>
        </li>
      ))}
      <li>
        <svg viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true">
          <rect x="-4.5" y="-4.5" width="9" height="9" fill="none" stroke="var(--muted)" stroke-width="1.5" />
        </svg>
        <span class="faint">{texts.legendHollow}</span>
      </li>
      <li class="faint">{texts.legendSize}</li>
    </ul>
  );
}

export function MatrixView({ graph, name, chosen }: LinkViewProps) {
  const texts = t.linksPage.matrix;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [cursor, setCursor] = useState<Cell | null>(null);
  const [scroll, setScroll] = useState({ left: 0, top: 0 });
  const ids = useMemo(() => {
    const most = mostConnected(graph, kNodesMax);
    return chosen.order === "name" ? nameOrder(most, name) : clusterOrder(graph, most);
  }, [graph, name, chosen.order]);
  const ways = useMemo(() => new Map(graph.ways.map((way) => [way.key, way])), [graph]);
  const wayAt = (row: number, column: number) => ways.get(wayKey(ids[row]!, ids[column]!)) ?? null;
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const look = lookFor(room.width, room.height, ids.length);
  const size = { width: look.left + ids.length * look.side + 2, height: look.top + ids.length * look.side + 2 };
  const { link } = view.value;
  const [from, to] = link?.split("-") ?? [];
  const dark = isDark();
  useEffect(() => {
    const element = canvas.current;
    if (!element || room.width === 0) return;
    const chosenCell = { row: ids.indexOf(from ?? ""), column: ids.indexOf(to ?? "") };
    const picture = {
      ...look,
      labels: ids.map(name),
      cursor: cursor && cursor.row < ids.length && cursor.column < ids.length ? cursor : null,
      chosen: chosenCell.row >= 0 && chosenCell.column >= 0 ? chosenCell : null,
      cellAt: (row: number, column: number) => {
        const way = wayAt(row, column);
        return way && { grade: gradeOf(way.snr), measured: way.measured };
      },
    };
    drawMatrix(element, picture, scroll.left, scroll.top);
  }, [ids, ways, name, room.width, room.height, cursor, scroll, link, dark]);

  const cellUnder = (event: MouseEvent): Cell | null => {
    const area = canvas.current!.getBoundingClientRect();
    const x = event.clientX - area.left - look.left;
    const y = event.clientY - area.top - look.top;
    if (x < 0 || y < 0) return null;
    const cell = { row: Math.floor((y + scroll.top) / look.side), column: Math.floor((x + scroll.left) / look.side) };
    return cell.row < ids.length && cell.column < ids.length ? cell : null;
  };
  const openCell = (cell: Cell | null) => {
    const way = cell && wayAt(cell.row, cell.column);
    if (way) open({ link: way.key });
  };
  const bounded = (index: number) => Math.min(ids.length - 1, Math.max(0, index));
  const goTo = (cell: Cell) => {
    const element = box.current!;
    setCursor(cell);
    const [x, y] = [cell.column * look.side, cell.row * look.side];
    const [wide, high] = [room.width - look.left - look.side, room.height - look.top - look.side];
    element.scrollLeft = Math.min(x, Math.max(element.scrollLeft, x - wide));
    element.scrollTop = Math.min(y, Math.max(element.scrollTop, y - high));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const at = cursor ?? { row: 0, column: 0 };
    const steps: Record<string, Cell> = {
      ArrowUp: { row: at.row - 1, column: at.column },
      ArrowDown: { row: at.row + 1, column: at.column },
      ArrowLeft: { row: at.row, column: at.column - 1 },
      ArrowRight: { row: at.row, column: at.column + 1 },
      Home: { row: at.row, column: 0 },
      End: { row: at.row, column: ids.length - 1 },
    };
    const next = steps[event.key];
    if (next) goTo({ row: bounded(next.row), column: bounded(next.column) });
    else if (event.key === "Enter" || event.key === " ") openCell(cursor);
    else return;
    event.preventDefault();
  };
  const said = () => {
    const [one, other] = cursor ? [ids[cursor.row], ids[cursor.column]] : [];
    if (!cursor || !one || !other) return <span class="faint">{texts.point}</span>;
    if (one === other) return `${name(one)}: ${texts.itself}`;
    const way = wayAt(cursor.row, cursor.column);
    const count = way ? ` · ${way.links.map((each) => `${t.linksPage.evidenceCounts[each.evidence]}: ${formatCount(each.count)}`).join(", ")}` : "";
    const rssi = way?.rssi != null ? ` · ${formatNumber(way.rssi, 0, "dBm")}` : "";
    return wayText(one, other, way, name) + rssi + count;
  };
  const count = formatCount(ids.length);
  return (
    <div class="link-view">
      <div class="matrix-head">
        <Choice label={texts.order} values={kMatrixOrders} chosen={chosen.order} text={(value) => texts.orders[value]} onChoose={(value) => ask({ options: { order: value === "cluster" ? "" : value } })} />
        <span class="faint">
          {texts.axes} {ids.length < graph.nodes.size ? texts.most(count, formatCount(graph.nodes.size)) : texts.all(count)}
        </span>
      </div>
      <div
        class="matrix"
        ref={box}
        tabIndex={0}
        role="application"
        aria-label={texts.label(count)}
        data-count={ids.length}
        onScroll={(event) => setScroll({ left: event.currentTarget.scrollLeft, top: event.currentTarget.scrollTop })}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          const cell = cellUnder(event);
          if (cell?.row !== cursor?.row || cell?.column !== cursor?.column) setCursor(cell);
        }}
        onClick={(event) => {
          const cell = cellUnder(event);
          setCursor(cell); // a finger has not moved there before
          openCell(cell);
        }}
      >
        {/* As large as the whole matrix; the canvas stays in sight within it and shows the part that is scrolled to. */}
        <div style={{ width: `${size.width}px`, height: `${size.height}px` }}>
          <canvas ref={canvas} style={{ width: `${room.width}px`, height: `${room.height}px` }} aria-hidden="true" />
        </div>
      </div>
      <footer class="link-foot">
        <p class="matrix-said" role="status">
          <bdi>{said()}</bdi>
        </p>
        <MatrixLegend />
      </footer>
    </div>
  );
}
