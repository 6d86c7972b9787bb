import { describe, expect, it } from "vitest";
import { trailsOf } from "./tracks";

const line = (id: string, coordinates: number[][], type = "LineString") =>
  `${JSON.stringify({ type: "Feature", geometry: { type, coordinates }, properties: { id, name: "x", part: 0, times: [] } })},`;

describe("trails", () => {
  it("are of nodes that moved, each place once", () => {
    const { trails: [trail, ...rest], nodes } = trailsOf([
      '{"type":"FeatureCollection","features":[',
      line("!a", [[8, 47, 500], [8, 47, 500], [8.01, 47, 510], [8, 47]]),
      line("!b", [[8, 47, 500], [8, 47, 501]]),
      line("!c", [[8, 47], [8.0001, 47]]),
      "]}",
    ]);
    expect([rest, nodes]).toEqual([[], 3]);
    expect([trail!.id, trail!.places]).toEqual(["!a", [[8, 47], [8.01, 47], [8, 47]]]);
    expect(trail!.meters).toBeCloseTo(759, 0);
  });
  it("leave out points, and the last line of an answer that was cut", () => {
    expect(trailsOf([line("!a", [[8, 47]], "Point"), line("!b", [[8, 47], [9, 47]]).slice(0, -20)])).toEqual({ trails: [], nodes: 1 });
    expect(trailsOf([])).toEqual({ trails: [], nodes: 0 });
  });
});
