// What the loaded packets can be narrowed down by: a click puts a term into the query or takes it out.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Packet } from "../api/types";
import { Channel } from "../components/channel";
import { Icon } from "../components/icons";
import { nodeLabel, PortPill } from "../components/parts";
import { facetValues, kFacets, namedValues, termState, toggleTerm, type FacetName, type FacetValue } from "../logic/facets";
import { cleanName, formatCount } from "../logic/format";
import { filterFields, wantFilterFields } from "../state/filter_fields";
import { isNarrow } from "../state/screen";
import { agentList, nodes, nodesRevision } from "../state/store";
import { ask } from "../state/url";
import { t } from "../texts/texts";

const kAgentsShown = 12;

type PortNames = { name: string; number: number }[];

const portNames = (): PortNames => filterFields.value?.packets.fields.find((field) => field.name === "port")?.values ?? [];

// The value as the language says it: a port by its name.
const termValue = (name: FacetName, value: string, ports: PortNames) =>
  name === "port" ? (ports.find((port) => String(port.number) === value)?.name ?? value) : value;

// Values that rows have, then those that only the query names: they can be taken out of it.
function valuesOf(name: FacetName, rows: Packet[], query: string, ports: PortNames): FacetValue[] {
  const inRows = facetValues(name, rows).map((each) => ({ ...each, value: termValue(name, each.value, ports) }));
  // Agents that were first with none of the rows can have heard them all the same.
  if (name === "agent") {
    const others = agentList.value.filter((agent) => !inRows.some((each) => each.value === agent.id));
    inRows.push(...others.slice(0, Math.max(0, kAgentsShown - inRows.length)).map((agent) => ({ value: agent.id, count: 0, sample: null })));
  }
  const known = new Set(inRows.map((each) => each.value.toLowerCase()));
  const named = namedValues(query, name)
    .filter((value) => !known.has(termValue(name, value, ports).toLowerCase()))
    .map((value): FacetValue => ({ value, count: 0, sample: null }));
  return [...inRows, ...named];
}

function labelOf(name: FacetName, { value, sample }: FacetValue): { shown: ComponentChildren; said: string } {
  switch (name) {
    case "port":
      return { shown: sample ? <PortPill port={sample.port} name={sample.port_name} /> : cleanName(value), said: cleanName(value) };
    case "from": {
      const said = sample || nodes.has(value) ? nodeLabel(value, sample?.from_name ?? nodes.get(value)?.long_name ?? null) : cleanName(value);
      return { shown: <bdi>{said}</bdi>, said };
    }
    case "agent":
      return { shown: <bdi>{cleanName(value)}</bdi>, said: cleanName(value) };
    case "hops":
      return { shown: t.inspector.facets.hops(cleanName(value)), said: t.inspector.facets.hops(cleanName(value)) };
    case "channel":
      return { shown: sample ? <Channel channel={sample.channel} flags={sample.flags} /> : cleanName(value), said: cleanName(value) };
  }
}

function FacetRow({ name, query, each }: { name: FacetName; query: string; each: FacetValue }) {
  const texts = t.inspector.facets;
  const state = termState(query, name, each.value);
  const { shown, said } = labelOf(name, each);
  const toggle = (negated: boolean) => ask({ query: toggleTerm(query, name, each.value, negated) });
  return (
    <li class={`facet ${state ?? ""}`} data-value={each.value}>
      <button
        type="button"
        class="facet-only"
        aria-pressed={state === "in"}
        title={texts.addHint}
        onClick={(event) => toggle(event.altKey)}
        onAuxClick={(event) => event.button === 1 && (event.preventDefault(), toggle(true))}
        onContextMenu={(event) => (event.preventDefault(), toggle(true))}
      >
        <span class="clip">
          {state === "out" && <span class="facet-not">{texts.excluded} </span>}
          {shown}
        </span>
        <span class="number count" title={name === "agent" ? texts.agentHint : undefined}>
          {formatCount(each.count)}
        </span>
      </button>
      <button type="button" class="facet-without" aria-pressed={state === "out"} aria-label={texts.without(said)} title={texts.without(said)} onClick={() => toggle(true)}>
        <Icon name="minus" />
      </button>
    </li>
  );
}

// `onClose`: shown as a sheet that is closed again.
export function Facets({ rows, query, onClose }: { rows: Packet[]; query: string; onClose: () => void }) {
  useEffect(wantFilterFields, []);
  const texts = t.inspector.facets;
  const ports = portNames();
  const agents = agentList.value;
  const facets = useMemo(() => kFacets.map((name) => ({ name, values: valuesOf(name, rows, query, ports) })), [rows, query, filterFields.value, agents]);
  nodesRevision.value;
  const element = useRef<HTMLElement>(null);
  // As a sheet they lie over the rows: the keyboard is there, and Escape closes them.
  useEffect(() => {
    if (isNarrow.peek()) element.current?.focus({ preventScroll: true });
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return (
    <aside class="facets" ref={element} tabIndex={-1} aria-label={texts.title} onKeyDown={onKeyDown}>
      <header class="facets-head">
        <h2>{texts.title}</h2>
        <button type="button" class="icon-button" aria-label={texts.hide} title={texts.hide} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="facets-body">
        <p class="faint facets-note">{texts.loaded(formatCount(rows.length))}</p>
        {facets.map(({ name, values }) => (
          <section key={name} data-facet={name} aria-label={texts.names[name]}>
            <h3>{texts.names[name]}</h3>
            {values.length === 0 && <p class="faint">{texts.none}</p>}
            <ul>
              {values.map((each) => (
                <FacetRow key={each.value} name={name} query={query} each={each} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </aside>
  );
}
