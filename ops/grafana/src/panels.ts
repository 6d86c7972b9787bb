// The kinds of panels that the dashboards are made of. Each needs a description: what it answers, and when to worry.
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { MappingType } from "@grafana/grafana-foundation-sdk/dashboard";
import type { DashboardLinkBuilder as Link, ThresholdsConfigBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as statetimeline from "@grafana/grafana-foundation-sdk/statetimeline";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { byName, byThreshold, fixed, neutral } from "./colors";
import { buckets, now, over, rows } from "./queries";
import type { Query } from "./queries";

export const SOURCE: DataSourceRef = { type: "prometheus", uid: "${datasource}" };

interface Words {
  title: string;
  description: string;
  /** Width of 24. */
  span: number;
}

interface Figure extends Words {
  query: Query | Query[];
  unit: string;
  decimals?: number;
  verdict?: ThresholdsConfigBuilder;
  /** The course of the shown time behind the figure. */
  course?: boolean;
}

/** One figure, or one for each series. */
export function figure({ title, description, span, query, unit, decimals, verdict, course }: Figure) {
  const queries = [query].flat();
  const panel = new stat.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(SOURCE)
    .span(span)
    .height(4)
    .unit(unit)
    .colorMode(BigValueColorMode.Value)
    .graphMode(course ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .colorScheme(byThreshold())
    .thresholds(verdict ?? neutral());
  if (decimals !== undefined) panel.decimals(decimals);
  for (const each of queries) panel.withTarget(course ? over(each) : now(each));
  return panel;
}

interface Graph extends Words {
  queries: Query[];
  unit: string;
  stack?: boolean;
  max?: number;
  /** May lie below zero. */
  signed?: boolean;
  /** The lines from which on it is to be looked at, or bad. */
  verdict?: ThresholdsConfigBuilder;
  /** Of series that have a meaning of their own. */
  colors?: Record<string, string>;
  links?: Link[];
}

/** Curves over time. */
export function graph({ title, description, span, queries, unit, stack, max, signed, verdict, colors, links }: Graph) {
  const panel = new timeseries.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(SOURCE)
    .span(span)
    .height(8)
    .unit(unit)
    .colorScheme(byName())
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(stack ? 40 : 8)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).calcs(["lastNotNull"]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (!signed) panel.min(0);
  if (max !== undefined) panel.max(max);
  if (stack) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
  if (verdict) {
    panel.thresholds(verdict).thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  for (const [name, color] of Object.entries(colors ?? {})) {
    panel.overrideByName(name, [{ id: "color", value: fixed(color).build() }]);
  }
  if (links) panel.dataLinks(links);
  for (const query of queries) panel.withTarget(over(query));
  return panel;
}

interface Heat extends Words {
  /** Buckets of a histogram, by le. */
  expr: string;
  unit: string;
}

/** How a histogram changes over time: the darker, the more. */
export function heat({ title, description, span, expr, unit }: Heat) {
  return new heatmap.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(SOURCE)
    .span(span)
    .height(8)
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit(unit))
    .color(new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme("Blues").steps(32))
    .showLegend()
    .withTarget(buckets(expr));
}

interface States extends Words {
  queries: Query[];
  /** What a value is called, and its colour. */
  states: Record<string, { text: string; color: string }>;
}

/** Which state something was in, and when. */
export function states({ title, description, span, queries, states: named }: States) {
  const panel = new statetimeline.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(SOURCE)
    .span(span)
    .height(5)
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .mappings([{ type: MappingType.ValueToText, options: named }])
    .colorScheme(byThreshold());
  for (const query of queries) panel.withTarget(over(query));
  return panel;
}

interface Column {
  /** Its head. */
  name: string;
  /** A value for each row's label. */
  expr: string;
  unit?: string;
  decimals?: number;
  verdict?: ThresholdsConfigBuilder;
}

interface Table extends Words {
  /** The label that rows are of, and what it is called. */
  row: { label: string; name: string; links: { title: string; url: string }[] };
  /** Labels that are shown as they are, by their heads. */
  labels?: Record<string, string>;
  columns: Column[];
  /** The column by which rows stand, the largest first. */
  order: string;
  height: number;
}

/** A row for each value of a label; its columns are the queries' values now. */
export function tableOf({ title, description, span, row, labels = {}, columns, order, height }: Table) {
  const panel = new table.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(SOURCE)
    .span(span)
    .height(height)
    .filterable(true)
    .colorScheme(byThreshold())
    .thresholds(neutral());
  const renamed: Record<string, string> = { [row.label]: row.name, ...labels };
  columns.forEach((column, index) => {
    const letter = String.fromCharCode("A".charCodeAt(0) + index);
    panel.withTarget(rows(column.expr).refId(letter));
    renamed[`Value #${letter}`] = column.name;
    const properties: { id: string; value?: unknown }[] = [{ id: "unit", value: column.unit ?? "short" }];
    if (column.decimals !== undefined) properties.push({ id: "decimals", value: column.decimals });
    if (column.verdict) {
      properties.push({ id: "thresholds", value: column.verdict.build() });
      properties.push({ id: "custom.cellOptions", value: { type: "color-text" } });
    }
    panel.overrideByName(column.name, properties);
  });
  panel.overrideByName(row.name, [{ id: "links", value: row.links }]);
  const wanted = [row.label, ...Object.keys(labels), ...columns.map((_, index) => `Value #${String.fromCharCode(65 + index)}`)];
  return panel
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({ id: "filterFieldsByName", options: { include: { names: wanted } } })
    .withTransformation({
      id: "organize",
      options: { indexByName: Object.fromEntries(wanted.map((name, index) => [name, index])), renameByName: renamed },
    })
    .withTransformation({ id: "sortBy", options: { sort: [{ field: order, desc: true }] } });
}
