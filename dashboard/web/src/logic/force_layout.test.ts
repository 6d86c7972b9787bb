import { expect, it } from "vitest";
import { ForceLayout } from "./force_layout";
import { QuadTree } from "./quad_tree";

const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`);
// A ring with some chords.
const ring = (count: number): [number, number][] => names(count).flatMap((_, i): [number, number][] => (i % 3 === 0 ? [[i, (i + 1) % count], [i, (i + 7) % count]] : [[i, (i + 1) % count]]));

function rested(layout: ForceLayout): number {
  let steps = 0;
  for (; !layout.settled && steps < 1000; steps++) layout.tick();
  return steps;
}

it("comes to rest, and always in the same places", () => {
  const one = new ForceLayout(names(40), ring(40));
  const other = new ForceLayout(names(40), ring(40));
  expect(rested(one)).toBeLessThan(400);
  rested(other);
  expect([...one.x, ...one.y]).toEqual([...other.x, ...other.y]);
  expect([...one.x, ...one.y].every(Number.isFinite)).toBe(true);
  const before = [...one.x];
  one.tick();
  expect([...one.x]).toEqual(before);
});

it("brings linked nodes near to each other and keeps all apart", () => {
  const layout = new ForceLayout(names(8), [[0, 1], [1, 2], [0, 2], [3, 4], [4, 5], [3, 5], [2, 3], [6, 7]]);
  rested(layout);
  const distance = (a: number, b: number) => Math.hypot(layout.x[a]! - layout.x[b]!, layout.y[a]! - layout.y[b]!);
  expect(distance(0, 1)).toBeLessThan(distance(0, 4));
  expect(distance(6, 7)).toBeLessThan(distance(6, 0));
  for (let a = 0; a < 8; a++) for (let b = 0; b < a; b++) expect(distance(a, b)).toBeGreaterThan(10);
});

it("stays about where it was when a node comes", () => {
  const before = new ForceLayout(names(30), ring(30));
  rested(before);
  const after = new ForceLayout(names(31), [...ring(30), [30, 4]], before.places());
  rested(after);
  const moved = names(30).map((_, i) => Math.hypot(after.x[i]! - before.x[i]!, after.y[i]! - before.y[i]!));
  expect(Math.max(...moved)).toBeLessThan(60);
  expect(Math.hypot(after.x[30]! - after.x[4]!, after.y[30]! - after.y[4]!)).toBeLessThan(120);
});

it("keeps a node where it is held", () => {
  const layout = new ForceLayout(names(10), ring(10));
  rested(layout);
  layout.hold(3, 500, -200);
  for (let i = 0; i < 20; i++) layout.tick();
  expect([layout.x[3], layout.y[3], layout.settled]).toEqual([500, -200, false]);
  layout.letGo();
  rested(layout);
  expect(layout.settled).toBe(true);
});

it("is at rest without nodes", () => {
  expect(new ForceLayout([], []).settled).toBe(true);
});

it("tells of every other point once, near or in heaps", () => {
  const count = 300;
  const x = Float64Array.from({ length: count }, (_, i) => Math.cos(i * 2.4) * i);
  const y = Float64Array.from({ length: count }, (_, i) => Math.sin(i * 2.4) * i);
  for (let i = 0; i < 5; i++) x[i] = y[i] = 7; // on one place
  const tree = new QuadTree(x, y);
  tree.build();
  for (const point of [0, 3, 150, 299]) {
    let [told, calls] = [0, 0];
    tree.around(point, (mass) => {
      told += mass;
      calls++;
    });
    expect(Math.abs(told - (count - 1))).toBeLessThanOrEqual(1);
    expect(calls).toBeLessThan(count);
  }
});
