// What all dashboards have: variables, links among them and to our own pages, alerts as annotations.
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { BAD } from "./colors";
import { SOURCE } from "./panels";
import { now } from "./queries";

const TAG = "meshymcmapface";

/** Where our own pages are; the person who looks may type another address. */
export const PAGES = "${pages}";
export const AGENT_DASHBOARD = "/d/mmm-agent?var-agent=${__data.fields.Agent}&${datasource:queryparam}&${instance:queryparam}";

interface Choice {
  name: string;
  label: string;
  description: string;
  query: string;
}

const choice = ({ name, label, description, query }: Choice, all: boolean) => {
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(SOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .includeAll(all)
    .multi(all);
  if (all) variable.allValue(".*").current({ text: "All", value: "$__all" });
  return variable;
};

const INSTANCE: Choice = {
  name: "instance",
  label: "Server",
  description: "Which mmm-server, when there are several",
  query: 'label_values(up{job="mmm-server"}, instance)',
};
/** One agent: its dashboard is about that one. */
export const ONE_AGENT = choice(
  {
    name: "agent",
    label: "Agent",
    description: "The agent that this is about",
    query: 'label_values(mmm_server_agent_info{job="mmm-server", instance=~"$instance"}, agent)',
  },
  false,
);
export const NODES = choice(
  {
    name: "node",
    label: "Node",
    description: "Nodes of the mesh, by their id",
    query: 'label_values(mmm_server_node_info{job="mmm-server", instance=~"$instance"}, node)',
  },
  true,
);

/** Which of the alerts (a regular expression) are drawn as annotations: those that this dashboard explains. */
export interface Frame {
  uid: string;
  title: string;
  description: string;
  alerts: string;
  variables?: QueryVariableBuilder[];
  /** The page of ours that shows the same. */
  page: { title: string; path: string };
  from?: string;
}

export function frame({ uid, title, description, alerts, variables = [], page, from = "now-6h" }: Frame) {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh("1m")
    .time({ from, to: "now" })
    .withVariable(
      new DatasourceVariableBuilder("datasource").label("Prometheus").description("Where the metrics are kept").type("prometheus"),
    )
    .withVariable(choice(INSTANCE, true));
  for (const variable of variables) dashboard.withVariable(variable);
  return dashboard
    .withVariable(
      new TextBoxVariableBuilder("pages")
        .label("Pages at")
        .description("Address of the server's own pages, for links")
        .defaultValue("http://localhost:8082")
        .current({ text: "http://localhost:8082", value: "http://localhost:8082" }),
    )
    .annotation(
      new AnnotationQueryBuilder()
        .name("Alerts")
        .datasource(SOURCE)
        .enable(true)
        .iconColor(BAD)
        .target(now({ expr: `ALERTS{alertstate="firing", alertname=~"${alerts}"}`, legend: "" }))
        .expr(`ALERTS{alertstate="firing", alertname=~"${alerts}"}`)
        .titleFormat("{{alertname}}")
        .textFormat("{{agent}} {{instance}} {{severity}}")
        .step("60s"),
    )
    .link(
      new DashboardLinkBuilder("Dashboards")
        .type(DashboardLinkType.Dashboards)
        .icon("external link")
        .tags([TAG])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .link(
      new DashboardLinkBuilder(page.title)
        .type(DashboardLinkType.Link)
        .icon("external link")
        .tooltip("The server's own pages")
        .url(`${PAGES}${page.path}`)
        .targetBlank(true),
    );
}

export const row = (title: string) => new RowBuilder(title);
