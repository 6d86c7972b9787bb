// How far off a position may be whose sender tells only some of its bits.

const kEarthMeters = 40_075_016.7;
const kExactBits = 32;
// A position is a number of 32 bits, in steps of 1e-7 degrees.
const kRangeMeters = (2 ** kExactBits * 1e-7 * kEarthMeters) / 360;

// Half the side of the square that it stands for, in metres at the equator; null: exact, or not told.
export function precisionMeters(bits: number | null | undefined): number | null {
  if (bits == null || bits <= 0 || bits >= kExactBits) return null;
  return kRangeMeters / 2 ** bits / 2;
}

// A length on the ground at a latitude, in CSS pixels of a map whose zoom is 0; twice as many with each zoom more.
export function pixelsAtZoomZero(meters: number, latitude: number): number {
  return (meters * 512) / (kEarthMeters * Math.cos((latitude * Math.PI) / 180));
}
