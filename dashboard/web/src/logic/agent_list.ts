// The list of agents: its order, and how wrong a clock is.

import type { Agent, Micros } from "../api/types";
import { agentState, type AgentState } from "./agents";
import { booksOf } from "./books";
import { cleanName, formatAge, formatNumber, kUnknown } from "./format";

type Value = string | number | null;

const kGrades: Record<AgentState["grade"], number> = { bad: 0, warn: 1, unknown: 2, good: 3 };

const kValues = new Map<string, (agent: Agent, now: Micros) => Value>(Object.entries({
  name: (agent: Agent) => cleanName(agent.id).toLowerCase(),
  state: (agent: Agent, now: Micros) => kGrades[agentState(agent, now).grade],
  link: (agent: Agent) => agent.link.state,
  upload: (agent: Agent) => agent.last_upload_us,
  waiting: (agent: Agent) => agent.ledger.waiting,
  delivered: (agent: Agent) => agent.ledger.delivered,
  duplicates: (agent: Agent) => agent.ledger.duplicate,
  set_aside: (agent: Agent) => agent.ledger.set_aside,
  lost: (agent: Agent) => booksOf(agent.ledger).lost,
  skew: (agent: Agent) => (agent.clock_skew_us === null ? null : Math.abs(agent.clock_skew_us)),
  receptions: (agent: Agent) => agent.receptions,
  version: (agent: Agent) => agent.version,
}));

export const kAgentOrder = "name";

// What is not known comes last, whichever way.
export function sortAgents(agents: Agent[], sort: string, now: Micros): Agent[] {
  const falling = sort.startsWith("-");
  const value = kValues.get(falling ? sort.slice(1) : sort) ?? kValues.get(kAgentOrder)!;
  return [...agents].sort((a, b) => {
    const x = value(a, now);
    const y = value(b, now);
    if (x === y) return a.id < b.id ? -1 : 1;
    if (x === null) return 1;
    if (y === null) return -1;
    return (x < y ? -1 : 1) * (falling ? -1 : 1);
  });
}

export interface Skew {
  text: string;
  // How it matters: packets are put in order of time by clocks that are right within a second.
  grade: "good" | "warn" | "bad" | "unknown";
  ahead: boolean;
}

const kMatters: Micros = 1e6;
const kWrong: Micros = 60e6;

// With its sign always: "+2 ms", "−0.35 s", "+4 min".
export function skewOf(skew: Micros | null): Skew {
  if (skew === null) return { text: kUnknown, grade: "unknown", ahead: false };
  const size = Math.abs(skew);
  const text = size < 100e3 ? formatNumber(size / 1e3, 0, "ms") : size < kWrong ? formatNumber(size / 1e6, size < 10e6 ? 2 : 0, "s") : formatAge(size);
  const sign = size < 500 ? "±" : skew < 0 ? "−" : "+";
  return { text: sign + text, grade: size < kMatters ? "good" : size < kWrong ? "warn" : "bad", ahead: skew > 0 };
}
