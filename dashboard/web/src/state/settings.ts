// What a person chose about the look; remembered by the browser.

import { effect, signal } from "@preact/signals";
import type { Zone } from "../logic/format";
import { language } from "../texts/language";

export type Theme = "system" | "dark" | "light";

function remembered<T extends string>(key: string, allowed: readonly T[], initial: T) {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(key);
  } catch {
    // Storage may be forbidden by the browser; then a choice lasts as long as the page.
  }
  const value = signal<T>(allowed.find((a) => a === stored) ?? initial);
  effect(() => {
    try {
      localStorage.setItem(key, value.value);
    } catch {
      // As above.
    }
  });
  return value;
}

export const theme = remembered<Theme>("mmm.theme", ["system", "dark", "light"], "system");
export const zone = remembered<Zone>("mmm.zone", ["local", "utc"], "local");

const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(darkSystem.matches);
darkSystem.addEventListener("change", (event) => (systemIsDark.value = event.matches));

// What is on the screen now.
export function isDark(): boolean {
  return theme.value === "dark" || (theme.value === "system" && systemIsDark.value);
}

document.documentElement.lang = language;
effect(() => {
  document.documentElement.dataset["theme"] = isDark() ? "dark" : "light";
});
