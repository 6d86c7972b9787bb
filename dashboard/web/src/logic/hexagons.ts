// Hexagons of one size over the whole map: what lies in each, and its corners. Axial coordinates on Web Mercator, points
// upwards, so that all look the same on the screen whatever their latitude.

const kSqrt3 = Math.sqrt(3);
const kCorners = 6;

export type Place = [longitude: number, latitude: number];

// Web Mercator, 0 … 1 from west to east and from north to south.
export function toMercator([longitude, latitude]: Place): [number, number] {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

export function fromMercator([x, y]: [number, number]): Place {
  return [(x - 0.5) * 360, (360 / Math.PI) * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - 90];
}

// The radius (middle to corner), in parts of the world, that is `pixels` wide on the screen at a zoom of the map library.
export function hexRadius(pixels: number, zoom: number): number {
  return pixels / (512 * 2 ** zoom);
}

// The hexagon that holds a place.
export function hexOf(place: Place, radius: number): { q: number; r: number } {
  const [x, y] = toMercator(place);
  const q = (x * kSqrt3 - y) / (3 * radius);
  const r = (2 * y) / (3 * radius);
  // Rounded as cube coordinates, whose sum is 0: the one that was rounded most follows from the others.
  const s = -q - r;
  let [nearQ, nearR, nearS] = [Math.round(q), Math.round(r), Math.round(s)];
  const [offQ, offR, offS] = [Math.abs(nearQ - q), Math.abs(nearR - r), Math.abs(nearS - s)];
  if (offQ > offR && offQ > offS) nearQ = -nearR - nearS;
  else if (offR > offS) nearR = -nearQ - nearS;
  return { q: nearQ + 0, r: nearR + 0 };
}

// A ring: the first corner is also the last.
export function hexCorners({ q, r }: { q: number; r: number }, radius: number): Place[] {
  const x = radius * kSqrt3 * (q + r / 2);
  const y = radius * 1.5 * r;
  return Array.from({ length: kCorners + 1 }, (_, i) => {
    const angle = ((i % kCorners) * Math.PI) / 3 + Math.PI / 6;
    return fromMercator([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
  });
}

// What agents heard of one node directly, without a hop between.
export interface Heard {
  snr: number | null; // best of its newest by each agent; null: not told
  count: number; // receptions
}

export interface Hexagon {
  q: number;
  r: number;
  nodes: number;
  heard: number; // of them, directly
  snr: number | null; // the best
  count: number; // direct receptions
}

export function binHexagons(points: Iterable<{ place: Place; heard: Heard | null }>, radius: number): Hexagon[] {
  const found = new Map<string, Hexagon>();
  for (const { place, heard } of points) {
    const { q, r } = hexOf(place, radius);
    const key = `${q} ${r}`;
    let hexagon = found.get(key);
    if (!hexagon) found.set(key, (hexagon = { q, r, nodes: 0, heard: 0, snr: null, count: 0 }));
    hexagon.nodes++;
    if (!heard) continue;
    hexagon.heard++;
    hexagon.count += heard.count;
    if (heard.snr !== null) hexagon.snr = Math.max(heard.snr, hexagon.snr ?? -Infinity);
  }
  return [...found.values()];
}

// Counts are coloured by their power of ten: 1, 10, 100, 1000 and more.
export const kCountClasses = 4;

export function countClass(count: number): number {
  return count < 1 ? -1 : Math.min(kCountClasses - 1, Math.floor(Math.log10(count) + 1e-9));
}
