// What can be chosen in the search over everything.

import type { ComponentChildren } from "preact";
import type { SearchResults } from "../api/types";
import { Ago, nodeLabel, PortPill } from "../components/parts";
import { cleanName } from "../logic/format";
import { bestFit, fittingNodes } from "../logic/palette";
import { kPages } from "../logic/view";
import { theme, zone } from "../state/settings";
import { agentList, nodes } from "../state/store";
import { go, open, pageHref } from "../state/url";
import { kLanguages, language, speak } from "../texts/language";
import { t } from "../texts/texts";

export interface Hit {
  key: string;
  group: keyof typeof t.palette.groups;
  title: ComponentChildren;
  detail?: ComponentChildren;
  run(): void;
}

const kEach = 6;
const kTextLength = 90;

function pageHits(typed: string): Hit[] {
  const pages: Hit[] = kPages
    .filter((page) => !typed || bestFit([t.pages[page], page], typed) !== null)
    .map((page) => ({ key: `page ${page}`, group: "pages", title: t.pages[page], detail: pageHref({ page }), run: () => go({ page }) }));
  if (!typed || bestFit([t.pages.api, "api"], typed) !== null) {
    pages.push({ key: "page api", group: "pages", title: t.pages.api, detail: "/api/docs", run: () => location.assign("/api/docs") });
  }
  return pages;
}

function actionHits(typed: string): Hit[] {
  const other = kLanguages.find((each) => each !== language)!;
  const all: { name: string; run(): void }[] = [
    { name: t.theme.dark, run: () => (theme.value = "dark") },
    { name: t.theme.light, run: () => (theme.value = "light") },
    { name: t.theme.system, run: () => (theme.value = "system") },
    { name: t.palette.zone[zone.value === "utc" ? "local" : "utc"], run: () => (zone.value = zone.value === "utc" ? "local" : "utc") },
    { name: t.palette.language[other], run: () => speak(other) },
  ];
  return all
    .filter(({ name }) => typed && bestFit([name], typed) !== null)
    .map(({ name, run }) => ({ key: `action ${name}`, group: "actions", title: name, run }));
}

function nodeHits(typed: string): Hit[] {
  return fittingNodes(nodes.values(), typed, kEach).map((node) => ({
    key: node.id,
    group: "nodes",
    title: <bdi>{cleanName(node.long_name) || nodeLabel(node.id, null)}</bdi>,
    detail: (
      <>
        <span class="mono">{node.id}</span> <Ago time={node.last_heard_us} suffix />
      </>
    ),
    run: () => open({ node: node.id }),
  }));
}

function agentHits(typed: string): Hit[] {
  return agentList.value
    .filter((agent) => bestFit([agent.id, agent.location?.name ?? null], typed) !== null)
    .slice(0, kEach)
    .map((agent) => ({
      key: `agent ${agent.id}`,
      group: "agents",
      title: <bdi>{cleanName(agent.id)}</bdi>,
      detail: <bdi>{cleanName(agent.location?.name)}</bdi>,
      run: () => open({ agent: agent.id }),
    }));
}

function serverHits(results: SearchResults): Hit[] {
  const messages: Hit[] = results.messages.slice(0, kEach).map((message) => ({
    key: `message ${message.id}`,
    group: "messages",
    title: <bdi>{cleanName(message.text, kTextLength)}</bdi>,
    detail: (
      <>
        <bdi>{nodeLabel(message.from, message.from_name)}</bdi> <Ago time={message.time_us} suffix />
      </>
    ),
    run: () => open({ packet: message.id }),
  }));
  const packets: Hit[] = results.packets.slice(0, kEach).map((packet) => ({
    key: `packet ${packet.id}`,
    group: "packets",
    title: (
      <>
        <PortPill port={packet.port} name={packet.port_name} /> <bdi class="muted">{cleanName(packet.summary, kTextLength)}</bdi>
      </>
    ),
    detail: (
      <>
        <bdi>{nodeLabel(packet.from, packet.from_name)}</bdi> <Ago time={packet.time_us} suffix />
      </>
    ),
    run: () => open({ packet: packet.id }),
  }));
  return [...messages, ...packets];
}

// `results`: of the server for the same text; null: not there yet.
export function hitsFor(typed: string, results: SearchResults | null): Hit[] {
  if (!typed) return pageHits("");
  return [
    ...nodeHits(typed),
    ...pageHits(typed),
    ...agentHits(typed),
    ...(results ? serverHits(results) : []),
    ...actionHits(typed),
    { key: "ask packets", group: "ask", title: t.palette.askPackets(typed), run: () => go({ page: "packets", query: typed }) },
    { key: "ask nodes", group: "ask", title: t.palette.askNodes(typed), run: () => go({ page: "nodes", query: typed }) },
  ];
}
