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
