// A packet on the map: from where it was sent, where it was received. Pure.

import type { Agent, Node, PacketDetail } from "../api/types";
import { wayOf } from "./packet_receptions";
import { snrGrade, type SignalGrade } from "./signal";

export type Grade = SignalGrade | "unknown";

interface Place {
  longitude: number;
  latitude: number;
}

export interface Receiver {
  agent: string;
  place: Place | null;
  grade: Grade; // of its best reception
  direct: boolean; // without a relay: only then the SNR is the sender's
}

// (0, 0) is what a radio without a fix reports.
function placeOf(where: { latitude?: number | null; longitude?: number | null } | null | undefined): Place | null {
  const { latitude, longitude } = where ?? {};
  if (latitude == null || longitude == null || (latitude === 0 && longitude === 0)) return null;
  return Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180 ? { longitude, latitude } : null;
}

export const senderPlace = (node: Node | undefined): Place | null => placeOf(node?.position);

// The agents that heard the packet on the air, each once by its best reception.
export function receiversOf(packet: PacketDetail, agents: Agent[]): Receiver[] {
  const best = new Map<string, { snr: number | null; hops: number | null }>();
  for (const reception of packet.receptions) {
    if (wayOf(reception) !== null) continue;
    const known = best.get(reception.agent);
    if (!known || (reception.snr ?? -Infinity) > (known.snr ?? -Infinity)) best.set(reception.agent, reception);
  }
  return [...best].map(([id, { snr, hops }]) => ({
    agent: id,
    place: placeOf(agents.find((agent) => agent.id === id)?.location),
    grade: snr == null ? "unknown" : snrGrade(snr),
    direct: hops === 0,
  }));
}
