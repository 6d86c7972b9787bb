import { expect, it } from "vitest";
import type { Stats } from "../api/types";
import { mapStart } from "./start";

const stats = (map: unknown) => ({ map }) as unknown as Stats;

it("the map starts where the server says, with its zoom on the library's scale", () => {
  expect(mapStart(stats({ latitude: 39.8, longitude: -98.6, zoom: 4, force: true }))).toEqual({
    latitude: 39.8, longitude: -98.6, zoom: 3, force: true,
  });
  expect(mapStart(stats({ latitude: 0, longitude: 0, zoom: 0, force: false }))?.zoom).toBe(0);
});

it("the map has no start when the server tells none, or one off the map", () => {
  expect([null, stats(undefined), stats({}), stats({ latitude: 90, longitude: 0, zoom: 4, force: true })].map(mapStart)).toEqual([
    null, null, null, null,
  ]);
});
