// How often a packet was received over the air, or how else it came.

import type { Packet } from "../api/types";
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
