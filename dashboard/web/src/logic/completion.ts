// What may stand where someone types in the filter language.

import type { FilterVocabulary } from "../api/types";

export interface Suggestion {
  text: string; // takes the place of what stands between `from` and `to`
  meaning: string;
  from: number;
  to: number;
  // More is to be typed behind it: a field waits for its value.
  open: boolean;
}

// Things that only the page knows by name.
export interface Names {
  nodes: { name: string; meaning: string }[];
  agents: string[];
}

const kSuggestions = 8;
const kTimes = ["15m", "1h", "2h", "1d", "7d"];

// A name as the language takes it.
export function quoted(name: string): string {
  return /^[^\s",]+$/.test(name) && !name.startsWith("!") ? name : `"${name.replace(/["\\]/g, "\\$&")}"`;
}

// Where the term begins that the caret stands in; -1 inside of quotation marks, where nothing is completed.
function termStart(text: string, caret: number): number {
  let inQuotes = false;
  let start = 0;
  for (let i = 0; i < caret; i++) {
    if (text[i] === "\\" && inQuotes) i++;
    else if (text[i] === '"') inQuotes = !inQuotes;
    else if (!inQuotes && /\s/.test(text[i]!)) start = i + 1;
  }
  return inQuotes ? -1 : start;
}

type Value = { text: string; meaning: string };

function valuesOf(vocabulary: FilterVocabulary, field: FilterVocabulary["fields"][number], names: Names): Value[] {
  switch (field.kind) {
    case "name":
      return (field.values ?? []).map((v) => ({ text: v.name, meaning: v.full_name }));
    case "trait":
      return vocabulary.traits.map((trait) => ({ text: trait.name, meaning: trait.meaning }));
    case "node":
      return names.nodes.map((node) => ({ text: quoted(node.name), meaning: node.meaning }));
    case "agent":
      return names.agents.map((agent) => ({ text: quoted(agent), meaning: "" }));
    case "time":
      return kTimes.map((time) => ({ text: time, meaning: "" }));
    case "number":
      return [];
  }
}

// Those that begin with what is typed, then those that have it elsewhere.
function best<T>(all: T[], typed: string, textOf: (each: T) => string): T[] {
  const word = typed.toLowerCase();
  const begins = (each: T) => textOf(each).toLowerCase().replace(/^"/, "").startsWith(word);
  const has = (each: T) => textOf(each).toLowerCase().includes(word);
  return [...all.filter(begins), ...all.filter((each) => !begins(each) && has(each))].slice(0, kSuggestions);
}

export function complete(vocabulary: FilterVocabulary, names: Names, text: string, caret: number): Suggestion[] {
  let from = termStart(text, caret);
  if (from < 0) return [];
  if (text[from] === "-") from++;
  const typed = text.slice(from, caret);
  const colon = typed.indexOf(":");
  if (colon < 0) {
    return best(vocabulary.fields, typed, (field) => field.name).map((field) => ({
      text: `${field.name}:`,
      meaning: `${field.meaning}, ${field.example}`,
      from,
      to: caret,
      open: true,
    }));
  }
  const field = vocabulary.fields.find((f) => f.name === typed.slice(0, colon).toLowerCase());
  if (!field) return [];
  const valueFrom = from + Math.max(colon, typed.lastIndexOf(",")) + 1;
  const value = text.slice(valueFrom, caret);
  // A node is found by its long name, too.
  const words = (each: Value) => (field.kind === "node" ? `${each.text} ${each.meaning}` : each.text);
  return best(valuesOf(vocabulary, field, names), value, words)
    .filter((each) => each.text !== value)
    .map((each) => ({ text: each.text, meaning: each.meaning, from: valueFrom, to: caret, open: false }));
}

// The text with the suggestion in it, and where the caret goes.
export function accept(text: string, suggestion: Suggestion): { text: string; caret: number } {
  const before = text.slice(0, suggestion.from) + suggestion.text;
  const after = text.slice(suggestion.to);
  const space = suggestion.open || /^\s/.test(after) ? "" : " ";
  return { text: before + space + after, caret: before.length + (suggestion.open ? 0 : 1) };
}
