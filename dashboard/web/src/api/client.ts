// Questions to /api/v1.

import type { Agent, Message, Node, NodeDetail, Packet, PacketDetail, Stats } from "./types";

const kBase = "/api/v1";
const kNodesPerRequest = 1000;
// More than the largest mesh that one map shows; bounds what a broken cursor could make this page load.
const kNodesMax = 20_000;

// What the server said went wrong, in its own words.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(kBase + path, { headers: { Accept: "application/json" }, signal: signal ?? null });
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as { title?: string; detail?: string } | null;
    throw new ApiError(response.status, problem?.detail ?? problem?.title ?? `the server answered ${response.status}`);
  }
  return (await response.json()) as T;
}

export const getStats = () => get<Stats>("/stats");
export const getAgents = async () => (await get<{ agents: Agent[] }>("/agents")).agents;
export const getPackets = async (limit: number) => (await get<{ packets: Packet[] }>(`/packets?limit=${limit}`)).packets;
export const getMessages = async (limit: number) =>
  (await get<{ messages: Message[] }>(`/messages?limit=${limit}`)).messages;
export const getNode = (id: string, signal: AbortSignal) => get<NodeDetail>(`/nodes/${encodeURIComponent(id)}`, signal);
export const getPacket = (id: number, signal: AbortSignal) => get<PacketDetail>(`/packets/${id}`, signal);

// Every node, page by page.
export async function getNodes(): Promise<Node[]> {
  const nodes: Node[] = [];
  let cursor = "";
  do {
    const page = await get<{ nodes: Node[]; next_cursor: string | null }>(`/nodes?limit=${kNodesPerRequest}${cursor}`);
    nodes.push(...page.nodes);
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : "";
  } while (cursor && nodes.length < kNodesMax);
  return nodes;
}
