// How the route between two nodes changed: a strip of its past answers, and the routes that they tell.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Traceroute } from "../api/traceroutes";
import { Ago } from "../components/parts";
import { formatCount, formatDateTime } from "../logic/format";
import { historyOf, type Path, type RouteKind } from "../logic/routes";
import { zone } from "../state/settings";
import { ask } from "../state/url";
import { t } from "../texts/texts";
import { stepLabel } from "./hop_ladder";

// As many as a strip shows; older ones still count below it.
const kStripMax = 200;

function PathText({ name, path }: { name: string; path: Path | null }) {
  if (!path) return null;
  return (
    <p class="kind-path">
      <span class="faint">{name}</span>
      {path.map((node, i) => (
        <span key={i} class={node === null ? "faint" : ""}>
          {i > 0 && <span class="faint">{t.traceroutesPage.arrow} </span>}
          <bdi>{stepLabel(node)}</bdi>
        </span>
      ))}
    </p>
  );
}

function Kind({ kind, all, isChosen }: { kind: RouteKind; all: number; isChosen: boolean }) {
  return (
    <li class={isChosen ? "chosen" : ""}>
      <p class="kind-head">
        <span class={`letter ${isChosen ? "same" : "different"}`}>{kind.letter}</span>
        <strong>{t.traceroutesPage.times(formatCount(kind.count), formatCount(all))}</strong>
        {isChosen && <span class="muted">{t.traceroutesPage.chosen}</span>}
        <span class="spring" />
        <span class="faint">
          {t.traceroutesPage.last} <Ago time={kind.last} suffix />
        </span>
      </p>
      <PathText name={t.traceroutesPage.there} path={kind.there} />
      <PathText name={t.traceroutesPage.back} path={kind.back} />
    </li>
  );
}

export function RouteHistory({ route, routes, complete }: { route: Traceroute; routes: Traceroute[]; complete: boolean }) {
  const history = historyOf(route, routes);
  const { past, kinds } = history;
  const chosen = past.find((one) => one.route.id === route.id)?.kind;
  const strip = useRef<HTMLOListElement>(null);
  // The newest are at the end.
  useLayoutEffect(() => {
    const element = strip.current;
    const current = element?.querySelector<HTMLElement>("[aria-current]");
    if (element) element.scrollLeft = current ? current.offsetLeft - element.clientWidth / 2 : element.scrollWidth;
  }, [route.id, past.length]);
  const facts = [
    past.length > 0 && t.traceroutesPage.historyOf(formatCount(past.length), formatCount(kinds.length)),
    past.length > 1 && kinds.length > 1 && t.traceroutesPage.changes(formatCount(history.changes)),
    history.unanswered > 0 && t.traceroutesPage.unanswered(formatCount(history.unanswered)),
  ].filter((text) => text !== false);
  return (
    <section class="route-history" aria-label={t.traceroutesPage.history}>
      <h3>{t.traceroutesPage.history}</h3>
      <p class="muted">{past.length === 0 ? t.traceroutesPage.noHistory : facts.join(" · ")}</p>
      {past.length === 0 && facts.length > 0 && <p class="muted">{facts.join(" · ")}</p>}
      {past.length > 0 && (
        <ol class="strip" ref={strip} aria-label={t.traceroutesPage.strip}>
          {past.slice(-kStripMax).map(({ route: other, kind }) => {
            const relation = other.id === route.id ? t.traceroutesPage.chosen : kind === chosen ? t.traceroutesPage.same : t.traceroutesPage.different;
            const label = t.traceroutesPage.stripItem(kind.letter, relation, formatDateTime(other.time_us, zone.value));
            return (
              <li key={other.id}>
                <button
                  type="button"
                  class={`letter ${kind === chosen ? "same" : "different"}`}
                  title={label}
                  aria-label={label}
                  aria-current={other.id === route.id ? "true" : undefined}
                  onClick={() => ask({ options: { route: String(other.id) } })}
                >
                  {kind.letter}
                </button>
              </li>
            );
          })}
        </ol>
      )}
      <ul class="kinds">
        {kinds.map((kind) => (
          <Kind key={kind.letter} kind={kind} all={past.length} isChosen={kind === chosen} />
        ))}
      </ul>
      {!complete && <p class="faint">{t.traceroutesPage.partial}</p>}
    </section>
  );
}
