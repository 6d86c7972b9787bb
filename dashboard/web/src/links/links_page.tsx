// Who hears whom: the links of the mesh on the map, as a graph, as a matrix or as a table.

import { useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import "../styles/links.css";
import { kLinksMax } from "../api/links";
import { lazy } from "../components/lazy";
import { SkeletonRows } from "../components/parts";
import { formatCount } from "../logic/format";
import { readChoices, type LinkChoices } from "../logic/link_choices";
import { placesOf, type Place } from "../logic/link_distance";
import { countByEvidence, countWays, linksAround, makeGraph, type Graph } from "../logic/link_graph";
import { agents, nodes, nodesLoaded, now } from "../state/store";
import { ask, view } from "../state/url";
import { t } from "../texts/texts";
import { LinkFilters, ViewChoice } from "./filters";
import { ForceView } from "./force_view";
import { LinkMap } from "./link_map";
import { nameIn, type NameOf } from "./link_parts";
import { LinkTable } from "./link_table";
import { useLinks } from "./use_links";

// Positions and names are taken over this often at most: a mesh of thousands changes all the time.
const kTakeMicros = 10e6;

export interface LinkViewProps {
  graph: Graph;
  places: Map<string, Place>;
  name: NameOf;
  chosen: LinkChoices;
}

const Matrix = lazy<LinkViewProps>(async () => (await import("./matrix_view")).MatrixView);

function Shown(props: LinkViewProps) {
  switch (props.chosen.view) {
    case "map":
      return <LinkMap {...props} />;
    case "force":
      return <ForceView {...props} />;
    case "matrix":
      return <Matrix {...props} />;
    case "table":
      return <LinkTable {...props} />;
  }
}

function Nothing({ none }: { none: boolean }) {
  return (
    <div class="panel-body">
      <div class="empty">
        <p>{none ? t.linksPage.none : t.linksPage.noneAsked}</p>
        {!none && (
          <button type="button" class="button" onClick={() => ask({ options: { evidence: "", since: "all", ego: "", steps: "" } })}>
            {t.linksPage.everything}
          </button>
        )}
      </div>
    </div>
  );
}

export function LinksPage() {
  const texts = t.linksPage;
  const chosen = readChoices(view.value.options);
  const { list, error } = useLinks(chosen.since);
  const tick = useComputed(() => Math.floor(now.value / kTakeMicros)).value;
  const agentsLoaded = useComputed(() => agents.value !== null).value;
  const places = useMemo(() => placesOf(nodes.values(), agents.peek() ?? []), [tick, agentsLoaded, nodesLoaded.value]);
  const around = useMemo(() => {
    const links = list?.links ?? [];
    return chosen.ego ? linksAround(links, chosen.ego, chosen.steps) : links;
  }, [list, chosen.ego, chosen.steps]);
  const evidence = chosen.evidence.join();
  const counts = useMemo(() => (list ? countByEvidence(around) : null), [list, around]);
  const all = useMemo(() => countWays(list?.links ?? []), [list]);
  const graph = useMemo(() => {
    const told = (list?.links ?? []).filter((link) => chosen.evidence.includes(link.evidence));
    return makeGraph(chosen.ego ? linksAround(told, chosen.ego, chosen.steps) : told);
  }, [list, chosen.ego, chosen.steps, evidence]);
  const name = useMemo(() => nameIn(graph), [graph, tick]);
  return (
    <div class={`page links-page view-${chosen.view}`}>
      <h1 class="only-spoken">{texts.title}</h1>
      <LinkFilters chosen={chosen} counts={counts} name={name} />
      <section class="panel" aria-label={texts.title}>
        <header class="panel-head">
          <h2>{texts.title}</h2>
          <span class="faint clip" role="status" title={texts.shownHint}>
            {list && texts.shown(formatCount(graph.ways.length), formatCount(all), formatCount(graph.nodes.size))}
          </span>
          <span class="spring" />
          <ViewChoice chosen={chosen} />
        </header>
        {list?.cut && <p class="link-notice">{texts.cut(formatCount(kLinksMax))}</p>}
        {error && (
          <p class="link-notice" role="alert">
            {texts.failed(error)}
          </p>
        )}
        {!list ? error ? null : <SkeletonRows count={16} /> : graph.ways.length === 0 ? <Nothing none={all === 0 && chosen.since === "all"} /> : <Shown graph={graph} places={places} name={name} chosen={chosen} />}
      </section>
    </div>
  );
}
