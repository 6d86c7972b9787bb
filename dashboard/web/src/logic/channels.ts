// What the number of a packet's channel means: it is the radio's own index when the radio could read the packet, and one
// byte of hash over name and key when it could not.

import type { Agent, Packet } from "../api/types";
import { cleanName } from "./format";

export type Channel =
  | { kind: "index"; index: number }
  | { kind: "named"; name: string; hash: number }
  | { kind: "hash"; hash: number }
  | { kind: "keys" }; // between two nodes' keys: no channel at all

// A radio has eight channels.
const kIndexMax = 7;
const kNameLength = 24;

function byHash(hash: number, agents: Agent[]): Channel {
  for (const agent of agents) {
    const name = cleanName(agent.channels.find((channel) => channel.hash === hash)?.name, kNameLength);
    if (name) return { kind: "named", name, hash };
  }
  return { kind: "hash", hash };
}

// `flags` null: not told with this row; then a number that no radio has as an index is a hash.
export function channelOf(channel: number, flags: Packet["flags"] | null, agents: Agent[]): Channel {
  if (flags?.includes("pki")) return { kind: "keys" };
  const hashed = flags ? flags.includes("encrypted") : channel > kIndexMax;
  return hashed ? byHash(channel, agents) : { kind: "index", index: channel };
}

// 0x1f
export function hashText(hash: number): string {
  return `0x${hash.toString(16).padStart(2, "0")}`;
}
