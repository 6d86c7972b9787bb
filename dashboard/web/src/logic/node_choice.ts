// A node by what someone types: its id, its short name or a part of its long name.

import { cleanName } from "./format";

export interface Named {
  id: string;
  short_name: string | null;
  long_name: string | null;
}

const kId = /![0-9a-f]{8}/;

// "Summit relay · SUM · !c0bb1d34": what is offered, and understood again by its id.
export function choiceText(node: Named): string {
  return [cleanName(node.long_name), cleanName(node.short_name, 8), node.id].filter((part) => part !== "").join(" · ");
}

// Nodes that `text` may mean, in the order of their names; at most `limit`.
export function matchNodes<T extends Named>(nodes: Iterable<T>, text: string, limit: number): T[] {
  const wanted = text.trim().toLowerCase();
  const found: { node: T; name: string }[] = [];
  for (const node of nodes) {
    const name = choiceText(node);
    if (name.toLowerCase().includes(wanted)) found.push({ node, name });
  }
  return found
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ node }) => node);
}

// The id that `text` stands for: one that it holds, that of the node with just this name, or of the only one that matches.
export function chosenNode(nodes: Iterable<Named>, text: string): string | null {
  const id = kId.exec(text.toLowerCase());
  if (id) return id[0];
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const all = [...nodes];
  const exact = all.filter((node) => [node.short_name, node.long_name].some((name) => cleanName(name).toLowerCase() === wanted));
  if (exact.length === 1) return exact[0]!.id;
  const matching = matchNodes(all, text, 2);
  return exact.length === 0 && matching.length === 1 ? matching[0]!.id : null;
}
