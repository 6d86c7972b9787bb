// The packets of the list beside the inspector, in its order: the inspector goes through them.

import { computed, signal } from "@preact/signals";
import { feed } from "./store";

// Set by the page that shows a list of its own; null: the newest packets stand for one.
export const listedPackets = signal<number[] | null>(null);

export const shownPackets = computed(() => listedPackets.value ?? feed.value.rows.map((packet) => packet.id));
