import { describe, expect, it } from "vitest";
import { binHexagons, countClass, fromMercator, hexCorners, hexOf, hexRadius, toMercator, type Place } from "./hexagons";

const kRadius = hexRadius(28, 9);

describe("Web Mercator", () => {
  it("is there and back again", () => {
    for (const place of [[0, 0], [-122.3, 47.6], [179.9, -84]] as Place[]) {
      const [longitude, latitude] = fromMercator(toMercator(place));
      expect(longitude).toBeCloseTo(place[0], 9);
      expect(latitude).toBeCloseTo(place[1], 9);
    }
    expect(toMercator([-180, 0])).toEqual([0, 0.5]);
  });
});

describe("hexagons", () => {
  it("hold their own middle", () => {
    for (const hexagon of [{ q: 0, r: 0 }, { q: 1500, r: 3000 }, { q: -7, r: 12 }]) {
      const ring = hexCorners(hexagon, kRadius).slice(0, 6).map(toMercator);
      const middle = [0, 1].map((axis) => ring.reduce((sum, corner) => sum + corner[axis]!, 0) / 6) as [number, number];
      expect(hexOf(fromMercator(middle), kRadius)).toEqual(hexagon);
    }
  });
  it("hold each point whose middle is the nearest", () => {
    for (let i = 0; i < 500; i++) {
      const place: Place = [-122 + Math.sin(i * 12.9) * 2, 47 + Math.cos(i * 78.2) * 2];
      const { q, r } = hexOf(place, kRadius);
      const [x, y] = toMercator(place);
      const away = (dq: number, dr: number) => Math.hypot(x - kRadius * Math.sqrt(3) * (q + dq + (r + dr) / 2), y - kRadius * 1.5 * (r + dr));
      for (const [dq, dr] of [[1, 0], [0, 1], [-1, 1], [-1, 0], [0, -1], [1, -1]] as const) {
        expect(away(0, 0)).toBeLessThanOrEqual(away(dq, dr) + 1e-12);
      }
    }
  });
  it("are closed rings", () => {
    const ring = hexCorners({ q: 3, r: 4 }, kRadius);
    expect(ring.length).toBe(7);
    expect(ring[6]).toEqual(ring[0]);
  });
  it("are twice as wide one zoom further out", () => {
    expect(hexRadius(28, 8)).toBe(2 * hexRadius(28, 9));
  });
});

describe("what lies in a hexagon", () => {
  const place: Place = [-122.3, 47.6];
  it("is counted with those that are not heard", () => {
    const [hexagon, ...rest] = binHexagons(
      [
        { place, heard: { snr: -7, count: 3 } },
        { place, heard: { snr: -3.5, count: 1 } },
        { place, heard: { snr: null, count: 2 } },
        { place, heard: null },
      ],
      kRadius,
    );
    expect(rest).toEqual([]);
    expect(hexagon).toMatchObject({ nodes: 4, heard: 3, snr: -3.5, count: 6 });
  });
  it("far apart is apart", () => {
    expect(binHexagons([{ place, heard: null }, { place: [-121, 47.6], heard: null }], kRadius).map((each) => each.snr)).toEqual([null, null]);
  });
});

it("counts fall into powers of ten", () => {
  expect([0, 1, 9, 10, 99, 100, 999, 1000, 5_000_000].map(countClass)).toEqual([-1, 0, 0, 1, 1, 2, 2, 3, 3]);
});
