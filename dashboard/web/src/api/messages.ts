// Questions about text messages.

import { get } from "./client";
import type { Message } from "./types";

export interface Page<Row> {
  rows: Row[]; // newest first
  next: string | null; // the cursor of the page after; null: there is no more
}

// `words`: what the texts hold, all of them; empty: every message.
export async function getMessagePage(words: string, limit: number, cursor: string | null, signal: AbortSignal): Promise<Page<Message>> {
  const asked = new URLSearchParams({ limit: String(limit), ...(words ? { q: words } : {}), ...(cursor ? { cursor } : {}) });
  const { messages, next_cursor } = await get<{ messages: Message[]; next_cursor: string | null }>(`/messages?${asked}`, signal);
  return { rows: messages, next: next_cursor };
}

// The log id of the newest packet before `before` with the number that a radio gave it; null: there is none.
export async function findPacket(packetId: number, before: number): Promise<number | null> {
  const asked = new URLSearchParams({ q: `packet_id:${packetId}`, limit: "20" });
  const { packets } = await get<{ packets: { id: number }[] }>(`/packets?${asked}`);
  const earlier = packets.filter((packet) => packet.id < before);
  return (earlier[0] ?? packets[0])?.id ?? null;
}
