// The base map's file: how the map library reads it. Loaded only where the server has one.

import { addProtocol } from "maplibre-gl";
import { PMTiles, Protocol, TileType } from "pmtiles";
import { kFilePath } from "./base_map";

let reading: Promise<boolean> | null = null;

// Teaches the map library to read the file, and tells whether it holds pictures. Once for the life of the page; a file that
// cannot be read is asked for again by the next map.
export function readMapFile(origin: string): Promise<boolean> {
  reading ??= (async () => {
    const protocol = new Protocol();
    const file = new PMTiles(origin + kFilePath);
    protocol.add(file);
    const { tileType } = await file.getHeader();
    addProtocol("pmtiles", protocol.tile);
    return tileType !== TileType.Mvt;
  })();
  reading.catch(() => (reading = null));
  return reading;
}
