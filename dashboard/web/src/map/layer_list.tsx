// The layers to choose from: what each shows, how much of it there is, and what its colours mean.

import { formatCount, formatNumber, cleanName } from "../logic/format";
import { kCountClasses } from "../logic/hexagons";
import { kLayers, kSpans, withHexMeasure, withLayer, withSpan, type Layer, type MapChoice } from "../logic/map_choice";
import { precisionMeters } from "../logic/precision";
import { kGradeFrom } from "../logic/signal";
import type { Node } from "../api/types";
import { agents } from "../state/store";
import { ask, view } from "../state/url";
import { t } from "../texts/texts";
import { agentFeatures } from "./features";
import type { Overlays } from "./use_overlays";

interface Props {
  choice: MapChoice;
  overlays: Overlays;
  placed: Node[];
}

type Grade = keyof typeof t.mapPage.grades;

const kDashes: Record<Grade, string | undefined> = { good: undefined, fair: undefined, weak: "5 3", unknown: "1.5 3" };
const db = (value: number) => formatNumber(value, 0, "dB");

function gradeText(grade: Grade): string {
  const { grades } = t.mapPage;
  if (grade === "good") return grades.good(db(kGradeFrom.good));
  return grade === "fair" ? grades.fair(db(kGradeFrom.fair)) : grades[grade];
}

function LineScale({ unknown }: { unknown?: string }) {
  return (
    <ul class="scale-list">
      {(Object.keys(kDashes) as Grade[]).map((grade) => (
        <li key={grade}>
          <svg width="26" height="8" aria-hidden="true">
            <path d="M1 4h24" stroke={`var(--link-${grade})`} stroke-width={grade === "good" ? 3 : 2.2} stroke-dasharray={kDashes[grade]} fill="none" />
          </svg>
          {grade === "unknown" && unknown ? unknown : gradeText(grade)}
        </li>
      ))}
    </ul>
  );
}

function HexMark({ color, opacity }: { color: string; opacity: number }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M8 1.2l5.9 3.4v6.8L8 14.8l-5.9-3.4V4.6z" fill={color} fill-opacity={opacity} stroke={color} stroke-opacity="0.8" />
    </svg>
  );
}

function HexScale({ choice }: { choice: MapChoice }) {
  const { hexBy } = t.mapPage;
  return (
    <>
      <div class="scale-head">
        <span class="muted">{hexBy.label}</span>
        <span class="switch">
          {(["snr", "count"] as const).map((measure) => (
            <button key={measure} type="button" aria-pressed={choice.hexMeasure === measure} onClick={() => ask({ options: withHexMeasure(measure) })}>
              {hexBy[measure]}
            </button>
          ))}
        </span>
      </div>
      <ul class="scale-list">
        {choice.hexMeasure === "snr"
          ? (Object.keys(kDashes) as Grade[]).map((grade) => (
              <li key={grade}>
                <HexMark color={`var(--link-${grade})`} opacity={grade === "unknown" ? 0.1 : 0.42} />
                {grade === "unknown" ? t.mapPage.noneDirect : gradeText(grade)}
              </li>
            ))
          : t.mapPage.counts.map((text, step) => (
              <li key={text}>
                <HexMark color="var(--curve)" opacity={((step + 1) / kCountClasses) * 0.72} />
                {text}
              </li>
            ))}
      </ul>
    </>
  );
}

function noteOf(layer: Layer, { overlays, placed }: Props): string | null {
  const { notes, loading } = t.mapPage;
  const { drawn } = overlays;
  const agent = view.value.agent;
  switch (layer) {
    case "agents": {
      const all = agents.value ?? [];
      if (agent && overlays.hears.length) return notes.hears(cleanName(agent), formatCount(drawn.hears), formatCount(overlays.hears.length));
      return notes.agents(formatCount(agentFeatures(all).features.length), formatCount(all.length));
    }
    case "links":
      return overlays.linksLoaded ? notes.links(formatCount(drawn.links), formatCount(overlays.links.length)) : loading;
    case "traceroutes":
      return overlays.routesLoaded ? notes.traceroutes(formatCount(overlays.routes.length)) : loading;
    case "trails": {
      if (!overlays.trails) return loading;
      const text = notes.trails(formatCount(drawn.trails), formatCount(overlays.trails.nodes));
      return overlays.trails.whole ? text : `${text}. ${notes.trailsCut}`;
    }
    case "precision":
      return notes.precision(formatCount(placed.filter((node) => precisionMeters(node.position!.precision_bits) !== null).length), formatCount(placed.length));
    case "heat":
      return notes.heat(formatCount(placed.reduce((most, node) => Math.max(most, node.packets), 0)));
    case "hexes": {
      if (!overlays.linksLoaded) return loading;
      const heard = overlays.hexagons.reduce((sum, hexagon) => sum + hexagon.heard, 0);
      return notes.hexes(formatCount(heard), formatCount(placed.length));
    }
  }
}

const kAsks: Partial<Record<Layer, keyof Overlays["errors"]>> = { agents: "hears", links: "links", hexes: "links", trails: "trails", traceroutes: "routes" };

function LayerRow({ layer, ...props }: Props & { layer: Layer }) {
  const { choice, overlays } = props;
  const on = choice.layers.has(layer);
  const { name, line } = t.mapPage.layer[layer];
  const asks = kAsks[layer];
  const error = asks && overlays.errors[asks];
  return (
    <li class="layer" data-layer={layer}>
      <button type="button" class="layer-button" aria-pressed={on} onClick={() => ask({ options: withLayer(choice, layer) })}>
        <span class="layer-mark" aria-hidden="true" />
        <span class="layer-name">{name}</span>
        <span class="layer-line faint">{line}</span>
      </button>
      {on && (
        <div class="layer-more">
          {error ? <p class="layer-error">{t.mapPage.failed(error)}</p> : <p class="layer-note muted">{noteOf(layer, props)}</p>}
          {layer === "links" && <LineScale />}
          {layer === "agents" && overlays.drawn.hears > 0 && <LineScale unknown={t.mapPage.notDirect} />}
          {layer === "hexes" && <HexScale choice={choice} />}
        </div>
      )}
    </li>
  );
}

export function LayerList(props: Props) {
  const { choice } = props;
  return (
    <section class="map-section" aria-label={t.mapPage.layers}>
      <h2>{t.mapPage.layers}</h2>
      <ul class="layers">
        {kLayers.map((layer) => (
          <LayerRow key={layer} layer={layer} {...props} />
        ))}
      </ul>
      <div class="span-choice">
        <span class="muted">{t.mapPage.span}</span>
        <span class="switch" role="group" aria-label={t.mapPage.span}>
          {kSpans.map((span) => (
            <button key={span} type="button" aria-pressed={choice.span === span} onClick={() => ask({ options: withSpan(span) })}>
              {t.mapPage.spans[span]}
            </button>
          ))}
        </span>
      </div>
    </section>
  );
}
