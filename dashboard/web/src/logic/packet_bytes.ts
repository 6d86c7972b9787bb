// A packet's bytes and the fields they belong to. Pure.

import type { Json, PacketDetail } from "../api/types";

export interface ByteField {
  path: string; // as the server names it; content behind "payload."
  name: string; // the last part of it
  depth: number; // how many fields stand around it
  offset: number; // of its first byte, its tag included
  length: number;
  value: Json | undefined; // undefined: it has parts, or is not known
}

export interface Dump {
  kind: "record" | "content"; // content: came encrypted, so it stands nowhere in the record
  bytes: number[];
  fields: ByteField[];
  content: { from: number; to: number } | null; // where the content stands
}

type Range = { field: string; offset: number; length: number };

export const bytesOf = (hex: string): number[] => (hex.match(/../g) ?? []).map((byte) => parseInt(byte, 16));

// The value at "a.b[2].c".
export function valueAt(root: Json | undefined, path: string): Json | undefined {
  let value: Json | undefined = root;
  for (const part of path.match(/[^.[\]]+/g) ?? []) {
    if (value === null || typeof value !== "object") return undefined;
    value = Array.isArray(value) ? value[Number(part)] : Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

const leaf = (value: Json | undefined) => (value !== null && typeof value === "object" ? undefined : value);
const nameOf = (path: string) => /(?:^|\.)([^.]*)$/.exec(path)?.[1] ?? path;

// In the order of the bytes, each before its parts; how deep each lies.
function nested(fields: Omit<ByteField, "depth">[]): ByteField[] {
  const sorted = [...fields].sort((a, b) => a.offset - b.offset || b.length - a.length || a.path.length - b.path.length);
  const around: { end: number }[] = [];
  return sorted.map((field) => {
    while (around.length > 0 && around.at(-1)!.end <= field.offset) around.pop();
    const depth = around.length;
    around.push({ end: field.offset + field.length });
    return { ...field, depth };
  });
}

const inside = (range: Range, size: number) => range.length > 0 && range.offset + range.length <= size;

// Nothing when the record is no longer in the log and the content cannot be read.
export function dumpsOf(packet: PacketDetail): Dump[] {
  const dumps: Dump[] = [];
  const at = packet.payload_offset;
  const contentFields = (shift: number, size: number) =>
    packet.payload_fields
      .map((range) => ({ ...range, offset: range.offset + shift }))
      .filter((range) => inside(range, size))
      .map(({ field, offset, length }) => ({ path: `payload.${field}`, name: nameOf(field), offset, length, value: leaf(valueAt(packet.payload as Json, field)) }));
  if (packet.raw_hex) {
    const bytes = bytesOf(packet.raw_hex);
    const header = packet.raw_fields
      .filter((range) => inside(range, bytes.length))
      .map(({ field, offset, length }) => ({ path: field, name: nameOf(field), offset, length, value: leaf(valueAt(packet.mesh_packet as Json, field.replace(/^packet\.?/, ""))) }));
    const length = bytesOf(packet.payload_hex ?? "").length;
    const placed = at !== null && length > 0 && at + length <= bytes.length;
    dumps.push({
      kind: "record",
      bytes,
      fields: nested(placed ? [...header, ...contentFields(at, bytes.length)] : header),
      content: placed ? { from: at, to: at + length } : null,
    });
    if (placed || !packet.payload_hex) return dumps;
  }
  if (packet.payload_hex) {
    const bytes = bytesOf(packet.payload_hex);
    dumps.push({ kind: "content", bytes, fields: nested(contentFields(0, bytes.length)), content: { from: 0, to: bytes.length } });
  }
  return dumps;
}

// The innermost field that a byte belongs to; -1: none.
export function fieldOfByte(fields: ByteField[], byte: number): number {
  let best = -1;
  fields.forEach((field, i) => {
    const has = byte >= field.offset && byte < field.offset + field.length;
    if (has && (best < 0 || field.depth >= fields[best]!.depth)) best = i;
  });
  return best;
}

export const byteText = (byte: number) => byte.toString(16).padStart(2, "0");
export const characterOf = (byte: number) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·");
export const offsetText = (offset: number) => offset.toString(16).padStart(4, "0");
