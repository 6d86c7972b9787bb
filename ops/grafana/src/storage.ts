import { BAD, GOOD, SERIOUS, badFromAfter, goodFromAfter, thresholds } from "./colors";
import { frame, row } from "./frame";
import { figure, graph } from "./panels";
import { SERVER, orNone, orZero, perSecond } from "./queries";

// Without the file systems that live in memory or are images.
const DISKS = 'job="node", fstype!~"tmpfs|ramfs|overlay|squashfs|nsfs|fuse.*|9p"';
const DAYS = 86400;

export const storage = frame({
  uid: "mmm-storage",
  title: "Storage and capacity",
  description: "For how long is there room, what takes it, and is the machine large enough?",
  alerts: "Disk.+|LogDamaged|LogStalls|ProjectionRetries",
  page: { title: "Pages", path: "/" },
  from: "now-7d",
})
  .withRow(row("Room"))
  .withPanel(
    figure({
      title: "Free disk",
      description: "Free bytes where the packet log is. With less than [server] free_space_min (512 MiB) uploads are refused.",
      span: 6,
      query: { expr: `min(mmm_server_log_free_bytes{${SERVER}})`, legend: "" },
      unit: "bytes",
      verdict: thresholds(BAD, { from: 2 ** 30, color: SERIOUS }, { from: 10 * 2 ** 30, color: GOOD }),
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "Days until the disk is full",
      description: "At the pace of the last six hours, until uploads are refused. 10,000: it does not fill.",
      span: 6,
      query: {
        expr: `clamp_max(min((mmm_server_log_free_bytes{${SERVER}} - 2 ^ 29) / clamp_min(-deriv(mmm_server_log_free_bytes{${SERVER}}[6h]), 1) / ${DAYS}), 10000)`,
        legend: "",
      },
      unit: "d",
      decimals: 0,
      verdict: goodFromAfter(7, 30),
    }),
  )
  .withPanel(
    figure({
      title: "Log and index",
      description: "What the packet log and the index take.",
      span: 6,
      query: { expr: `sum(mmm_server_log_bytes{${SERVER}}) + sum(mmm_server_index_bytes{${SERVER}})`, legend: "" },
      unit: "bytes",
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "Index being made anew",
      description: "How much of an index that is being made beside the serving one is done; 0 when none is.",
      span: 6,
      query: { expr: `max(mmm_server_index_rebuild_ratio{${SERVER}})`, legend: "" },
      unit: "percentunit",
      decimals: 0,
    }),
  )
  .withPanel(
    graph({
      title: "What takes the room",
      description: "Bytes on disk: tables and write-ahead log of the packet log, and the index. mmm-server storage has each table.",
      span: 12,
      queries: [
        { expr: `sum by (part) (mmm_server_log_bytes{${SERVER}})`, legend: "log: {{part}}" },
        { expr: `sum(mmm_server_index_bytes{${SERVER}})`, legend: "index" },
      ],
      unit: "bytes",
      stack: true,
    }),
  )
  .withPanel(
    graph({
      title: "Free disk, and in a week",
      description: "Free bytes, and what will be left in a week at the pace of the last six hours. Below 512 MiB uploads are refused.",
      span: 12,
      queries: [
        { expr: `min(mmm_server_log_free_bytes{${SERVER}})`, legend: "free" },
        { expr: `clamp_min(min(predict_linear(mmm_server_log_free_bytes{${SERVER}}[6h], 7 * ${DAYS})), 0)`, legend: "in a week" },
      ],
      unit: "bytes",
      verdict: thresholds(BAD, { from: 2 ** 29, color: GOOD }),
    }),
  )
  .withPanel(
    graph({
      title: "Written",
      description: "Bytes that come each second as bodies of uploads, and that are written to the log.",
      span: 8,
      queries: [
        { expr: `sum(rate(mmm_server_ingest_body_bytes_total{${SERVER}, form="received"}[$__rate_interval]))`, legend: "received" },
        { expr: `sum(rate(mmm_server_log_written_bytes_total{${SERVER}}[$__rate_interval]))`, legend: "written to the log" },
      ],
      unit: "Bps",
    }),
  )
  .withPanel(
    graph({
      title: "Bytes a record",
      description: "What a record takes in the packet log before its tables are compacted.",
      span: 8,
      queries: [
        {
          expr: `sum(rate(mmm_server_log_written_bytes_total{${SERVER}}[$__rate_interval])) / (sum(rate(mmm_server_ingest_records_total{${SERVER}, outcome="stored"}[$__rate_interval])) > 0)`,
          legend: "bytes",
        },
      ],
      unit: "bytes",
    }),
  )
  .withPanel(
    graph({
      title: "Removed by retention",
      description: "Rows that retention removes from the index each second ([retention] in the configuration).",
      span: 8,
      queries: [{ expr: orZero(`sum(rate(mmm_server_index_trimmed_rows_total{${SERVER}}[$__rate_interval]))`), legend: "rows" }],
      unit: "cps",
    }),
  )
  .withRow(row("Trouble"))
  .withPanel(
    graph({
      title: "Failures of log and index",
      description: "Failed flushes and compactions of the log, transactions of the index that found a full disk, indexes made anew. All should be zero.",
      span: 12,
      queries: [
        { expr: orZero(`sum(increase(mmm_server_log_background_errors_total{${SERVER}}[10m]))`), legend: "flushes and compactions" },
        { expr: orZero(`sum(increase(mmm_server_projection_retries_total{${SERVER}}[10m]))`), legend: "transactions of the index" },
        { expr: orZero(`sum(mmm_server_projection_rebuilds_total{${SERVER}})`), legend: "indexes made anew since the start" },
      ],
      unit: "short",
    }),
  )
  .withPanel(
    graph({
      title: "Writers held up",
      description: "Times within 10 minutes that the log slowed or stopped writers because flushes fell behind.",
      span: 12,
      queries: [{ expr: orNone(`sum by (state) (increase(mmm_server_log_stalls_total{${SERVER}}[10m]))`, "state"), legend: "{{state}}" }],
      unit: "short",
    }),
  )
  .withRow(row("Reading"))
  .withPanel(
    graph({
      title: "Exports",
      description: "Bytes of exports sent each second.",
      span: 12,
      queries: [{ expr: orZero(`sum(rate(mmm_server_export_bytes_total{${SERVER}}[$__rate_interval]))`), legend: "bytes" }],
      unit: "Bps",
    }),
  )
  .withPanel(
    graph({
      title: "Pages and API",
      description: "The slowest routes: 95 of 100 answers take less. Live streams count whole and are left out.",
      span: 12,
      queries: [
        {
          expr: `topk(8, histogram_quantile(0.95, sum by (route, le) (rate(mmm_server_http_seconds_bucket{${SERVER}, route!~".*(live|stream).*"}[$__rate_interval]))))`,
          legend: "{{route}}",
        },
      ],
      unit: "s",
    }),
  )
  .withRow(row("The machine"))
  .withPanel(
    graph({
      title: "CPU",
      description: "Share of the machine's cores that is busy, by what with. iowait: it waits for the disk.",
      span: 8,
      queries: [
        {
          expr: `sum by (mode) (rate(node_cpu_seconds_total{job="node", mode!~"idle|guest.*"}[$__rate_interval])) / scalar(count(count by (instance, cpu) (node_cpu_seconds_total{job="node"})))`,
          legend: "{{mode}}",
        },
      ],
      unit: "percentunit",
      stack: true,
      max: 1,
    }),
  )
  .withPanel(
    graph({
      title: "Memory of the machine",
      description: "Share of the machine's memory that is in use, caches left out.",
      span: 8,
      queries: [
        { expr: `1 - node_memory_MemAvailable_bytes{job="node"} / node_memory_MemTotal_bytes{job="node"}`, legend: "{{instance}}" },
      ],
      unit: "percentunit",
      max: 1,
      verdict: badFromAfter(0.8, 0.95),
    }),
  )
  .withPanel(
    graph({
      title: "Disk busy",
      description: "Share of the time that a disk has work to do. Near 100 % every sync waits.",
      span: 8,
      queries: [
        { expr: `topk(5, rate(node_disk_io_time_seconds_total{job="node"}[$__rate_interval]))`, legend: "{{device}}" },
      ],
      unit: "percentunit",
      verdict: badFromAfter(0.7, 0.95),
    }),
  )
  .withPanel(
    graph({
      title: "File systems",
      description: "Share of each file system that is used.",
      span: 12,
      queries: [
        { expr: `1 - min by (instance, device) (node_filesystem_avail_bytes{${DISKS}} / node_filesystem_size_bytes{${DISKS}})`, legend: "{{device}}" },
      ],
      unit: "percentunit",
      max: 1,
      verdict: badFromAfter(0.8, 0.95),
    }),
  )
  .withPanel(
    graph({
      title: "Network",
      description: "Bytes a second in and out.",
      span: 12,
      queries: [
        { expr: perSecond("node_network_receive_bytes_total", 'job="node", device!="lo"', "device"), legend: "in {{device}}" },
        { expr: perSecond("node_network_transmit_bytes_total", 'job="node", device!="lo"', "device"), legend: "out {{device}}" },
      ],
      unit: "Bps",
    }),
  );
