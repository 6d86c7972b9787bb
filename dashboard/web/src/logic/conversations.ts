// Text messages as people read them: reactions gathered under what they react to, answers beside what they answer, and
// what became of each.

import type { Message, Micros } from "../api/types";
import { cleanName, kBroadcast } from "./format";

// One or two characters on a radio's screen; a joined emoji is several.
const kReactionLength = 12;
const kReaction = 1;
// A radio repeats a message for less time than this when nobody confirms it.
const kPendingMicros = 120e6;

export interface Reaction {
  text: string; // cleaned
  from: { id: string; name: string | null }[]; // everyone once, oldest first
}

export interface Entry {
  message: Message;
  // What it answers or reacts to; null: nothing, "missing": a message that is not among these.
  original: Message | "missing" | null;
  isReaction: boolean; // to a missing message: else it stands under that
  reactions: Reaction[]; // in the order of the first of each
}

export const isDirect = (message: Message): boolean => message.to !== kBroadcast;

// Packet ids are chosen by radios and may come again: the original is the newest one before its answer, else the first after
// (the log may have them the other way round).
function originalOf(message: Message, byPacket: Map<number, Message[]>): Message | "missing" | null {
  if (message.reply_id === null) return null;
  const found = (byPacket.get(message.reply_id) ?? []).filter((other) => other.id !== message.id);
  return found.filter((other) => other.id < message.id).at(-1) ?? found[0] ?? "missing";
}

function addReaction(reactions: Reaction[], message: Message): void {
  const text = cleanName(message.text, kReactionLength);
  let same = reactions.find((reaction) => reaction.text === text);
  if (!same) {
    same = { text, from: [] };
    reactions.push(same);
  }
  if (!same.from.some((who) => who.id === message.from)) same.from.push({ id: message.from, name: message.from_name });
}

// `messages` newest first, as the API gives them; the entries are oldest first, as they are read.
export function gather(messages: Message[]): Entry[] {
  const ordered = [...messages].sort((a, b) => a.id - b.id);
  const byPacket = new Map<number, Message[]>();
  for (const message of ordered) {
    if (message.emoji === kReaction) continue;
    const others = byPacket.get(message.packet_id);
    if (others) others.push(message);
    else byPacket.set(message.packet_id, [message]);
  }
  const entries = new Map<number, Entry>();
  const reacting: { message: Message; original: Message }[] = [];
  for (const message of ordered) {
    const original = originalOf(message, byPacket);
    const isReaction = message.emoji === kReaction;
    if (isReaction && original !== null && original !== "missing") reacting.push({ message, original });
    else entries.set(message.id, { message, original, isReaction: isReaction && original !== null, reactions: [] });
  }
  for (const { message, original } of reacting) addReaction(entries.get(original.id)!.reactions, message);
  return [...entries.values()];
}

// What one chooses among: a channel by its number as the packet has it, or what is not for everyone.
export type Place = "direct" | number;

export const placeOf = (message: Message): Place => (isDirect(message) ? "direct" : message.channel);

export interface PlaceCount {
  place: Place;
  count: number;
}

// Channels by their numbers (a radio's own indexes come first), direct messages last.
export function countPlaces(entries: Entry[]): PlaceCount[] {
  const counts = new Map<Place, number>();
  for (const { message } of entries) counts.set(placeOf(message), (counts.get(placeOf(message)) ?? 0) + 1);
  const order = (place: Place) => (place === "direct" ? Infinity : place);
  return [...counts].map(([place, count]) => ({ place, count })).sort((a, b) => order(a.place) - order(b.place));
}

export function parsePlace(text: string | undefined): Place | null {
  if (text === "direct") return "direct";
  return text && /^\d{1,3}$/.test(text) ? Number(text) : null;
}

export type Delivery = "delivered" | "failed" | "pending" | "unknown";

// A message for everyone is confirmed by nobody: null, unless an answer was heard all the same.
export function deliveryOf(message: Message, now: Micros): Delivery | null {
  if (message.ack) return message.ack.error === "NONE" ? "delivered" : "failed";
  if (!isDirect(message)) return null;
  return now - message.time_us < kPendingMicros ? "pending" : "unknown";
}
