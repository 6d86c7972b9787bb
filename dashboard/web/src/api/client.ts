// Questions to /api/v1.

import type { Agent, FilterFields, Message, Node, NodeDetail, Packet, PacketDetail, Stats } from "./types";

const kBase = "/api/v1";
const kRowsPerRequest = 1000;
// More than the largest mesh that one map shows; bounds what a broken cursor could make this page load.
const kRowsMax = 20_000;

// What the server said went wrong, in its own words.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    // Where in a filter the mistake is, in characters; null: not in a filter.
    readonly place: { position: number; length: number } | null = null,
  ) {
    super(message);
  }
}

interface Problem {
  title?: string;
  detail?: string;
  // Of a mistake in a filter.
  parameter?: string;
  position?: number;
  length?: number;
}

// The server's words. Of a filter without the parameter's name before them: the place is shown instead.
function wordsOf(problem: Problem | null, status: number): string {
  const words = problem?.detail ?? problem?.title ?? `the server answered ${status}`;
  const name = `${problem?.parameter}: `;
  return problem?.parameter && words.startsWith(name) ? words.slice(name.length) : words;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(kBase + path, { headers: { Accept: "application/json" }, signal: signal ?? null });
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    const { position, length } = problem ?? {};
    throw new ApiError(
      response.status,
      wordsOf(problem, response.status),
      position !== undefined && length !== undefined ? { position, length } : null,
    );
  }
  return (await response.json()) as T;
}

export const getStats = () => get<Stats>("/stats");
export const getAgents = () => getAll<"agents", Agent>("agents");
export const getPackets = async (limit: number) => (await get<{ packets: Packet[] }>(`/packets?limit=${limit}`)).packets;
export const getMessages = async (limit: number) =>
  (await get<{ messages: Message[] }>(`/messages?limit=${limit}`)).messages;
export const getNode = (id: string, signal: AbortSignal) => get<NodeDetail>(`/nodes/${encodeURIComponent(id)}`, signal);
export const getPacket = (id: number, signal: AbortSignal) => get<PacketDetail>(`/packets/${id}`, signal);

export const getFilterFields = () => get<FilterFields>("/query/fields");

export interface PacketPage {
  packets: Packet[];
  next_cursor: string | null; // null: there is no more
}
// The newest packets for which the filter holds; fewer than `limit` and a cursor: the search goes on from there.
export const getPacketPage = (query: string, limit: number, cursor: string | null, signal: AbortSignal) => {
  const asked = new URLSearchParams({ q: query, limit: String(limit), ...(cursor ? { cursor } : {}) });
  return get<PacketPage>(`/packets?${asked}`, signal);
};

// The ids of the nodes for which the filter holds.
export async function getNodeIds(query: string, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const asked = new URLSearchParams({ q: query, fields: "id", limit: String(kRowsPerRequest), ...(cursor ? { cursor } : {}) });
    const page: { nodes: { id: string }[]; next_cursor: string | null } = await get(`/nodes?${asked}`, signal);
    ids.push(...page.nodes.map((node) => node.id));
    cursor = page.next_cursor;
  } while (cursor && ids.length < kRowsMax);
  return ids;
}

export const getNodes = () => getAll<"nodes", Node>("nodes");

// Every row of a list, page by page.
async function getAll<Name extends string, Row>(name: Name): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor = "";
  do {
    const page = await get<Record<Name, Row[]> & { next_cursor: string | null }>(
      `/${name}?limit=${kRowsPerRequest}${cursor}`,
    );
    rows.push(...page[name]);
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : "";
  } while (cursor && rows.length < kRowsMax);
  return rows;
}
