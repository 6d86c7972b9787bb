// The state of an agent in one word.

import type { Agent, Micros } from "../api/types";

export interface AgentState {
  grade: "good" | "warn" | "bad" | "unknown";
  word: string;
}

// The server's meaning of an agent that is online.
const kOnline: Micros = 300e6;

// "ready" → "Ready", "waiting_for_config" → "Waiting for config"
function spoken(state: string): string {
  const words = state.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// What an agent last said of its radio holds only as long as it uploads: a silent agent is offline, whatever it said.
export function agentState(agent: Agent, now: Micros): AgentState {
  if (now - agent.last_upload_us > kOnline) return { grade: "bad", word: "Offline" };
  const state = agent.link?.state;
  if (!state || state === "unknown") return { grade: "unknown", word: "Unknown" };
  return { grade: state === "ready" ? "good" : state === "down" ? "bad" : "warn", word: spoken(state) };
}
