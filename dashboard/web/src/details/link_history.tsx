// A link's signal over time: a chart for each way, both to the same scale.

import { useMemo } from "preact/hooks";
import type { LinkHour } from "../api/types";
import { TimeChart } from "../charts/time_chart";
import { SkeletonRows } from "../components/parts";
import { Choice } from "../links/filters";
import type { NameOf } from "../links/link_parts";
import type { Evidence } from "../logic/link_graph";
import { commonRange, hourCurves, kHourMicros, type HourCurves } from "../logic/link_history";
import { now } from "../state/store";
import { ask } from "../state/url";
import { t } from "../texts/texts";
import { DrawerSection } from "./drawer";

export const kHistorySpans = ["1d", "7d", "30d"] as const;
export type HistorySpan = (typeof kHistorySpans)[number];

const kSpanHours: Record<HistorySpan, number> = { "1d": 24, "7d": 7 * 24, "30d": 30 * 24 };

interface Props {
  sides: { from: string; to: string; hours: LinkHour[] }[];
  kinds: Evidence[];
  kind: Evidence;
  span: HistorySpan;
  loading: boolean;
  error: string | null;
  name: NameOf;
}

function SnrChart({ curves, range, label, sync }: { curves: HourCurves; range: [number, number]; label: string; sync: string }) {
  const texts = t.linksPage.detail;
  return (
    <TimeChart
      class="link-chart"
      label={label}
      times={curves.times}
      range={range}
      sync={sync}
      curves={[
        { label: texts.low, values: curves.low, unit: "dB", digits: 1, color: "--curve-fill", kind: "band" },
        { label: texts.high, values: curves.high, unit: "dB", digits: 1, color: "--curve-fill", kind: "band" },
        { label: texts.median, values: curves.median, unit: "dB", digits: 1 },
      ]}
    />
  );
}

export function LinkHistoryCharts({ sides, kinds, kind, span, loading, error, name }: Props) {
  const texts = t.linksPage.detail;
  const until = Math.floor(now.value / kHourMicros) * kHourMicros;
  const curves = useMemo(() => sides.map((side) => hourCurves(side.hours, until - kSpanHours[span] * kHourMicros, until)), [until, span, ...sides.map((side) => side.hours)]);
  const range = commonRange(curves);
  const tools = (
    <span class="link-tools-row">
      {kinds.length > 1 && (
        <Choice label={texts.evidence} values={kinds} chosen={kind} text={(each) => t.linksPage.evidenceName[each]} onChoose={(each) => ask({ options: { link_evidence: each === kinds[0] ? "" : each } })} />
      )}
      <Choice label={texts.span} values={kHistorySpans} chosen={span} text={(each) => texts.spans[each]} onChoose={(each) => ask({ options: { link_span: each === "1d" ? "" : each } })} />
    </span>
  );
  return (
    <DrawerSection title={texts.history}>
      {tools}
      {error && <p class="drawer-error">{error}</p>}
      {loading && !error && <SkeletonRows count={4} />}
      {!loading &&
        sides.map(({ from, to }, i) => {
          const label = texts.historyOf(name(from), name(to));
          const some = curves[i]!.median.some((value) => value !== null);
          return (
            <figure key={from} class="link-history">
              <figcaption class="muted">
                <bdi>{label}</bdi>
              </figcaption>
              {some && range ? <SnrChart curves={curves[i]!} range={range} label={label} sync={`link ${from} ${to}`} /> : <p class="faint">{texts.noHours}</p>}
            </figure>
          );
        })}
    </DrawerSection>
  );
}
