import { describe, expect, it } from "vitest";
import type { Agent } from "../api/types";
import { channelOf, hashText } from "./channels";

const kAgents = [
  { id: "a", channels: [] },
  { id: "b", channels: [{ index: 0, name: "", hash: 31, role: 1 }, { index: 1, name: "LongFast", hash: 8, role: 2 }] },
  { id: "c", channels: [{ index: 0, name: "hikers\u202e", hash: 201, role: 1 }] },
] as unknown as Agent[];

describe("the channel of a packet", () => {
  it("is the radio's index when the radio could read it", () => {
    expect(channelOf(0, [], kAgents)).toEqual({ kind: "index", index: 0 });
    expect(channelOf(8, ["want_ack"], kAgents)).toEqual({ kind: "index", index: 8 });
  });
  it("is a hash when it came encrypted, also when the server has the key", () => {
    expect(channelOf(8, ["encrypted", "decrypted"], kAgents)).toEqual({ kind: "named", name: "LongFast", hash: 8 });
    expect(channelOf(3, ["encrypted"], kAgents)).toEqual({ kind: "hash", hash: 3 });
  });
  it("has no name when the radio's channel has none, and only harmless characters in it", () => {
    expect(channelOf(31, ["encrypted"], kAgents)).toEqual({ kind: "hash", hash: 31 });
    expect(channelOf(201, ["encrypted"], kAgents)).toMatchObject({ name: "hikers\ufffd" });
  });
  it("is none for a message between two nodes' keys", () => {
    expect(channelOf(0, ["encrypted", "pki"], kAgents)).toEqual({ kind: "keys" });
  });
  it("without flags is an index as far as radios have them", () => {
    expect([0, 7].map((c) => channelOf(c, null, kAgents).kind)).toEqual(["index", "index"]);
    expect(channelOf(8, null, kAgents)).toMatchObject({ kind: "named", name: "LongFast" });
    expect(channelOf(200, null, kAgents)).toEqual({ kind: "hash", hash: 200 });
  });
  it("has its hash in two hexadecimal digits", () => {
    expect([3, 31, 255].map(hashText)).toEqual(["0x03", "0x1f", "0xff"]);
  });
});
