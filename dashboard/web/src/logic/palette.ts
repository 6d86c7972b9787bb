// What the search over everything finds in what the page knows already, the best first.

import type { Node } from "../api/types";

// How well a text fits what is typed: 0 is the same, then its beginning, the beginning of a word, somewhere; null: not.
export function fitOf(text: string, typed: string): number | null {
  const [whole, part] = [text.toLowerCase(), typed.toLowerCase()];
  if (whole === part) return 0;
  const at = whole.indexOf(part);
  if (at < 0) return null;
  if (at === 0) return 1;
  return /[\s\-_.,/(!]/.test(whole[at - 1]!) ? 2 : 3;
}

// The best of several texts.
export function bestFit(texts: (string | null)[], typed: string): number | null {
  let best: number | null = null;
  for (const text of texts) {
    const fit = text ? fitOf(text, typed) : null;
    if (fit !== null && (best === null || fit < best)) best = fit;
  }
  return best;
}

// As much of a text as fits into so many bytes of UTF-8; no character is cut.
export function withinBytes(text: string, limit: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > limit) break;
    kept += character;
  }
  return kept;
}

// At most `limit` of those that fit; among equal ones the one heard last is first.
export function fittingNodes(nodes: Iterable<Node>, typed: string, limit: number): Node[] {
  const found: { node: Node; fit: number }[] = [];
  for (const node of nodes) {
    const fit = bestFit([node.short_name, node.long_name, node.id, node.id.slice(1)], typed);
    if (fit !== null) found.push({ node, fit });
  }
  found.sort((a, b) => a.fit - b.fit || (b.node.last_heard_us ?? 0) - (a.node.last_heard_us ?? 0));
  return found.slice(0, limit).map(({ node }) => node);
}
