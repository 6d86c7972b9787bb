// The books of all agents together: what was captured, where it is, and what is lost, where and why.

import type { Agent } from "../api/types";
import { PageLink } from "../components/page_link";
import { Panel } from "../components/parts";
import { booksOf, losers, sumOfBooks } from "../logic/books";
import { cleanName, formatCount } from "../logic/format";
import { t } from "../texts/texts";
import { Equation, LostFigure } from "./equation";

// More are told by their number; the table has them all.
const kLosersTold = 5;

function Losers({ agents }: { agents: Agent[] }) {
  const texts = t.agentsPage.books;
  const all = losers(agents);
  return (
    <ul class="losers">
      {all.slice(0, kLosersTold).map((each) => (
        <li key={each.id}>
          <PageLink to={{ page: "agents", subject: each.id }} class="strong">
            <bdi>{cleanName(each.id)}</bdi>
          </PageLink>
          {": "}
          {[each.dropped > 0 && texts.dropped_at(formatCount(each.dropped)), each.unexplained > 0 && texts.unexplained_at(formatCount(each.unexplained))]
            .filter(Boolean)
            .join("; ")}
        </li>
      ))}
      {all.length > kLosersTold && <li class="faint">{texts.more(formatCount(all.length - kLosersTold))}</li>}
    </ul>
  );
}

export function BooksPanel({ agents }: { agents: Agent[] }) {
  const texts = t.agentsPage.books;
  const books = sumOfBooks(agents.map((agent) => booksOf(agent.ledger)));
  return (
    <Panel title={texts.title} class="books-panel" note={<span class="faint">{texts.note(formatCount(agents.length))}</span>}>
      <div class="books-body">
        <LostFigure lost={books.lost} />
        <div class="books-words">
          <Equation books={books} />
          {books.lost > 0 ? <Losers agents={agents} /> : <p class="faint">{texts.nothingLost}</p>}
          {books.duplicate > 0 && <p class="faint">{texts.duplicates(formatCount(books.duplicate))}</p>}
        </div>
      </div>
    </Panel>
  );
}
