import { expect, it } from "vitest";
import type { PacketDetail } from "../api/types";
import { dumpsOf, fieldOfByte, valueAt } from "./packet_bytes";

// A text "hi": a record of 14 bytes with the content at 10.
const packet = {
  raw_hex: "120c0d0102030422060801" + "12026869",
  raw_fields: [
    { field: "packet", offset: 0, length: 15 },
    { field: "packet.from", offset: 2, length: 5 },
    { field: "packet.decoded", offset: 7, length: 8 },
    { field: "packet.decoded.portnum", offset: 9, length: 2 },
    { field: "packet.decoded.payload", offset: 11, length: 4 },
  ],
  mesh_packet: { from: 67305985, decoded: { portnum: "TEXT_MESSAGE_APP", payload: "6869" } },
  payload_hex: "6869",
  payload_offset: 13,
  payload_fields: [{ field: "words[0]", offset: 0, length: 2 }],
  payload: { words: ["hi"] },
} as unknown as PacketDetail;

it("puts fields in the order of the bytes, the content's in their place", () => {
  const [dump] = dumpsOf(packet);
  expect(dump!.fields.map((f) => [f.name, f.depth, f.offset, f.value])).toEqual([
    ["packet", 0, 0, undefined],
    ["from", 1, 2, 67305985],
    ["decoded", 1, 7, undefined],
    ["portnum", 2, 9, "TEXT_MESSAGE_APP"],
    ["payload", 2, 11, "6869"],
    ["words[0]", 3, 13, "hi"],
  ]);
  expect(dump!.content).toEqual({ from: 13, to: 15 });
});

it("finds the innermost field of a byte", () => {
  const { fields } = dumpsOf(packet)[0]!;
  expect([0, 3, 7, 9, 12, 14].map((byte) => fields[fieldOfByte(fields, byte)]!.name)).toEqual(["packet", "from", "decoded", "portnum", "payload", "words[0]"]);
  expect(fieldOfByte(fields, 99)).toBe(-1);
});

it("shows content that came encrypted by itself, and nothing that is not there", () => {
  const dumps = dumpsOf({ ...packet, payload_offset: null });
  expect(dumps.map((dump) => [dump.kind, dump.bytes.length])).toEqual([["record", 15], ["content", 2]]);
  expect(dumps[1]!.fields.map((f) => [f.name, f.offset])).toEqual([["words[0]", 0]]);
  expect(dumpsOf({ ...packet, raw_hex: null, payload_hex: null })).toEqual([]);
});

it("leaves out ranges that reach beyond the bytes", () => {
  const [dump] = dumpsOf({ ...packet, raw_fields: [{ field: "packet", offset: 3, length: 99 }], payload_fields: [] });
  expect(dump!.fields).toEqual([]);
});

it("valueAt takes no inherited property for a value", () => {
  expect(valueAt({ a: [{ b: 1 }] }, "a[0].b")).toBe(1);
  expect(valueAt({ a: 1 }, "constructor")).toBeUndefined();
  expect(valueAt(undefined, "a")).toBeUndefined();
});
