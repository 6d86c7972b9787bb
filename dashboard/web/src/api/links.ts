// Questions about who hears whom.

import { get } from "./client";
import type { Link, LinkHour } from "./types";

export interface LinkHistory {
  from: string;
  to: string;
  evidence: string;
  hours: LinkHour[]; // of the way from `from` to `to`
  hours_back: LinkHour[];
}

const kRowsPerRequest = 1000;
// What one page loads at most: a mesh of 2,000 nodes has some 7,000 links.
export const kLinksMax = 20_000;

export interface LinkList {
  links: Link[];
  cut: boolean; // there are more than kLinksMax
}

interface LinkPage {
  links: Link[];
  next_cursor: string | null;
}

const getPage = (asked: Record<string, string>, cursor: string | null, signal: AbortSignal) =>
  get<LinkPage>(`/links?${new URLSearchParams({ ...asked, limit: String(kRowsPerRequest), ...(cursor ? { cursor } : {}) })}`, signal);

// Every link that was seen since then ("1h", "7d"; "all": ever), page by page.
export async function getLinks(since: string, signal: AbortSignal): Promise<LinkList> {
  const links: Link[] = [];
  let cursor: string | null = null;
  do {
    const page: LinkPage = await getPage(since === "all" ? {} : { since }, cursor, signal);
    links.push(...page.links);
    cursor = page.next_cursor;
  } while (cursor && links.length < kLinksMax);
  return { links, cut: cursor !== null };
}

// The links between two nodes, both ways: a few at most, one for each kind of evidence.
export async function getLinksBetween(one: string, other: string, signal: AbortSignal): Promise<Link[]> {
  const ways = [{ from: one, to: other }, { from: other, to: one }];
  return (await Promise.all(ways.map((way) => getPage(way, null, signal)))).flatMap((page) => page.links);
}

// A link by hour, both ways, as one kind of evidence tells it.
export const getLinkHistory = (from: string, to: string, evidence: string, since: string, signal: AbortSignal) =>
  get<LinkHistory>(`/links/${encodeURIComponent(from)}/${encodeURIComponent(to)}?${new URLSearchParams({ evidence, since })}`, signal);
