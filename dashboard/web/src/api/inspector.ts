// What the packet inspector asks beyond the packet itself.

import { get } from "./client";
import type { paths } from "./schema";
import type { Packet } from "./types";

export type Relay = paths["/api/v1/agents/{id}/relays"]["get"]["responses"]["200"]["content"]["application/json"]["relays"][number];

export const getRelays = async (agent: string, signal: AbortSignal) =>
  (await get<{ relays: Relay[] }>(`/agents/${encodeURIComponent(agent)}/relays`, signal)).relays;

// A sender gives its numbers anew after a restart: several packets may have one.
const kSameNumberMax = 5;

// Packets with the number that their sender gave them. `from` null: of any sender.
export const findPackets = async (packetId: number, from: string | null, signal: AbortSignal) => {
  const q = `packet_id:${packetId}${from ? ` from:${from}` : ""}`;
  return (await get<{ packets: Packet[] }>(`/packets?${new URLSearchParams({ q, limit: String(kSameNumberMax) })}`, signal)).packets;
};
