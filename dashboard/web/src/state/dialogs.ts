// Which of the frame's dialogs is open: the search over everything, or the list of keys.

import { signal } from "@preact/signals";

export type Dialog = "palette" | "help";
export const dialog = signal<Dialog | null>(null);

// Whether a key typed there is text, which no shortcut may take away.
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

// Ctrl+K (⌘K) and "/" search, "?" tells the keys. True: the key was one of these.
export function dialogKey(event: KeyboardEvent): boolean {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") dialog.value = "palette";
  else if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || dialog.value) return false;
  else if (event.key === "/") dialog.value = "palette";
  else if (event.key === "?") dialog.value = "help";
  else return false;
  event.preventDefault();
  return true;
}
