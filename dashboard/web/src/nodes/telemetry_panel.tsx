// Every value that the node has measured, as a small chart each; all have the same scale of time and one pointer.

import { useMemo } from "preact/hooks";
import { getAllTelemetry, getKindsEver, type Telemetry, type TelemetryKind } from "../api/node_page";
import { TimeChart, type Curve } from "../charts/time_chart";
import { Ago, Panel, SkeletonRows } from "../components/parts";
import { useAnswer } from "../details/use_answer";
import { cleanName, formatCount, formatNumber } from "../logic/format";
import { kBatteryFull } from "../logic/payload";
import { visibleIn, type Stretch } from "../logic/node_listening";
import { metricLabel, metricSeries, metricWords, type MetricSeries } from "../logic/node_metrics";
import { kSteps, type Range, type TimeWindow } from "../logic/node_range";
import { t } from "../texts/texts";
import type { Listening } from "./use_node_answers";

const kSync = "node";
// A device tells many fields; more than these of one kind no protocol has.
const kChartsMax = 40;
const kWordsLength = 200;

function curvesOf(metric: MetricSeries, label: string): Curve[] {
  const { unit } = metric.look;
  const { digits } = metric;
  const texts = t.nodePage.telemetry;
  if (!metric.low || !metric.high) return [{ label, values: metric.values, unit, digits }];
  return [
    { label: texts.low, values: metric.low, unit, digits, kind: "band", color: "--curve-pale" },
    { label: texts.high, values: metric.high, unit, digits, kind: "band", color: "--curve-pale" },
    { label: texts.mean, values: metric.values, unit, digits },
  ];
}

function Metric({ metric, gaps }: { metric: MetricSeries; gaps: Stretch[] }) {
  const texts = t.nodePage.telemetry;
  const label = cleanName(metricLabel(metric.name, texts.metrics));
  const text = (value: number) => formatNumber(value, metric.digits, metric.look.unit);
  const powered = metric.name === "battery_level" && metric.last.value > kBatteryFull;
  const span = metric.least === metric.greatest ? text(metric.least) : texts.span(formatNumber(metric.least, metric.digits), text(metric.greatest));
  return (
    <figure class="metric" data-metric={metric.name}>
      <figcaption>
        <span class="metric-name clip" title={metric.name}>
          {label}
        </span>
        <b class="number">{powered ? t.node.powered : text(metric.last.value)}</b>
        <span class="faint clip">
          {span} · {texts.values(formatCount(metric.count))}
        </span>
        <span class="faint number">
          <Ago time={metric.last.time} suffix />
        </span>
      </figcaption>
      <TimeChart label={`${label}: ${span}`} times={metric.times} curves={curvesOf(metric, label)} gaps={gaps} sync={kSync} {...(metric.look.range && { range: metric.look.range })} />
    </figure>
  );
}

function Kind({ answer, window, gaps }: { answer: Telemetry; window: TimeWindow; gaps: Stretch[] }) {
  const metrics = useMemo(() => metricSeries(answer, window, gaps).slice(0, kChartsMax), [answer, window, gaps]);
  const words = useMemo(() => metricWords(answer), [answer]);
  const texts = t.nodePage.telemetry;
  return (
    <section class="metric-kind" aria-label={texts.kinds[answer.kind] ?? answer.kind}>
      <h3>{texts.kinds[answer.kind] ?? answer.kind}</h3>
      {metrics.length === 0 && <p class="faint">{texts.nothingInRange}</p>}
      <div class="metrics">
        {metrics.map((metric) => (
          <Metric key={metric.name} metric={metric} gaps={gaps} />
        ))}
      </div>
      {words.map(([name, value]) => (
        <p key={name} class="metric-words">
          <span class="muted">{cleanName(metricLabel(name, texts.metrics))}</span> <bdi>{cleanName(value, kWordsLength)}</bdi>
        </p>
      ))}
    </section>
  );
}

function stepText(answers: Telemetry[]): string {
  const steps = t.nodePage.telemetry.steps;
  const widest = Math.max(...answers.map((answer) => answer.step_us));
  return widest === 0 ? steps.raw : widest < 3600e6 ? steps.five : steps.hour;
}

function Key({ answers, listening, gaps }: { answers: Telemetry[]; listening: Listening; gaps: Stretch[] }) {
  const texts = t.nodePage.telemetry;
  const rolled = answers.some((answer) => answer.step_us > 0);
  return (
    <span class="node-key faint">
      <span class="key-line">{stepText(answers)}</span>
      {rolled && <span class="key-band">{texts.band}</span>}
      {gaps.length > 0 && (
        <span class="key-gap" title={texts.gapsHint}>
          {texts.gaps}
        </span>
      )}
      {listening.state === "unknown" && <span>{texts.gapsUnknown}</span>}
      {listening.state === "failed" && <span>{texts.gapsFailed}</span>}
    </span>
  );
}

export function TelemetryPanel({ id, window, range, listening }: { id: string; window: TimeWindow; range: Range; listening: Listening }) {
  const texts = t.nodePage.telemetry;
  const step = kSteps[range];
  // With its window: the charts' scale of time changes when the values for it are there.
  const { data, error } = useAnswer(async (signal) => ({ window, answers: await getAllTelemetry(id, window.since, step, signal) }), `${window.since} ${step}`);
  const ever = useAnswer<TelemetryKind[]>((signal) => getKindsEver(id, signal), id);
  const shape = JSON.stringify(listening.deaf);
  const gaps = useMemo(() => (data ? visibleIn(listening.deaf, data.window) : []), [data, shape]);
  const shown = data?.answers.filter((answer) => answer.points.length > 0 || ever.data?.includes(answer.kind as TelemetryKind)) ?? [];
  return (
    <Panel title={texts.title} class="node-telemetry" note={data && shown.length > 0 && <Key answers={shown} listening={listening} gaps={gaps} />}>
      <div class="node-body">
        {error && <p class="drawer-error">{t.loadError(error)}</p>}
        {!data && !error && <SkeletonRows count={6} />}
        {data && shown.length === 0 && ever.data && <p class="empty">{texts.none}</p>}
        {data && shown.map((answer) => <Kind key={answer.kind} answer={answer} window={data.window} gaps={gaps} />)}
      </div>
    </Panel>
  );
}
