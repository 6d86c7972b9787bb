// The tabs of the inspector. Which one is shown stands in the address; the arrow keys go from one to the next.

import { useRef } from "preact/hooks";
import { ask, view } from "../../state/url";
import { t } from "../../texts/texts";

export const kTabs = ["decoded", "bytes", "receptions", "map"] as const;
export type Tab = (typeof kTabs)[number];

// What the address names and the inspector does not have is the first one.
export function tabOf(options: Record<string, string>): Tab {
  return kTabs.find((tab) => tab === options["tab"]) ?? "decoded";
}

export const kTabPanel = "packet-tab";
export const tabId = (tab: Tab) => `${kTabPanel}-${tab}`;

const show = (tab: Tab) => ask({ options: { tab: tab === "decoded" ? "" : tab } }, "replace");

export function Tabs({ counts }: { counts: Partial<Record<Tab, number>> }) {
  const shown = tabOf(view.value.options);
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const next = (kTabs.indexOf(shown) + move + kTabs.length) % kTabs.length;
    show(kTabs[next]!);
    box.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t.inspector.tabs.label} ref={box} onKeyDown={onKeyDown}>
      {kTabs.map((tab) => (
        <button
          key={tab}
          id={tabId(tab)}
          type="button"
          role="tab"
          aria-selected={tab === shown}
          aria-controls={kTabPanel}
          tabIndex={tab === shown ? 0 : -1}
          onClick={() => show(tab)}
        >
          {t.inspector.tabs[tab]}
          {counts[tab] !== undefined && <span class="faint"> {counts[tab]}</span>}
        </button>
      ))}
    </div>
  );
}
