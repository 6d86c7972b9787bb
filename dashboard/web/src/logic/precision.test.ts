import { expect, it } from "vitest";
import { pixelsAtZoomZero, precisionMeters } from "./precision";

it("fewer bits are further off; exact and unknown are no distance", () => {
  // As the firmware's own table of precisions has them.
  expect(precisionMeters(16)).toBeCloseTo(364.77, 1);
  expect(precisionMeters(13)).toBeCloseTo(2918.2, 0);
  expect([null, undefined, 0, 32, 40].map(precisionMeters)).toEqual([null, null, null, null, null]);
});

it("a length is longer on the map away from the equator", () => {
  expect(pixelsAtZoomZero(40_075_016.7, 0)).toBeCloseTo(512);
  expect(pixelsAtZoomZero(1000, 60)).toBeCloseTo(2 * pixelsAtZoomZero(1000, 0));
});
