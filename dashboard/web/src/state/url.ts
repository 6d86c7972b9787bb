// The page's address holds what is selected, so that a link shows the same and "back" works.

import { signal } from "@preact/signals";
import { parseView, viewToSearch, type View } from "../logic/view";

export const view = signal<View>(parseView(location.search));
addEventListener("popstate", () => (view.value = parseView(location.search)));

const kNothing: View = { node: null, packet: null, agent: null };

// Shows something: one thing at a time is open.
export function open(change: Partial<View>): void {
  const next = { ...kNothing, ...change };
  const search = viewToSearch(next);
  if (search === viewToSearch(view.value)) return;
  history.pushState(null, "", location.pathname + search);
  view.value = next;
}

export function close(): void {
  open({});
}

// For links that also work with the middle button.
export function href(change: Partial<View>): string {
  return location.pathname + viewToSearch({ ...kNothing, ...change });
}
