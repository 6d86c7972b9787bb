// Questions about agents: what they miss, which relays they hear, what they hear in common.

import type { components, paths } from "./schema";
import { ApiError, get } from "./client";
import type { Packet } from "./types";

type Answer<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { "application/json": infer Body } } } } }
  ? Body
  : never;

export type Gap = components["schemas"]["Gap"];
export type Relay = Answer<"/api/v1/agents/{id}/relays">["relays"][number];
export type Overlap = Answer<"/api/v1/agents/overlap">;
export type AgentSeries = Answer<"/api/v1/series">;
export type Link = Answer<"/api/v1/links">["links"][number];

// More gaps than this in one lane or list are not drawn; the answer says that there were as many.
export const kGapsMost = 500;
// The strongest radios hear some hundred nodes directly.
const kLinksMost = 1000;

const path = (id: string) => `/agents/${encodeURIComponent(id)}`;

export const getGaps = async (id: string, since: string, signal: AbortSignal) =>
  (await get<{ gaps: Gap[] }>(`${path(id)}/gaps?${new URLSearchParams({ since, limit: String(kGapsMost) })}`, signal)).gaps;

export const getRelays = async (id: string, signal: AbortSignal) => (await get<{ relays: Relay[] }>(`${path(id)}/relays`, signal)).relays;

export const getAgentSeries = (id: string, since: string, step: string, signal: AbortSignal) =>
  get<AgentSeries>(`/series?${new URLSearchParams({ agent: id, since, step })}`, signal);

// A server older than the question says that there is nothing at this path.
export async function getOverlap(since: string, signal: AbortSignal): Promise<Overlap | "unknown to the server"> {
  try {
    return await get<Overlap>(`/agents/overlap?${new URLSearchParams({ since })}`, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return "unknown to the server";
    throw error;
  }
}

// What a radio received without a hop between.
export async function getDirectLinks(radio: string, signal: AbortSignal): Promise<Link[]> {
  const asked = new URLSearchParams({ node: radio, evidence: "direct", limit: String(kLinksMost) });
  const { links } = await get<{ links: Link[] }>(`/links?${asked}`, signal);
  return links.filter((link) => link.to === radio);
}

export const getPacketsOf = async (query: string, limit: number, signal: AbortSignal) =>
  (await get<{ packets: Packet[] }>(`/packets?${new URLSearchParams({ q: query, limit: String(limit) })}`, signal)).packets;
