import { expect, it } from "vitest";
import { pixelsAtZoomZero, precisionMeters } from "./precision";

it("fewer bits are further off; exact and unknown are no distance", () => {
  expect(precisionMeters(16)).toBeCloseTo(305.75, 1);
  expect(precisionMeters(15)).toBeCloseTo(611.5, 1);
  expect([null, undefined, 0, 32, 40].map(precisionMeters)).toEqual([null, null, null, null, null]);
});

it("a length is longer on the map away from the equator", () => {
  expect(pixelsAtZoomZero(40_075_016.7, 0)).toBeCloseTo(512);
  expect(pixelsAtZoomZero(1000, 60)).toBeCloseTo(2 * pixelsAtZoomZero(1000, 0));
});
