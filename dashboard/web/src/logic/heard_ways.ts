// Who was just heard by whom, as the live stream tells it: of a packet's first reception the packet itself, of each further
// one the reception. Pure.

import type { LiveReception, Packet } from "../api/types";

export interface HeardWay {
  node: string; // the sender
  agent: string;
}

// What came in another way than over the air nobody heard.
const kUnheard = new Set(["replay", "mqtt", "udp", "own"]);
const isOnAir = ({ flags }: { flags: string[] }) => !flags.some((flag) => kUnheard.has(flag));

export const firstWays = (packets: Packet[]): HeardWay[] => packets.flatMap((packet) => (packet.agent && isOnAir(packet) ? [{ node: packet.from, agent: packet.agent }] : []));

// A reception names its packet only: of one that is not among `packets` the sender is not known.
export function furtherWays(receptions: LiveReception[], packets: Packet[]): HeardWay[] {
  const senders = new Map(packets.map((packet) => [packet.id, packet.from]));
  return receptions.flatMap((reception) => {
    const node = senders.get(reception.packet);
    return node && isOnAir(reception) ? [{ node, agent: reception.agent }] : [];
  });
}
