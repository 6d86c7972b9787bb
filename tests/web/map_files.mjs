// Tiles for a test: pictures of one colour, alone and in a PMTiles file, and a server that hands them out.

import { createServer } from "node:http";
import { deflateSync } from "node:zlib";

const kSize = 256;
const kHead = 127; // bytes of a PMTiles file's head
const kUncompressed = 1;
const kPng = 2;

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

// A PNG of this colour: red, green, blue.
export function picture(color) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(kSize, 0);
  head.writeUInt32BE(kSize, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.concat(Array.from({ length: kSize }, () => Buffer.from(color)))]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: kSize }, () => row)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

// A PMTiles file of version 3 whose tiles down to `maxZoom` are all this picture.
export function mapFile(png, maxZoom) {
  const tiles = (4 ** (maxZoom + 1) - 1) / 3; // numbered from zoom 0 on
  // One entry: the first tile, how many are the same, its length, its place plus one.
  const directory = Buffer.concat([1, 0, tiles, png.length, 1].map(varint));
  const metadata = Buffer.from("{}");
  const head = Buffer.alloc(kHead);
  head.write("PMTiles\x03", 0, "latin1");
  const dataAt = kHead + directory.length + metadata.length;
  [kHead, directory.length, kHead + directory.length, metadata.length, dataAt, 0, dataAt, png.length, tiles, 1, 1].forEach((value, i) =>
    head.writeBigUInt64LE(BigInt(value), 8 + 8 * i),
  );
  head.set([1, kUncompressed, kUncompressed, kPng, 0, maxZoom], 96);
  [-180e7, -85e7, 180e7, 85e7].forEach((value, i) => head.writeInt32LE(value, 102 + 4 * i));
  return Buffer.concat([head, directory, metadata, png]);
}

// Hands out the picture at every address; `asked` are the paths that were asked for.
export async function startTileServer(png) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.setHeader("content-type", "image/png");
    response.setHeader("access-control-allow-origin", "*");
    response.end(png);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    asked,
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
