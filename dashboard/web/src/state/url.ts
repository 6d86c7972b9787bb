// The page's address holds what is shown, so that a link shows the same and "back" works.

import { signal } from "@preact/signals";
import { addressOf, kNothing, parseView, withSelection, type Page, type Selection, type View } from "../logic/view";

const here = () => parseView(location.pathname, location.search);

export const view = signal<View>(here());
addEventListener("popstate", () => (view.value = here()));

function show(next: View, how: "push" | "replace"): void {
  const address = addressOf(next);
  if (address === addressOf(view.value)) return;
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  view.value = next;
}

// Where to go on a page; what is not said is not asked for.
export interface Target extends Partial<Selection> {
  page: Page;
  subject?: string | null;
  query?: string;
  sort?: string;
  options?: Record<string, string>;
}

const viewOf = (target: Target): View => ({ ...kNothing, subject: null, query: "", sort: "", options: {}, ...target });

// Shows something in the drawer: one thing at a time is open.
export function open(selection: Partial<Selection>): void {
  show(withSelection(view.value, selection), "push");
}

export function close(): void {
  open({});
}

// Goes to a page. What was open is closed.
export function go(target: Target): void {
  show(viewOf(target), "push");
}

// Asks the page for something else. Each is a step of "back" only when `how` says so: not while someone types. Of
// `options` those that are named change; an empty one is left out of the address.
export function ask(change: { query?: string; sort?: string; options?: Record<string, string> }, how: "push" | "replace" = "push"): void {
  const options = { ...view.value.options, ...change.options };
  for (const name of Object.keys(options)) if (!options[name]) delete options[name];
  show({ ...view.value, ...change, options }, how);
}

// For links that also work with the middle button.
export function href(selection: Partial<Selection>): string {
  return addressOf(withSelection(view.value, selection));
}

export function pageHref(target: Target): string {
  return addressOf(viewOf(target));
}
