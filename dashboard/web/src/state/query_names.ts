// The names that the filter language can be completed with.

import type { Names } from "../logic/completion";
import { cleanName } from "../logic/format";
import { agentList, nodes } from "./store";

export function queryNames(): Names {
  const known = [...nodes.values()].flatMap((node) => {
    const name = node.short_name || node.long_name;
    return name ? [{ name, meaning: `${cleanName(node.long_name)} ${node.id}`.trim() }] : [];
  });
  return { nodes: known, agents: agentList.value.map((agent) => agent.id) };
}
