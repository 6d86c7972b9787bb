// The state of an agent in one word.

import type { Agent, Micros } from "../api/types";
import { t } from "../texts/texts";

export interface AgentState {
  grade: "good" | "warn" | "bad" | "unknown";
  word: string;
}

// The server's meaning of an agent that is online.
const kOnline: Micros = 300e6;

export const isOnlineAgent = (agent: Agent, now: Micros): boolean => now - agent.last_upload_us <= kOnline;

// Of its radio's link, as the agent said when it last uploaded.
export function linkState(agent: Pick<Agent, "link">): AgentState {
  const state = agent.link?.state;
  switch (state) {
    case "ready":
      return { grade: "good", word: t.agentsPage.states.ready };
    case "down":
      return { grade: "bad", word: t.agentsPage.states.down };
    case "connecting":
      return { grade: "warn", word: t.agentsPage.states.connecting };
    default:
      return { grade: "unknown", word: t.agentsPage.states.unknown };
  }
}

// What an agent last said of its radio holds only as long as it uploads: a silent agent is offline, whatever it said.
export function agentState(agent: Agent, now: Micros): AgentState {
  return isOnlineAgent(agent, now) ? linkState(agent) : { grade: "bad", word: t.agentsPage.states.offline };
}
