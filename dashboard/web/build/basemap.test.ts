import { describe, expect, it } from "vitest";
import { unwrap } from "./basemap.mjs";

type Line = [number, number][];

describe("a line across the 180th meridian", () => {
  it("goes on instead of jumping over the whole map", () => {
    const line: Line = [[170, 65], [179, 66], [-179, 67], [-170, 66], [170, 65]];
    expect(unwrap(line)).toEqual([[170, 65], [179, 66], [181, 67], [190, 66], [170, 65]]);
  });
  it("stays near the map, wherever it begins", () => {
    const line: Line = [[-175, 65], [175, 66], [100, 67], [60, 66], [100, 60], [-175, 65]];
    const longitudes = unwrap(line).map(([longitude]: [number, number]) => longitude);
    expect(Math.max(...longitudes) - Math.min(...longitudes)).toBe(125);
    expect(Math.min(...longitudes)).toBe(60);
  });
});

it("a ring around the south pole is closed along the map's lower edge", () => {
  const ring: Line = [[-170, -70], [-60, -65], [60, -66], [170, -70], [-170, -70]];
  const closed: Line = unwrap(ring);
  expect(closed.at(-1)).toEqual(closed[0]);
  expect(closed.filter(([, latitude]) => latitude === -90).length).toBe(2);
});

it("other lines stay as they are", () => {
  const line: Line = [[7, 46], [9, 47], [7, 46]];
  expect(unwrap(structuredClone(line))).toEqual(line);
});
