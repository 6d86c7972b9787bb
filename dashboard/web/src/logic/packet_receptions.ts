// A packet's receptions in the order of their arrival. Pure.

import type { PacketDetail, Reception } from "../api/types";

// How a record came that was not heard on the air.
export const kOtherWays = ["own", "replay", "mqtt", "udp"] as const;
export type OtherWay = (typeof kOtherWays)[number];

export interface Arrival {
  reception: Reception;
  way: OtherWay | null; // null: over the air
  after: number | null; // µs after the first one over the air; null: not on that scale
  share: number; // 0 … 1 of the common scale
}

export const wayOf = (reception: { flags: Reception["flags"] }): OtherWay | null =>
  kOtherWays.find((way) => reception.flags.includes(way)) ?? null;

// Those over the air first, by time; the rest has no place on their scale: it was cached, or came over a network.
export function arrivalsOf(list: Reception[]): { arrivals: Arrival[]; span: number } {
  const heard = list.filter((reception) => wayOf(reception) === null).sort((a, b) => a.time_us - b.time_us);
  const others = list.filter((reception) => wayOf(reception) !== null).sort((a, b) => a.time_us - b.time_us);
  const first = heard[0]?.time_us ?? 0;
  const span = (heard.at(-1)?.time_us ?? first) - first;
  const arrivals = heard.map((reception): Arrival => {
    const after = reception.time_us - first;
    return { reception, way: null, after, share: span > 0 ? after / span : 0 };
  });
  return { arrivals: [...arrivals, ...others.map((reception): Arrival => ({ reception, way: wayOf(reception), after: null, share: 0 }))], span };
}

// Nodes whose number ends in the byte. A packet names its last transmitter by no more than that.
export function endingIn(byte: number, ids: Iterable<string>): string[] {
  const end = byte.toString(16).padStart(2, "0");
  return [...ids].filter((id) => id.endsWith(end)).sort();
}

export interface Related {
  kind: "request" | "reply";
  packetId: number;
  from: string | null; // who sent it, where that is certain
}

// The packets that this one names: what it answers to.
export function relatedOf(packet: PacketDetail): Related[] {
  const decoded = (packet.mesh_packet as { decoded?: Record<string, unknown> } | null)?.decoded;
  const id = (name: string) => (typeof decoded?.[name] === "number" && decoded[name] !== 0 ? (decoded[name] as number) : null);
  const [request, reply] = [id("request_id"), id("reply_id")];
  return [
    ...(request !== null ? [{ kind: "request" as const, packetId: request, from: packet.to }] : []),
    ...(reply !== null ? [{ kind: "reply" as const, packetId: reply, from: null }] : []),
  ];
}

// Before and after one of a list.
export function besides(list: number[], id: number): { before: number | null; after: number | null; at: number } {
  const at = list.indexOf(id);
  return { at, before: at > 0 ? list[at - 1]! : null, after: at >= 0 && at + 1 < list.length ? list[at + 1]! : null };
}
