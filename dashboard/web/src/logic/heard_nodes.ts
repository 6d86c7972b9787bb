// The nodes that one agent hears, with what its own radio knows of them.

import type { Link } from "../api/agents";
import type { Node } from "../api/types";
import { cleanName } from "./format";

export interface HeardNode {
  node: Node;
  link: Link | null; // from the node to the agent's radio; null: never without a hop between
}

type Value = string | number | null;

// With a direct link there is no hop between, whatever other agents hear.
export const hopsOf = ({ node, link }: HeardNode): number | null => (link ? 0 : node.hops_away);

const kValues = new Map<string, (row: HeardNode) => Value>(Object.entries({
  name: ({ node }: HeardNode) => (cleanName(node.long_name) || cleanName(node.short_name) || node.id).toLowerCase(),
  snr: ({ link }: HeardNode) => link?.snr ?? null,
  direct: ({ link }: HeardNode) => link?.count ?? null,
  hops: hopsOf,
  heard: ({ node }: HeardNode) => node.last_heard_us,
}));

export const kHeardOrder = "-snr";

export function heardNodes(nodes: Node[], links: Link[], sort: string): HeardNode[] {
  const byNode = new Map(links.map((link) => [link.from, link]));
  const order = kValues.has(sort.replace(/^-/, "")) ? sort : kHeardOrder;
  const value = kValues.get(order.replace(/^-/, ""))!;
  const way = order.startsWith("-") ? -1 : 1;
  return nodes
    .map((node) => ({ node, link: byNode.get(node.id) ?? null }))
    .sort((a, b) => {
      const x = value(a);
      const y = value(b);
      if (x === y) return a.node.num - b.node.num;
      if (x === null) return 1;
      if (y === null) return -1;
      return (x < y ? -1 : 1) * way;
    });
}
