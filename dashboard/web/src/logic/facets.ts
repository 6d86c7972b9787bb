// Terms of the filter language that a click adds or takes away, and what the loaded rows have to choose from. Pure.

import type { Packet } from "../api/types";
import { quoted } from "./completion";
import { kBroadcast } from "./format";

export type TermState = "in" | "out" | null;

interface Term {
  text: string; // as it stands in the query
  negated: boolean;
  field: string; // "" of a bare word
  values: string[]; // without quotation marks
}

// Cuts at the separators that stand outside of quotation marks.
function cut(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let part = "";
  let inQuotes = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (!inQuotes && separator.test(c)) {
      parts.push(part);
      part = "";
      continue;
    }
    if (c === '"') inQuotes = !inQuotes;
    part += c;
    if (c === "\\" && inQuotes && i + 1 < text.length) part += text[++i];
  }
  return [...parts, part];
}

const plain = (value: string) => (value.startsWith('"') ? value.slice(1).replace(/"$/, "").replace(/\\(.)/g, "$1") : value);

function termsOf(query: string): Term[] {
  return cut(query, /\s/)
    .filter(Boolean)
    .map((text) => {
      const negated = text.startsWith("-");
      const match = /^-?([a-z_]+):(.*)$/is.exec(text);
      return { text, negated, field: match?.[1]!.toLowerCase() ?? "", values: match ? cut(match[2]!, /,/).map(plain) : [] };
    });
}

// A value as a term has it: a node's id is no name.
const written = (value: string) => (/^![0-9a-f]{8}$/.test(value) ? value : quoted(value));
const termText = (field: string, values: string[], negated: boolean) => `${negated ? "-" : ""}${field}:${values.map(written).join(",")}`;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export function termState(query: string, field: string, value: string): TermState {
  const term = termsOf(query).find((each) => each.field === field && each.values.some((v) => same(v, value)));
  return term ? (term.negated ? "out" : "in") : null;
}

// The values that the query names of a field, wanted ones and unwanted ones.
export function namedValues(query: string, field: string): string[] {
  return [...new Set(termsOf(query).flatMap((term) => (term.field === field ? term.values.filter(Boolean) : [])))];
}

// Adds the value to the field's term, or takes it away when it is there already. `negated`: packets with it are unwanted.
// A value stands in one term at most; all else of the query stays as it was typed.
export function toggleTerm(query: string, field: string, value: string, negated = false): string {
  const wanted: TermState = negated ? "out" : "in";
  const was = termState(query, field, value);
  const kept = termsOf(query).flatMap((term) => {
    if (term.field !== field || !term.values.some((v) => same(v, value))) return [term];
    const values = term.values.filter((v) => !same(v, value));
    return values.length > 0 ? [{ ...term, values, text: termText(field, values, term.negated) }] : [];
  });
  if (was !== wanted) {
    const at = kept.findIndex((term) => term.field === field && term.negated === negated);
    const values = at < 0 ? [value] : [...kept[at]!.values, value];
    const term = { text: termText(field, values, negated), negated, field, values };
    if (at < 0) kept.push(term);
    else kept[at] = term;
  }
  return kept.map((term) => term.text).join(" ");
}

export const kFacets = ["port", "from", "agent", "hops", "channel"] as const;
export type FacetName = (typeof kFacets)[number];

export interface FacetValue {
  value: string; // as the filter language has it
  count: number; // of the loaded rows
  sample: Packet | null; // one of those rows
}

const kSendersShown = 8;
const kValuesShown = 12;

// `port` null: what could not be read.
export const portValue = (port: number | null) => (port === null ? "none" : String(port));

function valueOf(name: FacetName, packet: Packet): string | null {
  switch (name) {
    case "port":
      return portValue(packet.port);
    case "from":
      return packet.from === kBroadcast ? null : packet.from;
    case "hops":
      return packet.hops === null ? null : String(packet.hops);
    case "channel":
      return String(packet.channel);
    case "agent":
      return packet.agent; // the first of those that heard it
  }
}

// The values of a facet that the rows have: numbers in their order, all else by how often it is there.
export function facetValues(name: FacetName, rows: Packet[]): FacetValue[] {
  const found = new Map<string, FacetValue>();
  for (const packet of rows) {
    const value = valueOf(name, packet);
    if (value === null) continue;
    const known = found.get(value);
    if (known) known.count++;
    else found.set(value, { value, count: 1, sample: packet });
  }
  const byCount = (a: { count: number; value: string }, b: { count: number; value: string }) => b.count - a.count || a.value.localeCompare(b.value);
  const often = [...found.values()].sort(byCount).slice(0, name === "from" ? kSendersShown : kValuesShown);
  return name === "hops" ? often.sort((a, b) => Number(a.value) - Number(b.value)) : often;
}
