// The page's address holds what is shown, so that a link shows the same and "back" works.

import { signal } from "@preact/signals";
import { addressOf, kNothing, parseView, type Page, type Selection, type View } from "../logic/view";

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

// Shows something in the drawer: one thing at a time is open.
export function open(selection: Partial<Selection>): void {
  show({ ...view.value, ...kNothing, ...selection }, "push");
}

export function close(): void {
  open({});
}

// Goes to a page. What was open is closed.
export function go(page: Page, query = ""): void {
  show({ ...kNothing, page, query, sort: "" }, "push");
}

// Asks the page for other rows. Each is a step of "back" only when `how` says so: not while someone types.
export function ask(change: { query?: string; sort?: string }, how: "push" | "replace" = "push"): void {
  show({ ...view.value, ...change }, how);
}

// For links that also work with the middle button.
export function href(selection: Partial<Selection>): string {
  return addressOf({ ...view.value, ...kNothing, ...selection });
}

export function pageHref(page: Page, query = ""): string {
  return addressOf({ ...kNothing, page, query, sort: "" });
}
