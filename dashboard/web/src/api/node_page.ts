// Questions about one node that its page asks.

import { ApiError, get, getNode } from "./client";
import type { components, paths } from "./schema";
import type { Message, Micros, NodeDetail } from "./types";

type AnswerOf<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { "application/json": infer Body } } } } } ? Body : never;

export type Telemetry = AnswerOf<"/api/v1/nodes/{id}/telemetry">;
export type TelemetryKind = NonNullable<NonNullable<paths["/api/v1/nodes/{id}/telemetry"]["get"]["parameters"]["query"]>["kind"]>;
export type TelemetryStep = "raw" | "5m" | "1h";
export type NodeHistory = AnswerOf<"/api/v1/nodes/{id}/history">;
export type NodeSeries = AnswerOf<"/api/v1/series">;
export type SeriesStep = NodeSeries["series"][number]["points"][number];
export type LinkHours = AnswerOf<"/api/v1/links/{from}/{to}">;
export type Link = components["schemas"]["Link"];
export type LinkHour = components["schemas"]["LinkHour"];
export type AgentGap = components["schemas"]["Gap"];
export type Traceroute = components["schemas"]["Traceroute"];

export const kTelemetryKinds: TelemetryKind[] = [
  "device", "environment", "air_quality", "power", "health", "local_stats", "host", "traffic_management", "paxcounter", "store_forward",
];

// The most rows that one answer holds.
export const kRowsMax = 1000;
// More neighbours than this no radio tells apart.
const kLinkPages = 5;
// As far back as the server answers hour by hour: it gives no more than 10,000 steps.
const kEver = "400d";
// A question looks at a bounded number of messages: so many are asked for a node's rare ones.
const kSearchesMax = 5;

const pathOf = (id: string) => `/nodes/${encodeURIComponent(id)}`;
const asked = (values: Record<string, string | number>) => new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)]));

// A node that the server does not know is an answer, not a mistake.
export async function findNode(id: string, signal: AbortSignal): Promise<{ node: NodeDetail | null }> {
  try {
    return { node: await getNode(id, signal) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { node: null };
    throw error;
  }
}

export const getHistory = (id: string, signal: AbortSignal) => get<NodeHistory>(`${pathOf(id)}/history?limit=200`, signal);

// `since` may be a time or an age, as the API takes it.
const getTelemetry = (id: string, kind: TelemetryKind, step: TelemetryStep, since: Micros | string, limit: number, signal: AbortSignal) =>
  get<Telemetry>(`${pathOf(id)}/telemetry?${asked({ kind, step, since, limit })}`, signal);

// What a node measured from `since` on, of every kind. Single values where one answer holds them, else five minutes each.
export async function getAllTelemetry(id: string, since: Micros, step: TelemetryStep, signal: AbortSignal): Promise<Telemetry[]> {
  return Promise.all(
    kTelemetryKinds.map(async (kind) => {
      const answer = await getTelemetry(id, kind, step, since, kRowsMax, signal);
      return step === "raw" && answer.points.length >= kRowsMax ? getTelemetry(id, kind, "5m", since, kRowsMax, signal) : answer;
    }),
  );
}

// The kinds of which the server has at least one value, however old.
export async function getKindsEver(id: string, signal: AbortSignal): Promise<TelemetryKind[]> {
  const answers = await Promise.all(kTelemetryKinds.map((kind) => getTelemetry(id, kind, "1h", kEver, 1, signal)));
  return kTelemetryKinds.filter((_, i) => answers[i]!.points.length > 0);
}

export const getNodeSeries = (id: string, since: Micros, signal: AbortSignal) =>
  get<NodeSeries>(`/series?${asked({ node: id, step: "1h", since })}`, signal);

export const getAgentGaps = async (agent: string, since: Micros, signal: AbortSignal) =>
  (await get<{ gaps: AgentGap[] }>(`/agents/${encodeURIComponent(agent)}/gaps?${asked({ since, limit: kRowsMax })}`, signal)).gaps;

export async function getLinksOf(id: string, signal: AbortSignal): Promise<Link[]> {
  const links: Link[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < kLinkPages; page++) {
    const answer: { links: Link[]; next_cursor: string | null } = await get(`/links?${asked({ node: id, limit: kRowsMax, ...(cursor ? { cursor } : {}) })}`, signal);
    links.push(...answer.links);
    cursor = answer.next_cursor;
    if (!cursor) break;
  }
  return links;
}

export const getLinkHours = (from: string, to: string, evidence: Link["evidence"], since: Micros, signal: AbortSignal) =>
  get<LinkHours>(`/links/${encodeURIComponent(from)}/${encodeURIComponent(to)}?${asked({ evidence, since })}`, signal);

export const getTraceroutes = async (id: string, limit: number, signal: AbortSignal) =>
  (await get<{ traceroutes: Traceroute[] }>(`/traceroutes?${asked({ node: id, limit })}`, signal)).traceroutes;

// The node's newest text messages. `searchedAll` false: there may be older ones that were not looked for.
export async function getMessagesFrom(id: string, limit: number, signal: AbortSignal): Promise<{ messages: Message[]; searchedAll: boolean }> {
  const messages: Message[] = [];
  let cursor: string | null = null;
  for (let search = 0; search < kSearchesMax; search++) {
    const page: AnswerOf<"/api/v1/messages"> = await get(`/messages?${asked({ from: id, limit, ...(cursor ? { cursor } : {}) })}`, signal);
    messages.push(...page.messages);
    cursor = page.next_cursor;
    if (!cursor || messages.length >= limit) break;
  }
  return { messages: messages.slice(0, limit), searchedAll: cursor === null };
}
