import { MappingType } from "@grafana/grafana-foundation-sdk/dashboard";
import { BAD, GOOD, NEUTRAL, WARNING, badFrom, badFromAfter, goodFromAfter, thresholds } from "./colors";
import { frame, row } from "./frame";
import { figure, graph } from "./panels";
import { SERVER, durations, orNone, orZero, perSecond, quantile } from "./queries";

export const ingest = frame({
  uid: "mmm-ingest",
  title: "Ingest pipeline",
  description: "Where does a record's time go, from its upload to the browser, and what is refused?",
  alerts: "Server.+|IngestErrors|SyncSlow|Log.+|Projection.+|Live.+|RateLimited|WrongKeys|CertificateExpires|FilesNearLimit|RestartLoop",
  page: { title: "Pages", path: "/" },
})
  .withRow(row("Now"))
  .withPanel(
    figure({
      title: "Server",
      description: "Whether Prometheus reaches the server.",
      span: 4,
      query: { expr: `min(up{${SERVER}})`, legend: "" },
      unit: "bool_on_off",
      verdict: thresholds(BAD, { from: 1, color: GOOD }),
    }),
  )
  .withPanel(
    figure({
      title: "Records a second",
      description: "Records stored each second, repeated ones left out.",
      span: 4,
      query: { expr: `sum(rate(mmm_server_ingest_records_total{${SERVER}, outcome="stored"}[$__rate_interval]))`, legend: "" },
      unit: "short",
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "Index behind",
      description: "How much older the newest indexed record is than the newest stored: so much the pages are behind.",
      span: 4,
      query: { expr: `max(mmm_server_projection_lag_seconds{${SERVER}})`, legend: "" },
      unit: "s",
      verdict: badFromAfter(10, 60),
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "To the browser, 95 of 100",
      description: "Time from a record's upload to its event being handed to the browsers.",
      span: 4,
      query: { expr: quantile(0.95, "mmm_server_live_seconds", SERVER), legend: "" },
      unit: "s",
      verdict: badFromAfter(1, 2),
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "Uploads refused",
      description: "Uploads that the packet log did not take within the shown time, for want of disk or because the queue was full.",
      span: 4,
      query: { expr: orZero(`ceil(sum(increase(mmm_server_log_failures_total{${SERVER}, reason!="closed"}[$__range])))`), legend: "" },
      unit: "short",
      verdict: badFrom(1),
    }),
  )
  .withPanel(
    figure({
      title: "Certificate ends in",
      description: "Time until the certificate ends. A dash: the server speaks no TLS itself.",
      span: 4,
      query: { expr: orZero(`min((mmm_server_certificate_expiry_seconds{${SERVER}} > 0) - time())`), legend: "" },
      unit: "s",
      decimals: 0,
      verdict: goodFromAfter(86400, 7 * 86400),
    }).mappings([{ type: MappingType.ValueToText, options: { "0": { text: "—", color: NEUTRAL, index: 0 } } }]),
  )
  .withRow(row("Receiving"))
  .withPanel(
    graph({
      title: "Records taken",
      description: "Records of accepted uploads: stored, repeated ones that were there already, and those refused for good.",
      span: 8,
      queries: [{ expr: perSecond("mmm_server_ingest_records_total", SERVER, "outcome"), legend: "{{outcome}}" }],
      unit: "cps",
      stack: true,
      colors: { stored: GOOD, duplicate: NEUTRAL, refused: BAD },
    }),
  )
  .withPanel(
    graph({
      title: "Answer to an upload",
      description: "Time from an upload's body being read to its answer; it waits for the disk. Agents that see seconds here fall behind.",
      span: 8,
      queries: durations("mmm_server_ingest_seconds", SERVER),
      unit: "s",
    }),
  )
  .withPanel(
    graph({
      title: "Bytes received",
      description: "Bytes of upload bodies as they came and as they were decompressed.",
      span: 8,
      queries: [{ expr: perSecond("mmm_server_ingest_body_bytes_total", SERVER, "form"), legend: "{{form}}" }],
      unit: "Bps",
    }),
  )
  .withPanel(
    graph({
      title: "Answers",
      description: "Answers each second by route and code. 429: held back by a limit; 503: refused for a while.",
      span: 8,
      queries: [{ expr: perSecond("mmm_server_http_requests_total", SERVER, "route, code"), legend: "{{route}} {{code}}" }],
      unit: "reqps",
      stack: true,
    }),
  )
  .withPanel(
    graph({
      title: "Answers that are errors",
      description: "Share of answers that are the server's own errors (5xx), by route. From 1 % on ServerErrors comes.",
      span: 8,
      queries: [
        {
          expr: orNone(
            `sum by (route) (rate(mmm_server_http_requests_total{${SERVER}, code=~"5.."}[$__rate_interval])) / sum by (route) (rate(mmm_server_http_requests_total{${SERVER}}[$__rate_interval]))`,
            "route",
          ),
          legend: "{{route}}",
        },
      ],
      unit: "percentunit",
      verdict: badFromAfter(0.001, 0.01),
    }),
  )
  .withPanel(
    graph({
      title: "Held back by a limit",
      description: "Requests answered 429, by limit, and requests with unknown keys or tokens.",
      span: 8,
      queries: [
        { expr: orNone(perSecond("mmm_server_rate_limited_total", SERVER, "limit"), "limit"), legend: "limit: {{limit}}" },
        { expr: orNone(perSecond("mmm_server_authentication_failures_total", SERVER, "for"), "for"), legend: "unknown key: {{for}}" },
      ],
      unit: "reqps",
    }),
  )
  .withRow(row("The packet log"))
  .withPanel(
    graph({
      title: "Sync of the log",
      description: "Time of one sync of the write-ahead log: how slow the disk is. Every upload waits for one.",
      span: 8,
      queries: durations("mmm_server_log_sync_seconds", SERVER),
      unit: "s",
      verdict: badFromAfter(0.1, 0.5),
    }),
  )
  .withPanel(
    graph({
      title: "Uploads in one sync",
      description: "How many uploads share a sync. It rises with the load, which is how the server keeps up.",
      span: 8,
      queries: [
        {
          expr: `sum(rate(mmm_server_log_group_uploads_sum{${SERVER}}[$__rate_interval])) / (sum(rate(mmm_server_log_group_uploads_count{${SERVER}}[$__rate_interval])) > 0)`,
          legend: "uploads",
        },
      ],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Waiting for the log",
      description: "Uploads that wait for the log's writer. A queue that does not empty ends in refusals (queue_full).",
      span: 8,
      queries: [{ expr: `sum(mmm_server_log_queue_uploads{${SERVER}})`, legend: "uploads" }],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Uploads the log refused",
      description: "Uploads not taken within 10 minutes, by reason, and times the log held writers up.",
      span: 8,
      queries: [
        { expr: orNone(`sum by (reason) (increase(mmm_server_log_failures_total{${SERVER}}[10m]))`, "reason"), legend: "refused: {{reason}}" },
        { expr: orNone(`sum by (state) (increase(mmm_server_log_stalls_total{${SERVER}}[10m]))`, "state"), legend: "held up: {{state}}" },
      ],
      unit: "short",
    }),
  )
  .withRow(row("Index and browsers"))
  .withPanel(
    graph({
      title: "Records indexed",
      description: "Records folded into the index each second, beside those stored: they should be the same curve.",
      span: 8,
      queries: [
        { expr: `sum(rate(mmm_server_projection_records_total{${SERVER}}[$__rate_interval]))`, legend: "indexed" },
        { expr: `sum(rate(mmm_server_ingest_records_total{${SERVER}, outcome="stored"}[$__rate_interval]))`, legend: "stored" },
      ],
      unit: "cps",
    }),
  )
  .withPanel(
    graph({
      title: "Index behind the log",
      description: "How far the index is behind, in time. It catches up by itself; from a minute on ProjectionBehind comes.",
      span: 8,
      queries: [{ expr: `max by (instance) (mmm_server_projection_lag_seconds{${SERVER}})`, legend: "{{instance}}" }],
      unit: "s",
      verdict: badFromAfter(10, 60),
    }),
  )
  .withPanel(
    graph({
      title: "Transaction of the index",
      description: "Duration of a transaction of the index, its records being folded included.",
      span: 8,
      queries: durations("mmm_server_projection_seconds", SERVER),
      unit: "s",
    }),
  )
  .withPanel(
    graph({
      title: "Time to the browser",
      description: "From a record's upload to its event being handed to the browsers that follow the live stream.",
      span: 8,
      queries: durations("mmm_server_live_seconds", SERVER),
      unit: "s",
      verdict: badFromAfter(1, 2),
    }),
  )
  .withPanel(
    graph({
      title: "Browsers that follow",
      description: "Browsers on the live stream now, and streams that were refused because there were too many.",
      span: 8,
      queries: [
        { expr: `sum(mmm_server_live_clients{${SERVER}})`, legend: "browsers" },
        { expr: orZero(`sum(increase(mmm_server_live_refused_total{${SERVER}}[10m]))`), legend: "refused within 10 min" },
      ],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Events of the live stream",
      description: "Events made each second, and those that were left out: burst (more than a page shows), slow_client (a browser reads too slowly).",
      span: 8,
      queries: [
        { expr: orNone(perSecond("mmm_server_live_events_total", SERVER, "type"), "type"), legend: "{{type}}" },
        { expr: orNone(perSecond("mmm_server_live_skipped_events_total", SERVER, "reason"), "reason"), legend: "left out: {{reason}}" },
      ],
      unit: "cps",
    }),
  )
  .withPanel(
    graph({
      title: "Not decoded",
      description: "Packets whose content is kept but not decoded, by reason. no_key and unknown_port are normal; malformed ones come from broken or hostile senders.",
      span: 8,
      queries: [{ expr: orNone(perSecond("mmm_server_projection_decode_errors_total", SERVER, "reason"), "reason"), legend: "{{reason}}" }],
      unit: "cps",
    }),
  )
  .withRow(row("The process"))
  .withPanel(
    graph({
      title: "Processor",
      description: "Cores that the server uses.",
      span: 8,
      queries: [{ expr: `sum by (instance) (rate(process_cpu_seconds_total{${SERVER}}[$__rate_interval]))`, legend: "{{instance}}" }],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Memory",
      description: "Memory of the server as the system counts it, and what of it the log's tables and caches have.",
      span: 8,
      queries: [
        { expr: `sum(process_resident_memory_bytes{${SERVER}})`, legend: "all" },
        { expr: `sum(mmm_server_log_memory_bytes{${SERVER}})`, legend: "the packet log's" },
      ],
      unit: "bytes",
    }),
  )
  .withPanel(
    graph({
      title: "Files and sockets",
      description: "Open files and sockets of what the process may have. From 80 % on FilesNearLimit comes.",
      span: 8,
      queries: [{ expr: `max by (instance) (process_open_fds{${SERVER}} / process_max_fds{${SERVER}})`, legend: "{{instance}}" }],
      unit: "percentunit",
      max: 1,
      verdict: thresholds(GOOD, { from: 0.8, color: WARNING }),
    }),
  )
  .withPanel(
    graph({
      title: "TLS handshakes that failed",
      description: "Connections that ended before TLS was agreed on: scanners, clients that do not trust the certificate. Rising after a renewal: agents with an old pin.",
      span: 8,
      queries: [{ expr: orZero(`sum(increase(mmm_server_tls_handshake_failures_total{${SERVER}}[10m]))`), legend: "within 10 min" }],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Log collectors",
      description: "1 while a program has a connection to its log collector; none: no program has one configured.",
      span: 8,
      queries: [{ expr: orNone("min by (instance, collector) (mmm_log_collector_connected)", "instance"), legend: "{{instance}} {{collector}}" }],
      unit: "short",
      max: 1,
    }),
  );
