// How a node's identity changed: what was known before each change, and which changes are worth a warning.

import type { NodeHistory } from "../api/node_page";
import type { Micros } from "../api/types";

export type IdentityField = NodeHistory["changes"][number]["field"];

export interface IdentityChange {
  field: IdentityField;
  before: string | null; // null: it was the first that was learnt
  value: string;
}

// What changed at one time.
export interface IdentityStep {
  time_us: Micros;
  changes: IdentityChange[];
  // Someone else may speak with its number, or it was set up anew.
  keyChanged: boolean;
}

const kOrder: IdentityField[] = ["long_name", "short_name", "role", "hw_model", "public_key"];

// Newest first, as the changes are.
export function identitySteps(changes: NodeHistory["changes"]): IdentityStep[] {
  const known = new Map<IdentityField, string>();
  const steps: IdentityStep[] = [];
  for (const change of [...changes].reverse()) {
    const before = known.get(change.field) ?? null;
    known.set(change.field, change.value);
    let step = steps.at(-1);
    if (step?.time_us !== change.time_us) steps.push((step = { time_us: change.time_us, changes: [], keyChanged: false }));
    step.changes.push({ field: change.field, before, value: change.value });
    if (change.field === "public_key" && before !== null) step.keyChanged = true;
  }
  for (const step of steps) step.changes.sort((a, b) => kOrder.indexOf(a.field) - kOrder.indexOf(b.field));
  return steps.reverse();
}

const kKeyShown = 8;

// The begin and the end of a key: enough to tell two apart.
export function shortKey(hex: string): string {
  return hex.length <= 2 * kKeyShown ? hex : `${hex.slice(0, kKeyShown)}…${hex.slice(-kKeyShown)}`;
}

// base64, as a node's key is told, in hex, as its history tells it; what is no base64 stays as it is.
export function keyHex(base64: string): string {
  try {
    return Array.from(atob(base64), (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  } catch {
    return base64;
  }
}
