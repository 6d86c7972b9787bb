import { expect, it } from "vitest";
import type { Place } from "./hexagons";
import { routeLines } from "./route_lines";

const kPlaces: Record<string, Place> = { "!a": [1, 1], "!b": [2, 2], "!c": [3, 3] };
const lines = (...way: (string | null)[]) => routeLines(way.map((node) => ({ node })), (id) => kPlaces[id]);

it("a way goes from node to node", () => {
  expect(lines("!a", "!b", "!c")).toEqual([{ places: [[1, 1], [2, 2]], whole: true }, { places: [[2, 2], [3, 3]], whole: true }]);
});

it("where nodes between have no place or no name, the line says so", () => {
  expect(lines("!a", null, "!c")).toEqual([{ places: [[1, 1], [3, 3]], whole: false }]);
  expect(lines("!x", "!a", "!x", "!b")).toEqual([{ places: [[1, 1], [2, 2]], whole: false }]);
});

it("one place is no line", () => {
  expect(lines("!a", "!x")).toEqual([]);
  expect(lines()).toEqual([]);
});
