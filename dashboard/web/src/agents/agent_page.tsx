// One agent: who it is, whether anything of it is lost, when, and what it hears.

import "../styles/agents_page.css";
import "../styles/agent_page.css";
import type { Agent } from "../api/types";
import { PageLink } from "../components/page_link";
import { Panel, SkeletonRows } from "../components/parts";
import { booksOf } from "../logic/books";
import { cleanName, formatCount } from "../logic/format";
import { formatShare } from "../logic/share";
import { agents } from "../state/store";
import { t } from "../texts/texts";
import { AgentHead } from "./agent_head";
import { AgentNodes } from "./agent_nodes";
import { AgentPackets } from "./agent_packets";
import { AgentRelays } from "./agent_relays";
import { AgentTime } from "./agent_time";
import { ContributionBar } from "./contribution_list";
import { Equation, LostFigure } from "./equation";
import { contributionOf, lookedBack, OverlapWords, useOverlap } from "./overlap_panels";

function BooksOfOne({ agent }: { agent: Agent }) {
  const texts = t.agentsPage.books;
  const books = booksOf(agent.ledger);
  return (
    <Panel title={t.agentsPage.page.books} class="books-panel">
      <div class="books-body">
        <LostFigure lost={books.lost} />
        <div class="books-words">
          <Equation books={books} />
          {books.lost === 0 && <p class="faint">{texts.nothingLost}</p>}
          {books.dropped > 0 && <p class="lost">{texts.dropped_at(formatCount(books.dropped))}</p>}
          {books.unexplained > 0 && <p class="lost">{texts.unexplained_at(formatCount(books.unexplained))}</p>}
          {books.duplicate > 0 && <p class="faint">{texts.duplicates(formatCount(books.duplicate))}</p>}
        </div>
      </div>
    </Panel>
  );
}

function ContributionOfOne({ agent }: { agent: Agent }) {
  const texts = t.agentsPage.contribution;
  const answer = useOverlap();
  const found = contributionOf(answer, agent.id);
  return (
    <Panel title={texts.title} class="contribution-of-one">
      {!found ? (
        <OverlapWords answer={answer} />
      ) : (
        <div class="contribution-body">
          <p class="headline">
            <b>{formatShare(found.own.only, found.own.all)}</b> {texts.headline}
          </p>
          <ContributionBar of={found.own} />
          <p class="muted">{texts.explain(formatCount(found.own.only), formatCount(found.own.all), lookedBack(found.overlap))}</p>
          <p class="faint">{found.own.heard > 0 ? texts.ofOwn(formatShare(found.own.only, found.own.heard), formatCount(found.own.heard)) : texts.nothing}</p>
        </div>
      )}
    </Panel>
  );
}

export function AgentPage({ id }: { id: string }) {
  const texts = t.agentsPage.page;
  const agent = agents.value?.find((each) => each.id === id);
  if (!agent) {
    return (
      <div class="page flow agent-page">
        <section class="panel agent-head">
          <header>
            <PageLink to={{ page: "agents" }} class="back muted">
              ‹ {texts.back}
            </PageLink>
            <h1 class="clip">
              <bdi>{cleanName(id)}</bdi>
            </h1>
          </header>
          {agents.value ? <p class="empty">{texts.missing}</p> : <SkeletonRows count={8} />}
        </section>
      </div>
    );
  }
  return (
    <div class="page flow agent-page">
      <AgentHead agent={agent} />
      <div class="pair">
        <BooksOfOne agent={agent} />
        <ContributionOfOne agent={agent} />
      </div>
      <AgentTime agent={agent} />
      <AgentNodes agent={agent} />
      <div class="pair">
        <AgentPackets id={id} />
        <AgentRelays id={id} />
      </div>
    </div>
  );
}
