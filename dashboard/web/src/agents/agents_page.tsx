// Agents: are they there, is anything lost, when was nobody listening, and who hears what others do not.

import "../styles/agents_page.css";
import { SkeletonRows } from "../components/parts";
import { NoAgent } from "../overview/no_agent";
import { agentList, agents } from "../state/store";
import { t } from "../texts/texts";
import { AgentsTable, useOrderedAgents } from "./agents_table";
import { BooksPanel } from "./books_panel";
import { LanesPanel } from "./lanes_panel";
import { OverlapPanels } from "./overlap_panels";

function Everything() {
  const list = useOrderedAgents(agentList.value);
  return (
    <>
      <BooksPanel agents={list} />
      <AgentsTable agents={list} />
      <LanesPanel agents={list} />
      <OverlapPanels />
    </>
  );
}

export function AgentsPage() {
  const known = agents.value;
  return (
    <div class="page flow agents-page">
      <h1 class="only-spoken">{t.agentsPage.title}</h1>
      {known === null ? (
        <section class="panel">
          <SkeletonRows count={12} />
        </section>
      ) : known.length === 0 ? (
        <section class="panel">
          <NoAgent />
        </section>
      ) : (
        <Everything />
      )}
    </div>
  );
}
