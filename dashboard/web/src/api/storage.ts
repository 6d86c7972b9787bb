// What the server keeps on its disk.

import { get } from "./client";
import type { components } from "./schema";

export type StoragePart = components["schemas"]["StoragePart"];

export interface Storage {
  log_bytes: number;
  index_bytes: number;
  index_empty_bytes: number;
  free_bytes: number;
  usable_bytes: number; // of those free, before the server stops to take uploads
  growth_bytes_per_day: number;
  days_left: number | null;
  parts: StoragePart[];
}

export const getStorage = (signal: AbortSignal) => get<Storage>("/storage", signal);
