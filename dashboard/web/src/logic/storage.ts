// Sizes and times of what the server keeps.

import type { Agent } from "../api/types";
import { formatNumber, kUnknown } from "./format";

const kUnits = ["B", "KB", "MB", "GB", "TB"];

// "1.5 GB": powers of a thousand, as disks are sold.
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return kUnknown;
  let unit = 0;
  let value = bytes;
  while (Math.abs(value) >= 999.5 && unit + 1 < kUnits.length) {
    value /= 1000;
    unit++;
  }
  return formatNumber(value, unit > 0 && Math.abs(value) < 99.5 ? 1 : 0, kUnits[unit]);
}

// A channel by its name and hash, with how many agents' radios have it.
export interface KnownChannel {
  name: string;
  hash: number;
  agents: number;
}

// Those on most radios first.
export function knownChannels(agents: Agent[]): KnownChannel[] {
  const known = new Map<string, KnownChannel>();
  for (const agent of agents) {
    const seen = new Set<string>();
    for (const { name, hash } of agent.channels) {
      const key = `${hash} ${name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const channel = known.get(key) ?? { name, hash, agents: 0 };
      channel.agents++;
      known.set(key, channel);
    }
  }
  return [...known.values()].sort((a, b) => b.agents - a.agents || a.name.localeCompare(b.name));
}
