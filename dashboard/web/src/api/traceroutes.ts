// Questions about traceroutes.

import { get } from "./client";
import type { Page } from "./messages";
import type { components } from "./schema";

export type Traceroute = components["schemas"]["Traceroute"];
export type Step = Traceroute["towards"][number];

const kRowsPerRequest = 500;
// Of the busiest node, so far back is looked for its traceroutes.
const kPagesMax = 3;

// `node`: one of the ends; empty: of all nodes.
export async function getTraceroutePage(
  asked: { node: string; replies: boolean },
  limit: number,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Traceroute>> {
  const query = new URLSearchParams({
    limit: String(limit),
    ...(asked.node ? { node: asked.node } : {}),
    ...(asked.replies ? { replies: "true" } : {}),
    ...(cursor ? { cursor } : {}),
  });
  const answer = await get<{ traceroutes: Traceroute[]; next_cursor: string | null }>(`/traceroutes?${query}`, signal);
  return { rows: answer.traceroutes, next: answer.next_cursor };
}

export interface NodeTraceroutes {
  rows: Traceroute[]; // newest first
  complete: boolean; // false: there are older ones
}

// The newest traceroutes of a node, back to the one with the id `until` if the bound allows it.
export async function getTraceroutesOf(node: string, until: number, signal: AbortSignal): Promise<NodeTraceroutes> {
  const rows: Traceroute[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < kPagesMax; pages++) {
    const page: Page<Traceroute> = await getTraceroutePage({ node, replies: false }, kRowsPerRequest, cursor, signal);
    rows.push(...page.rows);
    cursor = page.next;
    if (cursor === null || (rows.at(-1)?.id ?? 0) <= until) break;
  }
  return { rows, complete: cursor === null };
}
