// When nobody listened who would have heard a node: what is missing then was not heard, which is not the same as not sent.

import type { AgentGap } from "../api/node_page";
import type { Micros } from "../api/types";
import type { TimeWindow } from "./node_range";

export interface Stretch {
  from_us: Micros;
  until_us: Micros;
}

export interface Listener {
  radios: number; // side by side; with several, one that is deaf does not make the agent deaf
  first_seen_us: Micros; // before then it was not there
  last_upload_us: Micros; // what it heard since has not come yet
  gaps: AgentGap[];
}

// The server refused single records: it listened all the same.
const kListened = new Set<AgentGap["cause"]>(["set_aside"]);
// An agent uploads much more often than this while all is well.
const kOnline: Micros = 300e6;
// Shorter than this share of the window nothing can be seen.
const kVisible = 1 / 1000;

// Stretches in order that do not touch one another.
function union(stretches: Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.from_us - b.from_us)) {
    const before = joined.at(-1);
    if (before && stretch.from_us <= before.until_us) before.until_us = Math.max(before.until_us, stretch.until_us);
    else joined.push({ ...stretch });
  }
  return joined;
}

// What is in both; each in order, without overlaps.
function intersection(a: Stretch[], b: Stretch[]): Stretch[] {
  const both: Stretch[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from_us = Math.max(a[i]!.from_us, b[j]!.from_us);
    const until_us = Math.min(a[i]!.until_us, b[j]!.until_us);
    if (from_us < until_us) both.push({ from_us, until_us });
    if (a[i]!.until_us < b[j]!.until_us) i++;
    else j++;
  }
  return both;
}

function deafOf(listener: Listener, window: TimeWindow, now: Micros): Stretch[] {
  const isDeaf = ({ cause }: AgentGap) => !kListened.has(cause) && (listener.radios <= 1 || cause === "agent_stopped");
  const deaf = listener.gaps
    .filter(isDeaf)
    .map((gap) => ({ from_us: gap.start_us, until_us: gap.until_us ?? window.until }));
  deaf.push({ from_us: 0, until_us: listener.first_seen_us });
  if (now - listener.last_upload_us > kOnline) deaf.push({ from_us: listener.last_upload_us, until_us: window.until });
  return union(deaf)
    .map((s) => ({ from_us: s.from_us, until_us: Math.min(s.until_us, window.until) }))
    .filter((s) => s.until_us > Math.max(s.from_us, window.since));
}

// When none of these agents listened; those are meant that have heard the node. Without any nothing is known: null.
export function deafTimes(listeners: Listener[], window: TimeWindow, now: Micros): Stretch[] | null {
  if (listeners.length === 0) return null;
  const [first, ...others] = listeners.map((listener) => deafOf(listener, window, now));
  return others.reduce(intersection, first!);
}

// Those that can be seen on a chart of the window.
export function visibleIn(stretches: Stretch[], window: TimeWindow): Stretch[] {
  const least = (window.until - window.since) * kVisible;
  return stretches.filter((s) => Math.min(s.until_us, window.until) - Math.max(s.from_us, window.since) >= least);
}
