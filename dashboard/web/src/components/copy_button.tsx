// A button that copies a text, also where the browser offers no clipboard: pages over plain HTTP have none.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../texts/texts";
import { Icon } from "./icons";

const kToldMs = 2_500;

// What became of it; its word is in the texts.
export type Outcome = "copied" | "selected" | "failed";

// The way of before the clipboard: it copies what is selected, so the text is put where it can be.
function copyByCommand(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "only-spoken";
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } catch {
    // Not allowed here: the person copies what is selected.
  }
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}

// `shown`: the element with the text, selected when nothing else works; null: there is none.
export async function copyText(text: string, shown: Element | null): Promise<Outcome> {
  try {
    // Undefined without HTTPS, whatever its type says.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard) {
      await clipboard.writeText(text);
      return "copied";
    }
  } catch {
    // Forbidden by the person or by a frame: the other ways are left.
  }
  if (copyByCommand(text)) return "copied";
  if (!shown) return "failed";
  getSelection()?.selectAllChildren(shown);
  return "selected";
}

// `shown`: the element with the text, selected when nothing else works.
export function CopyButton({ text, label, shown }: { text: string; label: string; shown: () => Element | null }) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onClick = () => {
    void copyText(text, shown()).then((what) => {
      setOutcome(what);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setOutcome(null), kToldMs);
    });
  };
  return (
    <button type="button" class="button" onClick={onClick}>
      <Icon name="copy" />
      <span aria-live="polite">{outcome ? t.copy[outcome] : label}</span>
    </button>
  );
}
