import { BAD, GOOD, NEUTRAL, SERIOUS, WARNING, badFrom, badFromAfter, goodFromAfter, thresholds } from "./colors";
import { AGENT_DASHBOARD, PAGES, frame, row } from "./frame";
import { figure, graph, heat, tableOf } from "./panels";
import { SERVER, orNone, orZero, quantile } from "./queries";

const STATES = { online: GOOD, radio_away: SERIOUS, offline: BAD };
const ALERTS = 'ALERTS{alertstate="firing"}';

export const fleet = frame({
  uid: "mmm-fleet",
  title: "Fleet",
  description: "Does the promise hold (nothing lost, fresh within a minute), and for whom does it not?",
  alerts: "Freshness.+|ManyAgents.+|AgentLosesRecords|ServerDown",
  page: { title: "Agents", path: "/agents" },
  from: "now-24h",
})
  .withRow(row("The promise"))
  .withPanel(
    figure({
      title: "Fresh, 30 days",
      description: "Share of the records of the last 30 days that were at the server within 60 s. The objective is 99.9 %.",
      span: 4,
      query: { expr: `1 - max(server:mmm_late:ratio_30d{${SERVER}})`, legend: "" },
      unit: "percentunit",
      decimals: 3,
      verdict: goodFromAfter(0.999, 0.9995),
    }),
  )
  .withPanel(
    figure({
      title: "Error budget left",
      description: "How much of what may be late in 30 days (0.1 %) is left. Below zero the objective is missed.",
      span: 4,
      query: { expr: `min(server:mmm_budget_left:ratio{${SERVER}})`, legend: "" },
      unit: "percentunit",
      decimals: 1,
      verdict: thresholds(BAD, { from: 0, color: SERIOUS }, { from: 0.25, color: GOOD }),
    }),
  )
  .withPanel(
    figure({
      title: "Records lost",
      description: "Records that buffers gave up unsent within the shown time. The objective is none.",
      span: 4,
      query: { expr: orZero(`ceil(sum(increase(mmm_server_agent_lost_records{${SERVER}}[$__range])))`), legend: "" },
      unit: "short",
      verdict: badFrom(1),
    }),
  )
  .withPanel(
    figure({
      title: "Age at arrival, 99 of 100",
      description: "How old a record is when it reaches the server: 99 of 100 are younger than this. 60 s is the objective.",
      span: 4,
      query: { expr: quantile(0.99, "mmm_server_record_age_seconds", SERVER), legend: "" },
      unit: "s",
      verdict: badFromAfter(30, 60),
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "Agents",
      description: "online: uploaded within 5 minutes, with a radio. radio_away: uploads, a radio of it is not connected. offline: neither.",
      span: 4,
      query: { expr: `sum by (state) (mmm_server_agents{${SERVER}})`, legend: "{{state}}" },
      unit: "short",
    })
      .overrideByName("online", [{ id: "color", value: { mode: "fixed", fixedColor: GOOD } }])
      .overrideByName("radio_away", [{ id: "thresholds", value: badFromAfter(1, 1e9).build() }])
      .overrideByName("offline", [{ id: "thresholds", value: badFromAfter(1, 1e9).build() }]),
  )
  .withPanel(
    figure({
      title: "Alerts",
      description: "Alerts that fire now, over everything that Prometheus watches. docs/runbook.md says what to do about each.",
      span: 4,
      query: { expr: orZero(`count(${ALERTS})`), legend: "" },
      unit: "short",
      verdict: badFromAfter(1, 5),
      course: true,
    }),
  )
  .withPanel(
    graph({
      title: "Budget burned",
      description:
        "How many times faster than allowed the budget is used up: at 1 it lasts exactly 30 days. From 14.4 over an hour somebody is called (FreshnessBurnsFast), from 6 over six hours a warning comes.",
      span: 12,
      queries: [
        { expr: `max(server:mmm_late:ratio_1h{${SERVER}}) / 0.001`, legend: "over 1 h" },
        { expr: `max(server:mmm_late:ratio_6h{${SERVER}}) / 0.001`, legend: "over 6 h" },
      ],
      unit: "none",
      verdict: thresholds(GOOD, { from: 1, color: WARNING }, { from: 6, color: SERIOUS }, { from: 14.4, color: BAD }),
    }),
  )
  .withPanel(
    heat({
      title: "Age of records",
      description: "How old records are when they reach the server. What lies above 60 s is late: a backlog that comes after an outage is a dark band high up.",
      span: 12,
      expr: `sum by (le) (increase(mmm_server_record_age_seconds_bucket{${SERVER}}[$__rate_interval]))`,
      unit: "s",
    }),
  )
  .withRow(row("For whom it does not hold"))
  .withPanel(
    graph({
      title: "Late, by agent",
      description: "The ten agents with the largest share of late records, over an hour each. All rise together: the server or its network. One alone: that site.",
      span: 12,
      queries: [{ expr: `topk(10, agent:mmm_late:ratio_1h{${SERVER}})`, legend: "{{agent}}" }],
      unit: "percentunit",
      verdict: thresholds(GOOD, { from: 0.001, color: WARNING }),
    }),
  )
  .withPanel(
    graph({
      title: "Waiting records, by agent",
      description: "The ten agents with the most records in their buffers, as of their last upload. Rising: the uplink is slower than the radio.",
      span: 12,
      queries: [{ expr: `topk(10, mmm_server_agent_waiting_records{${SERVER}})`, legend: "{{agent}}" }],
      unit: "short",
    }),
  )
  .withPanel(
    tableOf({
      title: "Worst agents",
      description: "All agents, those with the largest share of late records first. An agent's name leads to its dashboard and its page.",
      span: 24,
      height: 12,
      row: {
        label: "agent",
        name: "Agent",
        links: [
          { title: "Its dashboard", url: AGENT_DASHBOARD },
          { title: "Its page", url: `${PAGES}/agents/\${__value.text}` },
        ],
      },
      labels: { location: "Location", version: "Version", region: "Region" },
      columns: [
        { name: "Known", expr: `max by (agent, location, version, region) (mmm_server_agent_info{${SERVER}})` },
        {
          name: "Late, 6 h",
          expr: `max by (agent) (agent:mmm_late:ratio_6h{${SERVER}})`,
          unit: "percentunit",
          decimals: 3,
          verdict: badFromAfter(0.001, 0.006),
        },
        {
          name: "Late, 30 days",
          expr: `max by (agent) (agent:mmm_late:ratio_30d{${SERVER}})`,
          unit: "percentunit",
          decimals: 3,
          verdict: badFromAfter(0.0005, 0.001),
        },
        { name: "Lost", expr: `max by (agent) (mmm_server_agent_lost_records{${SERVER}})`, verdict: badFrom(1) },
        { name: "Set aside", expr: `max by (agent) (mmm_server_agent_set_aside_records{${SERVER}})`, verdict: badFromAfter(1, 1e9) },
        { name: "Waiting", expr: `max by (agent) (mmm_server_agent_waiting_records{${SERVER}})`, verdict: badFromAfter(500, 5000) },
        { name: "Last upload", expr: `min by (agent) (agent:mmm_upload_age:seconds{${SERVER}})`, unit: "s", verdict: badFromAfter(120, 300) },
        { name: "Radio", expr: `min by (agent) (mmm_server_agent_link_ready{${SERVER}})`, verdict: thresholds(BAD, { from: 1, color: GOOD }) },
        { name: "Clock off by", expr: `max by (agent) (abs(mmm_server_agent_clock_skew_seconds{${SERVER}}))`, unit: "s", verdict: badFromAfter(5, 30) },
      ],
      order: "Late, 6 h",
    }),
  )
  .withRow(row("The fleet"))
  .withPanel(
    graph({
      title: "Agents by state",
      description: "What became of the agents over time. Many that go offline at once have one cause.",
      span: 8,
      queries: [{ expr: `sum by (state) (mmm_server_agents{${SERVER}})`, legend: "{{state}}" }],
      unit: "short",
      stack: true,
      colors: STATES,
    }),
  )
  .withPanel(
    graph({
      title: "Versions",
      description: "Agents by the version that they run: how far an upgrade has come.",
      span: 8,
      queries: [{ expr: `count by (version) (mmm_server_agent_info{${SERVER}})`, legend: "{{version}}" }],
      unit: "short",
      stack: true,
    }),
  )
  .withPanel(
    graph({
      title: "Alerts that fire",
      description: "Which alerts fire, and for how many. Those of info wake nobody.",
      span: 8,
      queries: [{ expr: orNone(`count by (alertname) (${ALERTS})`, "alertname"), legend: "{{alertname}}" }],
      unit: "short",
      stack: true,
      colors: { none: NEUTRAL },
    }),
  )
  .withPanel(
    graph({
      title: "Records by freshness",
      description: "Records stored each second: fresh ones, and those that came late.",
      span: 12,
      queries: [
        { expr: `sum by (freshness) (rate(mmm_server_agent_records_total{${SERVER}}[$__rate_interval]))`, legend: "{{freshness}}" },
      ],
      unit: "cps",
      stack: true,
      colors: { fresh: GOOD, late: BAD },
    }),
  )
  .withPanel(
    graph({
      title: "Beyond the limits of series",
      description: "Agents and nodes that have no series of their own, so that no alert watches them. Above 0: raise [metrics] agents_max or nodes_max.",
      span: 12,
      queries: [
        { expr: `sum(mmm_server_agents_without_series{${SERVER}})`, legend: "agents" },
        { expr: `sum(mmm_server_nodes_without_series{${SERVER}})`, legend: "nodes" },
      ],
      unit: "short",
      verdict: thresholds(GOOD, { from: 1, color: WARNING }),
    }),
  );
