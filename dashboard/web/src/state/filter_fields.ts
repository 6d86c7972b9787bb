// What the filter language knows, asked for once, when someone is about to type in it.

import { signal } from "@preact/signals";
import { getFilterFields } from "../api/client";
import type { FilterFields } from "../api/types";

export const filterFields = signal<FilterFields | null>(null);

let asked = false;

// Without an answer the language works all the same; only its completion is missing, and the next one asks again.
export function wantFilterFields(): void {
  if (asked) return;
  asked = true;
  getFilterFields().then(
    (fields) => (filterFields.value = fields),
    () => (asked = false),
  );
}
