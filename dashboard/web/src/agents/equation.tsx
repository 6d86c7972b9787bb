// The books as an equation that anyone can add up, and what is lost in large.

import type { Books } from "../logic/books";
import { formatCount } from "../logic/format";
import { t } from "../texts/texts";

const kSigns = { equals: "=", plus: "+", minus: "−" };

type Place = "captured" | "delivered" | "set_aside" | "filtered" | "waiting" | "dropped" | "unexplained" | "surplus";

function Term({ sign, place, count, loss = false }: { sign?: keyof typeof kSigns; place: Place; count: number; loss?: boolean }) {
  const texts = t.agentsPage.books;
  return (
    <span class="term-group">
      {sign && (
        <span class="operator faint" role="img" aria-label={texts[sign]}>
          {kSigns[sign]}
        </span>
      )}
      <span class={`term ${loss && count > 0 ? "lost" : ""} ${count === 0 ? "none" : ""}`} title={texts.hints[place]} data-place={place}>
        <b>{formatCount(count)}</b>
        <span>{texts[place]}</span>
      </span>
    </span>
  );
}

export function Equation({ books }: { books: Books }) {
  return (
    <div class="equation">
      <Term place="captured" count={books.captured} />
      <Term sign="equals" place="delivered" count={books.delivered} />
      <Term sign="plus" place="set_aside" count={books.set_aside} />
      <Term sign="plus" place="filtered" count={books.filtered} />
      <Term sign="plus" place="waiting" count={books.waiting} />
      <Term sign="plus" place="dropped" count={books.dropped} loss />
      {books.unexplained > 0 && <Term sign="plus" place="unexplained" count={books.unexplained} loss />}
      {books.surplus > 0 && <Term sign="minus" place="surplus" count={books.surplus} />}
    </div>
  );
}

// A figure that is calm when it is nothing.
export function LostFigure({ lost }: { lost: number }) {
  return (
    <p class={`lost-figure ${lost > 0 ? "some" : "nothing"}`} title={t.agentsPage.hints.lost}>
      <b>{formatCount(lost)}</b>
      <span>{t.agentsPage.books.lost}</span>
    </p>
  );
}
