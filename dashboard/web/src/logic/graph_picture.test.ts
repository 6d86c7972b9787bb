import { expect, it } from "vitest";
import { lineAt, lookAtAll, nodeAt, radiusOf, zoomed } from "./graph_picture";

const xs = Float64Array.of(0, 100, 100);
const ys = Float64Array.of(0, 0, 50);

it("shows everything, in the middle", () => {
  const look = lookAtAll(xs, ys, 240, 240, 20);
  expect(look).toEqual({ scale: 2, x: 20, y: 70 });
  expect(lookAtAll(xs, ys, 4000, 4000, 0).scale).toBe(3);
  expect(lookAtAll(new Float64Array(0), new Float64Array(0), 100, 60, 10)).toEqual({ scale: 1, x: 50, y: 30 });
});

it("zooms around the pointer, within bounds", () => {
  const look = zoomed({ scale: 1, x: 10, y: 20 }, 2, 50, 60);
  expect(look).toEqual({ scale: 2, x: -30, y: -20 });
  expect(zoomed(look, 1000, 0, 0).scale).toBe(6);
  expect(zoomed(look, 0.00001, 0, 0).scale).toBe(0.05);
});

it("finds what is under the pointer", () => {
  expect(nodeAt(xs, ys, 98, 3, () => 6)).toBe(1);
  expect(nodeAt(xs, ys, 50, 3, () => 6)).toBeNull();
  const lines: [number, number][] = [[0, 1], [0, 2]];
  expect(lineAt(lines, xs, ys, 50, 3, 5)).toBe(0);
  expect(lineAt(lines, xs, ys, 50, 24, 5)).toBe(1);
  expect(lineAt(lines, xs, ys, 120, 0, 5)).toBeNull();
  expect(radiusOf(64, 1)).toBeGreaterThan(radiusOf(1, 1));
});
