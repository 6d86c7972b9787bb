// The list of nodes: its order, and the questions that people ask of it most.

import type { Micros, Node } from "../api/types";
import { cleanName } from "./format";
import { isOnline } from "./roles";
import { kBatteryFull } from "./payload";

// A question by one click: in the filter language, and the same in code, so that its count needs no asking.
export interface QuickFilter {
  name: "all" | "online" | "routers" | "new" | "direct" | "weak" | "unplaced";
  query: string;
  holds(node: Node, now: Micros): boolean;
}

const kDay = 86_400e6;
const kWeakBattery = 20;
const kRouters = new Set(["ROUTER", "ROUTER_LATE", "REPEATER"]);

export const kQuickFilters: QuickFilter[] = [
  { name: "all", query: "", holds: () => true },
  { name: "online", query: "is:online", holds: isOnline },
  { name: "routers", query: "role:router,router_late,repeater", holds: (node) => node.role !== null && kRouters.has(node.role) },
  { name: "direct", query: "is:direct", holds: (node) => node.hops_away === 0 },
  { name: "new", query: "new:1d", holds: (node, now) => node.first_heard_us !== null && node.first_heard_us >= now - kDay },
  {
    name: "weak",
    query: `battery:<${kWeakBattery}`,
    holds: (node) => node.battery_level !== null && node.battery_level < kWeakBattery,
  },
  { name: "unplaced", query: "-is:placed", holds: (node) => node.position === null },
];

type Value = string | number | null;

// What the columns are ordered by. What is not known comes last, whichever way.
const kValues = new Map<string, (node: Node) => Value>(Object.entries({
  name: (node: Node) => (cleanName(node.long_name) || cleanName(node.short_name) || node.id).toLowerCase(),
  role: (node: Node) => node.role,
  hardware: (node: Node) => node.hw_model,
  heard: (node: Node) => node.last_heard_us,
  hops: (node: Node) => node.hops_away,
  snr: (node: Node) => node.snr,
  battery: (node: Node) => node.battery_level,
  voltage: (node: Node) => node.voltage,
  channel: (node: Node) => node.channel_utilization,
  air: (node: Node) => node.air_util_tx,
  packets: (node: Node) => node.packets,
}));

export const kNodeOrder = "-heard";

export function sortNodes(nodes: Node[], sort: string): Node[] {
  const falling = sort.startsWith("-");
  const value = kValues.get(falling ? sort.slice(1) : sort) ?? kValues.get("heard")!;
  const way = falling ? -1 : 1;
  return nodes.sort((a, b) => {
    const x = value(a);
    const y = value(b);
    if (x === y) return a.num - b.num;
    if (x === null) return 1;
    if (y === null) return -1;
    return (x < y ? -1 : 1) * way;
  });
}

export type Charge = "powered" | "good" | "fair" | "bad";
const kFairBattery = 50;

// How a battery is; null: not known.
export function chargeOf(level: number | null): Charge | null {
  if (level === null) return null;
  if (level > kBatteryFull) return "powered";
  return level < kWeakBattery ? "bad" : level < kFairBattery ? "fair" : "good";
}
