// The newest packets as a list that stands still while someone reads it.

import type { LiveReception, Packet } from "../api/types";

export const kFeedRows = 120;

export interface Feed {
  limit: number; // of rows, and of what waits
  rows: Packet[]; // newest first
  pending: Packet[]; // arrived while held; newest first
  waiting: number; // how many arrived while held, also those that did not fit into pending
  held: boolean;
}

export const emptyFeed = (limit: number): Feed => ({ limit, rows: [], pending: [], waiting: 0, held: false });
export const kEmptyFeed = emptyFeed(kFeedRows);

// Newest first without doubles: a packet that is already there is replaced by what came later.
function merge(newer: Packet[], older: Packet[], limit: number): Packet[] {
  const byId = new Map(older.map((p) => [p.id, p]));
  for (const packet of newer) byId.set(packet.id, packet);
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, limit);
}

// Packets that were just announced, in any order.
export function push(feed: Feed, packets: Packet[]): Feed {
  if (packets.length === 0) return feed;
  if (!feed.held) return { ...feed, rows: merge(packets, feed.rows, feed.limit) };
  const shown = new Set(feed.rows.map((p) => p.id));
  const known = new Set(feed.pending.map((p) => p.id));
  const fresh = packets.filter((p) => !shown.has(p.id));
  return {
    ...feed,
    pending: merge(fresh, feed.pending, feed.limit),
    waiting: feed.waiting + fresh.filter((p) => !known.has(p.id)).length,
  };
}

// The list as the API gave it, after a start or a gap. While it is held its rows stand still all the same: what is newer
// waits. (Nothing is missing in between: the API's list is as long as ours, so either it reaches back to our newest row, or
// what waits takes the place of all rows.) What was announced while the API answered is newer than its list, and stays.
export function replace(feed: Feed, packets: Packet[]): Feed {
  const newest = feed.rows[0]?.id;
  const told = packets[0]?.id ?? 0;
  const since = (list: Packet[]) => list.filter((p) => p.id > told);
  if (!feed.held || newest === undefined) return { ...emptyFeed(feed.limit), held: feed.held, rows: merge(packets, since(feed.rows), feed.limit) };
  const pending = merge(packets.filter((p) => p.id > newest), since(feed.pending), feed.limit);
  return { ...feed, pending, waiting: pending.length };
}

export function hold(feed: Feed): Feed {
  return feed.held ? feed : { ...feed, held: true };
}

// Lets the list go on: what waited is shown.
export function release(feed: Feed): Feed {
  return { ...emptyFeed(feed.limit), rows: merge(feed.pending, feed.rows, feed.limit) };
}

// Packets before the oldest row, as a further page of the API gave them: they take the room that is left.
export function append(feed: Feed, older: Packet[]): Feed {
  return { ...feed, rows: merge(feed.rows, older, feed.limit) };
}

// One more agent heard a packet: its row takes the count and the best signal that come with the news, so that news told
// twice changes nothing. Rows do not move by this.
export function addReceptions(feed: Feed, receptions: LiveReception[]): Feed {
  if (receptions.length === 0) return feed;
  const newest = new Map<number, LiveReception>();
  for (const r of receptions) if (r.id >= (newest.get(r.packet)?.id ?? 0)) newest.set(r.packet, r);
  const apply = (packet: Packet): Packet => {
    const news = newest.get(packet.id);
    if (!news || news.receptions < packet.receptions) return packet;
    return { ...packet, receptions: news.receptions, best_snr: news.best_snr, best_rssi: news.best_rssi };
  };
  return { ...feed, rows: feed.rows.map(apply), pending: feed.pending.map(apply) };
}
