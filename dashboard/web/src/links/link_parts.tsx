// Small parts that the views of the links share.

import { kEvidences, type Evidence, type Graph, type LinkGrade, type Pair, type Way } from "../logic/link_graph";
import { formatNumber } from "../logic/format";
import type { Distance } from "../logic/link_distance";
import { nodeLabel } from "../components/parts";
import { nodes } from "../state/store";
import { t } from "../texts/texts";

export type NameOf = (id: string) => string;

// A node as it is called here: as the links call it, else as the list of nodes does.
export function nameIn(graph: Graph): NameOf {
  return (id) => nodeLabel(id, graph.nodes.get(id)?.name ?? nodes.get(id)?.long_name ?? null);
}

// "12 km", "840 m"; about, when a position is imprecise.
export function distanceText(distance: Distance): string {
  const { km } = distance;
  const text = km < 1 ? formatNumber(km * 1000, 0, "m") : formatNumber(km, km < 10 ? 1 : 0, "km");
  return distance.doubtKm >= 0.1 ? t.linksPage.about(text) : text;
}

export function doubtText(distance: Distance): string | undefined {
  const { doubtKm } = distance;
  if (doubtKm < 0.1) return undefined;
  return t.linksPage.doubt(formatNumber(doubtKm, doubtKm < 10 ? 1 : 0, "km"));
}

// A way in one line: who, how strong, how it is known.
export function wayText(from: string, to: string, way: Way | null, name: NameOf): string {
  const texts = t.linksPage;
  if (!way) return texts.wayNone(name(from), name(to));
  const snr = way.snr === null ? texts.grade.unknown : formatNumber(way.snr, 1, "dB");
  return texts.wayText(name(from), name(to), snr, way.measured ? texts.measured : texts.inferred);
}

export const pairTexts = (pair: Pair, name: NameOf): [string, string] => [
  wayText(pair.a, pair.b, pair.there, name),
  wayText(pair.b, pair.a, pair.back, name),
];

// A letter for each kind of evidence that tells of a way; filled when it was measured.
export function EvidenceMarks({ way }: { way: Way }) {
  const kinds = new Set(way.links.map((link) => link.evidence));
  return (
    <span class="evidence-marks">
      {kEvidences.map((evidence) =>
        kinds.has(evidence) ? (
          <EvidenceMark key={evidence} evidence={evidence} />
        ) : (
          <span key={evidence} class="evidence-mark none" aria-hidden="true">
            ·
          </span>
        ),
      )}
    </span>
  );
}

export function EvidenceMark({ evidence }: { evidence: Evidence }) {
  return (
    <abbr class={`evidence-mark ${evidence}`} title={t.linksPage.evidenceMeaning[evidence]}>
      {t.linksPage.evidenceShort[evidence]}
    </abbr>
  );
}

const kLegendWidths: Record<LinkGrade, number> = { good: 3.4, fair: 2.4, weak: 1.6, unknown: 1 };

// What colour, width and dashes say.
export function LineLegend() {
  const texts = t.linksPage;
  const grades: LinkGrade[] = ["good", "fair", "weak", "unknown"];
  return (
    <ul class="link-legend" aria-label={texts.legend}>
      {grades.map((grade) => (
        <li key={grade} title={texts.legendPair}>
          <svg viewBox="0 0 22 8" width="22" height="8" aria-hidden="true">
            <path d="M0 4H22" stroke={`var(--link-${grade})`} stroke-width={kLegendWidths[grade]} />
          </svg>
          {texts.grade[grade]} <span class="faint">{texts.gradeRange[grade]}</span>
        </li>
      ))}
      <li>
        <svg viewBox="0 0 22 8" width="22" height="8" aria-hidden="true">
          <path d="M0 4H22" stroke="var(--muted)" stroke-width="2" stroke-dasharray="4 3" />
        </svg>
        <span class="faint">{texts.legendDashed}</span>
      </li>
      <li>
        <svg viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true">
          <circle r="4.5" fill="var(--agent)" stroke="var(--text)" stroke-width="1.4" />
        </svg>
        <span class="faint">{texts.legendRadio}</span>
      </li>
      <li class="faint">{texts.legendPair}</li>
    </ul>
  );
}

// What the pointer is over, at this place of the view's box.
export type Hover = ({ kind: "pair"; pair: Pair } | { kind: "node"; id: string }) & { x: number; y: number };

// Beside the pointer; the same is said by the table and the drawer, so no screen reader needs it.
export function HoverTip({ hover, graph, name, width }: { hover: Hover | null; graph: Graph; name: NameOf; width: number }) {
  if (!hover) return null;
  const node = hover.kind === "node" ? graph.nodes.get(hover.id) : undefined;
  const { hints } = t.linksPage.force;
  const lines =
    hover.kind === "pair" ? pairTexts(hover.pair, name) : [name(hover.id), `${hints.hears}: ${node?.hears ?? 0} · ${hints.heardBy}: ${node?.heardBy ?? 0}`];
  const flip = hover.x > width / 2;
  return (
    <div class={`link-tip ${flip ? "flip" : ""}`} style={{ left: `${hover.x}px`, top: `${hover.y}px` }} aria-hidden="true">
      {lines.map((line) => (
        <bdi key={line}>{line}</bdi>
      ))}
    </div>
  );
}
