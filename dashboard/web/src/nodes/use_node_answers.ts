// Answers that several panels of a node's page share.

import { getAgentGaps, getHistory, type AgentGap, type NodeHistory } from "../api/node_page";
import type { NodeDetail } from "../api/types";
import { useAnswer, type Answer } from "../details/use_answer";
import { deafTimes, type Stretch } from "../logic/node_listening";
import type { TimeWindow } from "../logic/node_range";
import { agents, now } from "../state/store";

export const useHistory = (id: string, version: unknown): Answer<NodeHistory> => useAnswer((signal) => getHistory(id, signal), version);

// When nobody listened who would have heard the node.
export interface Listening {
  deaf: Stretch[]; // none while it is not known
  state: "asking" | "known" | "unknown" | "failed";
}

// More agents than these hear no node; it bounds what is asked for.
const kAgentsMax = 30;
// Enough for every range of the charts and for the strip of hours.
const kAskedUs = 31 * 86_400e6;

// Of the agents that have heard the node.
export function useListening(node: NodeDetail | null, window: TimeWindow): Listening {
  const names = (node?.heard_by ?? []).slice(0, kAgentsMax).map((by) => by.agent).sort();
  const since = window.until - kAskedUs;
  const { data, error } = useAnswer(
    async (signal) => new Map<string, AgentGap[]>(await Promise.all(names.map(async (name) => [name, await getAgentGaps(name, since, signal)] as const))),
    `${window.until} ${names.join("\n")}`,
  );
  if (error) return { deaf: [], state: "failed" };
  if (node && names.length === 0) return { deaf: [], state: "unknown" };
  const all = agents.value;
  if (!data || !all) return { deaf: [], state: "asking" };
  const listeners = all.flatMap(({ id, first_seen_us, last_upload_us, radios }) => {
    const gaps = data.get(id);
    return gaps ? [{ radios: radios.length, first_seen_us, last_upload_us, gaps }] : [];
  });
  const deaf = deafTimes(listeners, { since, until: window.until }, now.value);
  return deaf ? { deaf, state: "known" } : { deaf: [], state: "asking" };
}
