// What agents hear in common, and what only one of them hears.

import type { Overlap } from "../api/agents";

export interface OverlapCell {
  row: string;
  column: string;
  both: number; // packets that both heard; on the diagonal: all of the row's agent
  of: number; // packets that the row's agent heard
}

// The agents that the server compared in pairs: those with the most packets.
export const kComparedMost = 40;

// A row for each compared agent, and in it a cell for each, in the same order.
export function overlapMatrix(overlap: Overlap): OverlapCell[][] {
  const compared = overlap.agents.slice(0, kComparedMost);
  const both = new Map<string, Map<string, number>>(compared.map((each) => [each.agent, new Map()]));
  for (const pair of overlap.pairs) {
    both.get(pair.a)?.set(pair.b, pair.both);
    both.get(pair.b)?.set(pair.a, pair.both);
  }
  return compared.map((row) =>
    compared.map((column) => ({
      row: row.agent,
      column: column.agent,
      both: row === column ? row.packets : (both.get(row.agent)!.get(column.agent) ?? 0),
      of: row.packets,
    })),
  );
}

export interface Contribution {
  agent: string;
  heard: number; // packets that it heard
  only: number; // of these, which nobody else heard
  all: number; // packets that anyone heard
}

// Whose absence would cost most first.
export function contributions(overlap: Overlap): Contribution[] {
  return overlap.agents
    .map(({ agent, packets, only }) => ({ agent, heard: packets, only, all: overlap.packets }))
    .sort((a, b) => b.only - a.only || b.heard - a.heard);
}
