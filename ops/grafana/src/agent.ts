import { BigValueTextMode } from "@grafana/grafana-foundation-sdk/common";
import { BAD, GOOD, SERIOUS, WARNING, badFrom, badFromAfter, thresholds } from "./colors";
import { ONE_AGENT, frame, row } from "./frame";
import { figure, graph, states } from "./panels";
import { AT_AGENT, OF_AGENT, durations, orNone, orZero, perSecond } from "./queries";

export const agent = frame({
  uid: "mmm-agent",
  title: "Agent",
  description: "Is this agent recording and uploading, and if not, why?",
  alerts: "Agent.+|RadioAway|UploadLags|ServerUnhealthyForAgent|Buffer.+|RadioLineNoisy|RestartLoop",
  variables: [ONE_AGENT],
  page: { title: "Its page", path: "/agents/${agent}" },
})
  .withRow(row("As the server sees it"))
  .withPanel(
    figure({
      title: "Last upload",
      description: "How long ago it uploaded. It tells how it is each minute, also when it hears nothing: more than 5 minutes are an outage.",
      span: 4,
      query: { expr: `min(agent:mmm_upload_age:seconds{${OF_AGENT}})`, legend: "" },
      unit: "s",
      decimals: 0,
      verdict: badFromAfter(120, 300),
    }),
  )
  .withPanel(
    figure({
      title: "Late, 30 days",
      description: "Share of its records that came later than 60 s after its radio heard them. The objective is at most 0.1 %.",
      span: 4,
      query: { expr: orZero(`max(agent:mmm_late:ratio_30d{${OF_AGENT}})`), legend: "" },
      unit: "percentunit",
      decimals: 3,
      verdict: badFromAfter(0.0005, 0.001),
    }),
  )
  .withPanel(
    figure({
      title: "Lost",
      description: "Records that its buffers gave up unsent since they were made. The objective is none.",
      span: 4,
      query: { expr: `max(mmm_server_agent_lost_records{${OF_AGENT}})`, legend: "" },
      unit: "short",
      verdict: badFrom(1),
    }),
  )
  .withPanel(
    figure({
      title: "Set aside",
      description: "Records that the server refused for good; the agent keeps them. mmm-agent status says why.",
      span: 4,
      query: { expr: `max(mmm_server_agent_set_aside_records{${OF_AGENT}})`, legend: "" },
      unit: "short",
      verdict: thresholds(GOOD, { from: 1, color: WARNING }),
    }),
  )
  .withPanel(
    figure({
      title: "Clock off by",
      description: "Its clock minus the server's, the way of an upload included. From 30 s on, times of its packets are wrong.",
      span: 4,
      query: { expr: `max(abs(mmm_server_agent_clock_skew_seconds{${OF_AGENT}}))`, legend: "" },
      unit: "s",
      verdict: badFromAfter(5, 30),
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "What it is",
      description: "Location, version, region and hardware of its radio, as it said last.",
      span: 4,
      query: { expr: `max by (location, version, region, hardware) (mmm_server_agent_info{${OF_AGENT}})`, legend: "{{location}} · {{version}} · {{region}} {{hardware}}" },
      unit: "bool_yes_no",
    }).textMode(BigValueTextMode.Name),
  )
  .withPanel(
    states({
      title: "Radio connected",
      description: "Whether all its radios were connected, as it said with each upload.",
      span: 24,
      queries: [{ expr: `min(mmm_server_agent_link_ready{${OF_AGENT}})`, legend: "radio" }],
      states: { "0": { text: "away", color: BAD }, "1": { text: "connected", color: GOOD } },
    }),
  )
  .withPanel(
    graph({
      title: "Packets heard",
      description: "Packets that its radios hear over the air. Zero while the radio is connected: antenna, region or channel.",
      span: 8,
      queries: [{ expr: `sum by (agent) (rate(mmm_server_agent_receptions_total{${OF_AGENT}}[$__rate_interval])) * 60`, legend: "packets a minute" }],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Records by freshness",
      description: "Records of it that the server stored: fresh ones, and those that came late. A burst of late ones is a backlog after an outage.",
      span: 8,
      queries: [{ expr: perSecond("mmm_server_agent_records_total", OF_AGENT, "freshness"), legend: "{{freshness}}" }],
      unit: "cps",
      stack: true,
      colors: { fresh: GOOD, late: BAD },
    }),
  )
  .withPanel(
    graph({
      title: "Waiting records",
      description: "Records in its buffers that wait for this server. It should be near zero; rising means that the uplink is slower than the radio.",
      span: 8,
      queries: [{ expr: `max by (agent) (mmm_server_agent_waiting_records{${OF_AGENT}})`, legend: "waiting" }],
      unit: "short",
    }),
  )
  .withRow(row("As it says itself (where Prometheus reaches it)"))
  .withPanel(
    states({
      title: "Link to the radio",
      description: "The state of the line to each radio: ready, connecting, or down.",
      span: 12,
      queries: [
        { expr: `max by (radio) (mmm_agent_link_state{${AT_AGENT}, state="ready"} * 2 or mmm_agent_link_state{${AT_AGENT}, state="connecting"})`, legend: "{{radio}}" },
      ],
      states: {
        "0": { text: "down", color: BAD },
        "1": { text: "connecting", color: SERIOUS },
        "2": { text: "ready", color: GOOD },
      },
    }),
  )
  .withPanel(
    states({
      title: "Servers",
      description: "Whether each server takes what it uploads. Not healthy: unreachable, not trusted, or it refuses the key.",
      span: 12,
      queries: [{ expr: `min by (server) (mmm_agent_server_healthy{${AT_AGENT}})`, legend: "{{server}}" }],
      states: { "0": { text: "takes nothing", color: BAD }, "1": { text: "healthy", color: GOOD } },
    }),
  )
  .withPanel(
    graph({
      title: "Oldest record",
      description: "Age of the oldest record that waits for each server. Above 60 s its records come late.",
      span: 8,
      queries: [{ expr: `max by (radio, server) (mmm_agent_buffer_oldest_age_seconds{${AT_AGENT}})`, legend: "{{radio}} → {{server}}" }],
      unit: "s",
      verdict: badFromAfter(30, 60),
    }),
  )
  .withPanel(
    graph({
      title: "Uploads by outcome",
      description: "Uploads each second by what the server answered. All but those accepted are tried again.",
      span: 8,
      queries: [{ expr: perSecond("mmm_agent_uploads_total", AT_AGENT, "server, outcome"), legend: "{{server}} {{outcome}}" }],
      unit: "cps",
    }),
  )
  .withPanel(
    graph({
      title: "Time of an upload",
      description: "From the request to the server's answer. Seconds: a slow uplink, or a server that waits for its disk.",
      span: 8,
      queries: durations("mmm_agent_upload_seconds", AT_AGENT),
      unit: "s",
    }),
  )
  .withPanel(
    graph({
      title: "Size of the buffer",
      description: "Size of the buffer's file. At [buffer] max_size (1 GiB by default) the oldest records are lost; a large file with nothing waiting has room inside.",
      span: 8,
      queries: [{ expr: `max by (radio) (mmm_agent_buffer_bytes{${AT_AGENT}})`, legend: "{{radio}}" }],
      unit: "bytes",
      verdict: badFromAfter(0.8 * 2 ** 30, 2 ** 30),
    }),
  )
  .withPanel(
    graph({
      title: "Records in the buffer",
      description: "Records that wait for each server, those not yet committed included.",
      span: 8,
      queries: [{ expr: `max by (radio, server) (mmm_agent_buffer_records{${AT_AGENT}})`, legend: "{{radio}} → {{server}}" }],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Commit to the buffer",
      description: "Duration of a commit, the sync included. Rising over weeks: the SD card wears out.",
      span: 8,
      queries: durations("mmm_agent_buffer_commit_seconds", AT_AGENT),
      unit: "s",
      verdict: badFromAfter(0.5, 1),
    }),
  )
  .withPanel(
    graph({
      title: "Messages from the radio",
      description: "What the radio says each second, by kind. Withheld ones (keys) are read and go nowhere.",
      span: 8,
      queries: [{ expr: perSecond("mmm_agent_link_messages_total", AT_AGENT, "kind"), legend: "{{kind}}" }],
      unit: "cps",
      stack: true,
    }),
  )
  .withPanel(
    graph({
      title: "Broken messages",
      description: "Messages given up and bytes outside messages: a bad cable, port or supply. A few at a restart of the radio are normal.",
      span: 8,
      queries: [
        { expr: orNone(perSecond("mmm_agent_link_decode_errors_total", AT_AGENT, "reason"), "reason"), legend: "messages given up: {{reason}}" },
        { expr: `sum(rate(mmm_agent_link_resyncs_total{${AT_AGENT}}[$__rate_interval]))`, legend: "runs of other bytes" },
      ],
      unit: "cps",
    }),
  )
  .withPanel(
    graph({
      title: "Link opened and asked",
      description: "Attempts to open the line, and requests for the configuration. Many requests for one opening: the radio does not answer, or restarts.",
      span: 8,
      queries: [
        { expr: `sum by (outcome) (increase(mmm_agent_link_opens_total{${AT_AGENT}}[10m]))`, legend: "{{outcome}} within 10 min" },
        { expr: `sum(increase(mmm_agent_link_handshakes_total{${AT_AGENT}}[10m]))`, legend: "asked within 10 min" },
      ],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Failures of the buffer",
      description: "Operations on the buffer's file that failed, by kind. Anything but none: look at the disk.",
      span: 8,
      queries: [{ expr: orNone(`sum by (kind) (increase(mmm_agent_buffer_failures_total{${AT_AGENT}}[10m]))`, "kind"), legend: "{{kind}}" }],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Processor",
      description: "Share of one core that the agent uses. Half a percent is usual.",
      span: 8,
      queries: [{ expr: `sum by (agent) (rate(process_cpu_seconds_total{${AT_AGENT}}[$__rate_interval]))`, legend: "{{agent}}" }],
      unit: "percentunit",
    }),
  )
  .withPanel(
    graph({
      title: "Memory",
      description: "Memory of the agent as the system counts it. It is bounded; a steady rise is a bug.",
      span: 8,
      queries: [{ expr: `max by (agent) (process_resident_memory_bytes{${AT_AGENT}})`, legend: "{{agent}}" }],
      unit: "bytes",
    }),
  );
