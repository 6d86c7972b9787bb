// The frame around every page: the bar at the top, the page, the drawer with details.

import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { lazy } from "./components/lazy";
import { Drawer } from "./details/drawer";
import { Overview } from "./overview/overview";
import { TopBar } from "./shell/top_bar";
import { dialog, dialogKey } from "./state/dialogs";
import { connection, loadError } from "./state/store";
import { close, view } from "./state/url";
import type { Page } from "./logic/view";
import { t } from "./texts/texts";

const kContent: Record<Page, ComponentType> = {
  overview: Overview,
  map: lazy(async () => (await import("./map/map_page")).MapPage),
  nodes: lazy(async () => (await import("./nodes/nodes_page")).NodesPage),
  packets: lazy(async () => (await import("./packets/packets_page")).PacketsPage),
  messages: lazy(async () => (await import("./messages/messages_page")).MessagesPage),
  links: lazy(async () => (await import("./links/links_page")).LinksPage),
  traceroutes: lazy(async () => (await import("./traceroutes/traceroutes_page")).TraceroutesPage),
  agents: lazy(async () => (await import("./agents/agents_page")).AgentsPage),
  settings: lazy(async () => (await import("./settings/settings_page")).SettingsPage),
};
const Palette = lazy(async () => (await import("./shell/palette")).Palette, null);
const Help = lazy(async () => (await import("./shell/help")).Help, null);
const NodePage = lazy(async () => (await import("./nodes/node_page")).NodePage);
const AgentPage = lazy(async () => (await import("./agents/agent_page")).AgentPage);

function Content() {
  const { page, subject } = view.value;
  if (page === "nodes" && subject) return <NodePage key={subject} id={subject} />;
  if (page === "agents" && subject) return <AgentPage key={subject} id={subject} />;
  const Page = kContent[page];
  return <Page />;
}

export function App() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!dialogKey(event) && event.key === "Escape") close();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const { node, packet, agent, link } = view.value;
  return (
    <>
      <a class="skip" href="#content">
        {t.skipToContent}
      </a>
      <TopBar />
      {loadError.value && connection.value !== "lost" && (
        <p class="load-error" role="alert">
          {t.loadError(loadError.value)}
        </p>
      )}
      <main id="content">
        <Content />
      </main>
      {(node || packet || agent || link) && <Drawer />}
      {dialog.value === "palette" && <Palette />}
      {dialog.value === "help" && <Help />}
    </>
  );
}
