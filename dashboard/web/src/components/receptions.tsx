// How often a packet was received over the air, or how else it came.

import type { Message, Packet } from "../api/types";
import { t } from "../texts/texts";

const kOtherWays = ["own", "replay", "mqtt", "udp"] as const;

// A packet that nobody heard on the air counts nowhere: rows of such are dimmed.
export function isHeard(packet: { receptions: number }): boolean {
  return packet.receptions > 0;
}

// The count, or one word for the way of a packet that was not heard. `flags` null: not told with this row.
export function Receptions(props: { receptions: number; flags: Packet["flags"] | null; prefix?: boolean }) {
  if (isHeard(props)) return <>{props.prefix ? t.rx(props.receptions) : props.receptions}</>;
  const way = kOtherWays.find((flag) => props.flags?.includes(flag)) ?? "unknown";
  return (
    <span class="faint" title={t.notHeard[way].hint}>
      {t.notHeard[way].word}
    </span>
  );
}

// "rx 5 · 0–2 hops": of a message. Hops that no reception told are left out.
export function MessageReceptions({ message }: { message: Message }) {
  const { receptions, hops_min, hops_max } = message;
  return (
    <>
      <Receptions receptions={receptions} flags={null} prefix />
      {hops_min !== null && hops_max !== null && ` · ${t.hopRange(hops_min, hops_max)}`}
    </>
  );
}
