// Where on a canvas the places of a layout are, and what is under the pointer. Pure.

export interface Look {
  scale: number;
  x: number; // of the layout's middle on the canvas
  y: number;
}

const kScaleMin = 0.05;
const kScaleMax = 6;
const kScaleOfAll = 3; // few nodes are not drawn further apart than this

// Everything in sight, with `margin` pixels around it.
export function lookAtAll(xs: Float64Array, ys: Float64Array, width: number, height: number, margin: number): Look {
  if (xs.length === 0 || width <= 0 || height <= 0) return { scale: 1, x: width / 2, y: height / 2 };
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < xs.length; i++) {
    left = Math.min(left, xs[i]!);
    right = Math.max(right, xs[i]!);
    top = Math.min(top, ys[i]!);
    bottom = Math.max(bottom, ys[i]!);
  }
  const room = (size: number) => Math.max(40, size - 2 * margin);
  const scale = Math.min(kScaleOfAll, room(width) / Math.max(1, right - left), room(height) / Math.max(1, bottom - top));
  return { scale, x: width / 2 - ((left + right) / 2) * scale, y: height / 2 - ((top + bottom) / 2) * scale };
}

// Closer or further, so that what is at this place of the canvas stays there.
export function zoomed(look: Look, factor: number, x: number, y: number): Look {
  const scale = Math.min(kScaleMax, Math.max(kScaleMin, look.scale * factor));
  const ratio = scale / look.scale;
  return { scale, x: x - (x - look.x) * ratio, y: y - (y - look.y) * ratio };
}

// A node's radius in CSS pixels: its area grows with its neighbours.
export function radiusOf(neighbours: number, scale: number): number {
  return (2.6 + 0.75 * Math.sqrt(Math.min(neighbours, 64))) * Math.min(1.5, Math.max(0.55, Math.sqrt(scale)));
}

function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const squared = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squared));
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}

// The index of the line nearest to the place, within `reach`; null: none is.
export function lineAt(lines: [number, number][], xs: Float64Array, ys: Float64Array, x: number, y: number, reach: number): number | null {
  let [found, nearest] = [null as number | null, reach];
  lines.forEach(([one, other], i) => {
    const distance = toSegment(x, y, xs[one]!, ys[one]!, xs[other]!, ys[other]!);
    if (distance < nearest) [found, nearest] = [i, distance];
  });
  return found;
}

// The index of the node whose mark is nearest to the place, within its radius and `reach`.
export function nodeAt(xs: Float64Array, ys: Float64Array, x: number, y: number, reach: (node: number) => number): number | null {
  let [found, nearest] = [null as number | null, Infinity];
  for (let i = 0; i < xs.length; i++) {
    const distance = Math.hypot(xs[i]! - x, ys[i]! - y);
    if (distance < nearest && distance <= reach(i)) [found, nearest] = [i, distance];
  }
  return found;
}
