// Parts of PromQL that panels share.
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";

/** The server that was chosen. */
export const SERVER = 'job="mmm-server", instance=~"$instance"';
/** The agent that was chosen, as the server tells of it, and as it tells of itself. */
export const OF_AGENT = 'job="mmm-server", instance=~"$instance", agent=~"$agent"';
export const AT_AGENT = 'job="mmm-agent", agent=~"$agent"';

export const RATE = "[$__rate_interval]";

export const perSecond = (metric: string, labels: string, by: string) =>
  `sum by (${by}) (rate(${metric}{${labels}}${RATE}))`;

export const quantile = (share: number, histogram: string, labels: string, by = "le") =>
  `histogram_quantile(${share}, sum by (${by}) (rate(${histogram}_bucket{${labels}}${RATE})))`;

/** A counter of what has not happened yet has no series; it is none, not unknown. */
export const orNone = (expression: string, label: string) =>
  `${expression} or on () label_replace(vector(0), "${label}", "none", "", "")`;
export const orZero = (expression: string) => `${expression} or on () vector(0)`;

export interface Query {
  expr: string;
  legend: string;
}

export const over = ({ expr, legend }: Query) => new DataqueryBuilder().expr(expr).legendFormat(legend).range();
export const now = ({ expr, legend }: Query) => new DataqueryBuilder().expr(expr).legendFormat(legend).instant();
export const rows = (expr: string) => new DataqueryBuilder().expr(expr).format(PromQueryFormat.Table).instant();
export const buckets = (expr: string) =>
  new DataqueryBuilder().expr(expr).format(PromQueryFormat.Heatmap).legendFormat("{{le}}").range();

/** The three curves of a duration: what half of them take, 95 of 100, 99 of 100. */
export const durations = (histogram: string, labels: string): Query[] => [
  { expr: quantile(0.5, histogram, labels), legend: "half take less" },
  { expr: quantile(0.95, histogram, labels), legend: "95 of 100" },
  { expr: quantile(0.99, histogram, labels), legend: "99 of 100" },
];
