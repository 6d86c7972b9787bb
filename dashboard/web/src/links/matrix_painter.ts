// Draws the part of the matrix that is on the screen.

import type { LinkGrade } from "../logic/link_graph";

// How much of its cell a mark fills: the better, the larger.
const kFill: Record<LinkGrade, number> = { good: 0.86, fair: 0.66, weak: 0.46, unknown: 0.3 };

export interface MatrixCell {
  grade: LinkGrade;
  measured: boolean;
}

export interface MatrixLook {
  side: number; // of a cell, in CSS pixels
  left: number; // room for the names of the rows
  top: number; // room for the names of the columns
}

export interface MatrixPicture extends MatrixLook {
  labels: string[];
  cellAt(row: number, column: number): MatrixCell | null;
  cursor: { row: number; column: number } | null;
  chosen: { row: number; column: number } | null; // the link of the drawer
}

export function drawMatrix(canvas: HTMLCanvasElement, picture: MatrixPicture, scrollLeft: number, scrollTop: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const computed = getComputedStyle(document.documentElement);
  const token = (name: string) => computed.getPropertyValue(name).trim();
  const ratio = Math.min(2, devicePixelRatio);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  context.scale(ratio, ratio);
  const { side, left, top, labels, cursor, chosen } = picture;
  const count = labels.length;
  const x = (column: number) => left + column * side - scrollLeft;
  const y = (row: number) => top + row * side - scrollTop;
  const shown = (from: number, room: number) => [Math.max(0, Math.floor(from / side)), Math.min(count, Math.ceil((from + room) / side))] as const;
  const [firstColumn, endColumn] = shown(scrollLeft, width - left);
  const [firstRow, endRow] = shown(scrollTop, height - top);
  context.save();
  context.beginPath();
  context.rect(left, top, Math.min(width - left, count * side - scrollLeft), Math.min(height - top, count * side - scrollTop));
  context.clip();
  context.fillStyle = token("--raised");
  if (cursor) {
    context.fillRect(left, y(cursor.row), width, side);
    context.fillRect(x(cursor.column), top, side, height);
  }
  context.fillStyle = token("--line");
  for (let row = firstRow; row <= endRow; row++) context.fillRect(left, y(row), width, 1);
  for (let column = firstColumn; column <= endColumn; column++) context.fillRect(x(column), top, 1, height);
  for (let row = firstRow; row < endRow; row++) {
    for (let column = firstColumn; column < endColumn; column++) {
      if (row === column) {
        context.fillStyle = token("--line");
        context.fillRect(x(column), y(row), side, side);
        continue;
      }
      const cell = picture.cellAt(row, column);
      if (!cell) continue;
      const size = Math.max(3, Math.round((side - 1) * kFill[cell.grade]));
      const px = x(column) + (side + 1 - size) / 2;
      const py = y(row) + (side + 1 - size) / 2;
      const color = token(`--link-${cell.grade}`);
      context.fillStyle = context.strokeStyle = color;
      context.lineWidth = 1.5;
      if (cell.measured) context.fillRect(px, py, size, size);
      else context.strokeRect(px + 0.75, py + 0.75, size - 1.5, size - 1.5);
    }
  }
  const frame = (cell: { row: number; column: number } | null, color: string) => {
    if (!cell) return;
    context.strokeStyle = token(color);
    context.lineWidth = 2;
    context.strokeRect(x(cell.column) + 0.5, y(cell.row) + 0.5, side, side);
  };
  frame(chosen, "--accent");
  frame(cursor, "--text");
  context.restore();
  drawLabels(context, picture, token, { x, y, width, height, columns: [firstColumn, endColumn], rows: [firstRow, endRow] });
}

interface Shown {
  x(column: number): number;
  y(row: number): number;
  width: number;
  height: number;
  columns: [number, number];
  rows: [number, number];
}

function drawLabels(context: CanvasRenderingContext2D, picture: MatrixPicture, token: (name: string) => string, shown: Shown): void {
  const { side, left, top, labels, cursor } = picture;
  const size = Math.min(12, side - 1);
  context.font = `${size}px ${token("--font")}`;
  context.textBaseline = "middle";
  const color = (lit: boolean) => token(lit ? "--text" : "--muted");
  const within = (room: number, text: string) => {
    const characters = Array.from(text);
    while (characters.length > 1 && context.measureText(`${characters.join("")}…`).width > room) characters.pop();
    return context.measureText(text).width <= room ? text : `${characters.join("")}…`;
  };
  context.save();
  context.beginPath();
  context.rect(0, top, left, shown.height);
  context.clip();
  context.textAlign = "right";
  for (let row = shown.rows[0]; row < shown.rows[1]; row++) {
    context.fillStyle = color(cursor?.row === row);
    context.fillText(within(left - 10, labels[row]!), left - 6, shown.y(row) + side / 2);
  }
  context.restore();
  context.save();
  context.beginPath();
  context.rect(left, 0, shown.width, top);
  context.clip();
  context.textAlign = "left";
  for (let column = shown.columns[0]; column < shown.columns[1]; column++) {
    context.save();
    context.translate(shown.x(column) + side / 2, top - 6);
    context.rotate(-Math.PI / 2);
    context.fillStyle = color(cursor?.column === column);
    context.fillText(within(top - 10, labels[column]!), 0, 0);
    context.restore();
  }
  context.restore();
}
