#pragma once

#include "metrics/registry.h"

// The metrics of mmm-server. Names follow Prometheus' conventions: base units, _total for counters.
namespace mmm::metrics::server {

// ---- HTTP ----
inline const CounterDefinition kHttpRequests{"mmm_server_http_requests_total",
                                             {"route", "method", "code"},
                                             "HTTP requests answered, by route, method and status code."};
inline const HistogramDefinition kHttpSeconds{
    "mmm_server_http_seconds",
    {"route"},
    {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10},
    "Time from a request's head to the end of its answer, by route. Live streams count whole."};

inline const CounterDefinition kTlsHandshakeFailures{
    "mmm_server_tls_handshake_failures_total",
    {},
    "Connections that ended before TLS was agreed on: scanners, plain HTTP on the TLS port, clients that do not trust "
    "the certificate or are too slow."};
inline const GaugeDefinition kCertificateExpiry{
    "mmm_server_certificate_expiry_seconds",
    {},
    "When the certificate in use ends, in seconds since the epoch. Less than a week from now: its renewal has failed, "
    "or the server was not sent SIGHUP after it."};

// ---- Access ----
inline const CounterDefinition kAuthenticationFailures{
    "mmm_server_authentication_failures_total",
    {"for"},
    "Requests with an unknown key or token, by what they wanted: upload, read. Rising steadily: an agent has a wrong "
    "key, or somebody guesses."};
inline const CounterDefinition kRateLimited{
    "mmm_server_rate_limited_total",
    {"limit"},
    "Requests answered 429, by limit: requests (of an address), uploads and records (of a key), failed_attempts (of an "
    "address). See [limits] in docs/configuration.md."};
inline const CounterDefinition kRateBucketsEvicted{
    "mmm_server_rate_buckets_evicted_total",
    {},
    "Addresses and keys whose rate was forgotten because there were too many. Rising: requests come from very many "
    "addresses."};
inline const CounterDefinition kReloads{
    "mmm_server_reloads_total",
    {"outcome"},
    "Times that SIGHUP was answered, by outcome: applied, refused (a mistake; the old configuration goes on)."};

// ---- Receiving ----
inline const CounterDefinition kIngestRecords{
    "mmm_server_ingest_records_total",
    {"outcome"},
    "Records of accepted uploads, by outcome: stored, duplicate (already there), refused (set aside by the agent)."};
inline const CounterDefinition kIngestBytes{
    "mmm_server_ingest_body_bytes_total",
    {"form"},
    "Bytes of upload bodies, by form: received (as sent) and decoded (decompressed)."};
inline const HistogramDefinition kIngestSeconds{
    "mmm_server_ingest_seconds",
    {},
    {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5},
    "Time from an upload's body being read to its answer, the wait for the disk included."};

inline const HistogramDefinition kRecordAge{
    "mmm_server_record_age_seconds",
    {},
    {1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600, 21600, 86400, 604800},
    "Age of a record when its upload came, from its arrival at the agent, by the agent's clock; those stored, each "
    "once. "
    "Beyond 60 s: the objective of being fresh is missed, because an agent or its uplink was away."};
inline const CounterDefinition kAgentRecords{"mmm_server_agent_records_total",
                                             {"agent", "freshness"},
                                             "Records stored, by agent and whether they were fresh (at most 60 s old "
                                             "when they came) or late. Agents beyond [metrics] "
                                             "agents_max are counted together as 'other'."};

inline const CounterDefinition kPythonEntries{
    "mmm_server_python_entries_total",
    {"outcome"},
    "Entries (packets, nodes, routes, registrations) in accepted bodies of agents of the Python version, by outcome: "
    "stored, duplicate (sent again, or nothing new), refused (no JSON object, or too long)."};
inline const GaugeDefinition kPythonRemembered{
    "mmm_server_python_remembered_entries",
    {},
    "Entries of agents of the Python version that are remembered, so that what they send again is not stored again."};

// ---- Packet log ----
inline const HistogramDefinition kLogAppendSeconds{"mmm_server_log_append_seconds",
                                                   {},
                                                   {0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2},
                                                   "Time of an upload from the writer's queue until it is durable."};
inline const HistogramDefinition kLogSyncSeconds{"mmm_server_log_sync_seconds",
                                                 {},
                                                 {0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2},
                                                 "Time of one sync of the write-ahead log: how slow the disk is."};
inline const HistogramDefinition kLogGroupUploads{
    "mmm_server_log_group_uploads", {}, {1, 2, 4, 8, 16, 32, 64, 128, 256}, "Uploads that one sync made durable."};
inline const GaugeDefinition kLogQueueUploads{
    "mmm_server_log_queue_uploads", {}, "Uploads that wait for the log's writer."};
inline const GaugeDefinition kLogQueueBytes{
    "mmm_server_log_queue_bytes", {}, "Bytes of the uploads that wait for the log's writer."};
inline const CounterDefinition kLogWrittenBytes{
    "mmm_server_log_written_bytes_total", {}, "Bytes of chunks written to the log."};
inline const CounterDefinition kLogFailures{"mmm_server_log_failures_total",
                                            {"reason"},
                                            "Uploads that the log did not take, by reason: queue_full, disk_full, "
                                            "too_many_streams (an agent or a buffer of one "
                                            "beyond what a server takes; the log names it), io, closed."};
inline const CounterDefinition kLogStalls{
    "mmm_server_log_stalls_total",
    {"state"},
    "Times that the log's engine slowed or stopped writing because flushes fell behind, by state."};
inline const CounterDefinition kLogBackgroundErrors{
    "mmm_server_log_background_errors_total",
    {},
    "Failures of the log's flushes and compactions. More than 0: look at the log."};
inline const GaugeDefinition kLogBytes{
    "mmm_server_log_bytes", {"part"}, "Bytes of the packet log on disk, by part: tables, wal."};
inline const GaugeDefinition kLogMemoryBytes{
    "mmm_server_log_memory_bytes", {}, "Memory of the log's memtables and caches."};
inline const GaugeDefinition kLogFreeBytes{
    "mmm_server_log_free_bytes",
    {},
    "Free bytes of the file system that holds the log. Uploads are refused when little is left."};

inline const GaugeDefinition kLogTrimmed{
    "mmm_server_log_trimmed_seconds",
    {},
    "Time since 1970 up to which retention has removed records from the log; 0: nothing was removed."};

// ---- Projection ----
inline const CounterDefinition kProjectionRecords{
    "mmm_server_projection_records_total", {}, "Records folded into the index since the start."};
inline const CounterDefinition kProjectionPackets{
    "mmm_server_projection_packets_total", {}, "Unique packets heard over the air, folded into the index."};
inline const CounterDefinition kProjectionReceptions{
    "mmm_server_projection_receptions_total",
    {"way"},
    "Packet records folded into the index, by how they came: heard (over the air), replayed (cached by the radio), "
    "mqtt, udp, own (of the agent's radio), simulated (ignored)."};
inline const CounterDefinition kProjectionDecodeErrors{
    "mmm_server_projection_decode_errors_total",
    {"reason"},
    "Packets and records whose content is kept but not decoded, by reason. no_key and unknown_port are normal; the "
    "malformed ones come from broken or hostile senders."};
inline const HistogramDefinition kProjectionSeconds{
    "mmm_server_projection_seconds",
    {},
    {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5},
    "Duration of a transaction of the index, its records being folded included."};
inline const CounterDefinition kMeshPackets{
    "mmm_server_mesh_packets_total",
    {"port", "channel", "region"},
    "Unique packets heard over the air, by what they are (TEXT_MESSAGE_APP …; NOT_DECODED), the name of their channel "
    "at the "
    "radio that heard them first, and that radio's region. Beyond 500 combinations: 'other'."};
inline const GaugeDefinition kProjectionLagRecords{
    "mmm_server_projection_lag_records",
    {},
    "Durable records that are not in the index yet; an estimate while it catches up with an old log."};
inline const GaugeDefinition kProjectionLagSeconds{
    "mmm_server_projection_lag_seconds",
    {},
    "How much older the oldest record that is not in the index is than the newest in the log. Rising: uploads come "
    "faster than the index takes them."};
inline const CounterDefinition kProjectionRetries{
    "mmm_server_projection_retries_total",
    {},
    "Transactions of the index that failed because the disk was full, and were tried again."};
inline const CounterDefinition kProjectionRebuilds{
    "mmm_server_projection_rebuilds_total", {}, "Times that the index was built again from the log since the start."};
inline const CounterDefinition kIndexTrimmedRows{
    "mmm_server_index_trimmed_rows_total",
    {},
    "Rows that retention has removed from the index since the start ([retention] in the configuration)."};
inline const GaugeDefinition kIndexRebuildShare{
    "mmm_server_index_rebuild_ratio",
    {},
    "How much of the index that is being made anew beside the serving one is done, 0 to 1; 0 when none is being made."};
inline const GaugeDefinition kIndexBytes{"mmm_server_index_bytes", {}, "Bytes of the index on disk, its WAL included."};

// ---- Reading ----
inline const CounterDefinition kExports{
    "mmm_server_exports_total",
    {"outcome"},
    "Exports, by outcome: whole, cut (the client went away or did not read), failed (the index could not be read; the "
    "log says why), refused (too many at one time)."};
inline const CounterDefinition kExportBytes{
    "mmm_server_export_bytes_total", {}, "Bytes of exports sent, after compression."};

// ---- Live stream ----
inline const HistogramDefinition kLiveSeconds{"mmm_server_live_seconds",
                                              {},
                                              {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10},
                                              "Time from a record's upload to its event being handed to the browsers "
                                              "that follow the live stream; the oldest record of "
                                              "each batch of them."};
inline const GaugeDefinition kLiveClients{"mmm_server_live_clients", {}, "Browsers that follow the live stream now."};
inline const CounterDefinition kLiveEvents{
    "mmm_server_live_events_total", {"type"}, "Events made for the live stream, by type."};
inline const CounterDefinition kLiveSkipped{
    "mmm_server_live_skipped_events_total",
    {"reason"},
    "Events that were not sent, by reason: slow_client (one browser reads too slowly), burst (more happened than the "
    "live stream shows; the index has it all)."};
inline const CounterDefinition kLiveRefused{
    "mmm_server_live_refused_total", {}, "Live streams that were refused because there were too many already."};

// ---- Fleet and mesh, as the index knows them at the scrape ----
// Each agent and node is a series of its own up to [metrics] agents_max and nodes_max: those that uploaded, or were
// heard, last.
inline const GaugeDefinition kAgents{"mmm_server_agents",
                                     {"state"},
                                     "Agents by state: online (uploaded within 5 minutes and with a radio), radio_away "
                                     "(uploaded, and its radio is away), offline."};
inline const GaugeDefinition kAgentsWithoutSeries{
    "mmm_server_agents_without_series", {}, "Agents beyond [metrics] agents_max, which have no series of their own."};
inline const GaugeDefinition kAgentInfo{"mmm_server_agent_info",
                                        {"agent", "location", "version", "region", "hardware"},
                                        "Always 1; its labels say what an agent is."};
inline const GaugeDefinition kAgentLastUpload{
    "mmm_server_agent_last_upload_timestamp_seconds",
    {"agent"},
    "When the agent uploaded last, seconds since the epoch. More than 5 minutes ago: it is down, or its uplink is."};
inline const GaugeDefinition kAgentLinkReady{
    "mmm_server_agent_link_ready",
    {"agent"},
    "1 while all radios of the agent are connected, as it said last; 0: one is away."};
inline const GaugeDefinition kAgentWaiting{"mmm_server_agent_waiting_records",
                                           {"agent"},
                                           "Records that waited in the agent's buffers for this server, as of its last "
                                           "upload. Rising: the uplink is slower than the radio."};
inline const GaugeDefinition kAgentLost{"mmm_server_agent_lost_records",
                                        {"agent"},
                                        "Records that the agent's buffers gave up unsent, because they were full or "
                                        "too old. More than 0: lost. Begins anew with a new buffer."};
inline const GaugeDefinition kAgentSetAside{
    "mmm_server_agent_set_aside_records",
    {"agent"},
    "Records that this server refused for good; the agent keeps them. mmm-agent status says why."};
inline const CounterDefinition kAgentReceptions{"mmm_server_agent_receptions_total",
                                                {"agent"},
                                                "Packets that the agent's radios heard over the air, since the first."};
inline const GaugeDefinition kAgentClockSkew{"mmm_server_agent_clock_skew_seconds",
                                             {"agent"},
                                             "The agent's clock minus the server's, the way of an upload included. "
                                             "Beyond some seconds: times of its packets are wrong."};
// What agents tell with their uploads, about once a minute: for where Prometheus cannot reach them. An agent that was
// silent for 10 minutes has none of these.
inline const GaugeDefinition kAgentResidentBytes{
    "mmm_server_agent_resident_memory_bytes", {"agent"}, "Memory of the agent's program, as it told last."};
inline const CounterDefinition kAgentCpuSeconds{
    "mmm_server_agent_cpu_seconds_total",
    {"agent"},
    "CPU time of the agent's program, as it told last. Begins anew with it."};
inline const GaugeDefinition kAgentBufferBytes{
    "mmm_server_agent_buffer_bytes",
    {"agent", "radio"},
    "Size of the file of the radio's buffer at the agent. Rises while records wait; [buffer] max_size bounds it."};
inline const GaugeDefinition kAgentOldestAge{
    "mmm_server_agent_oldest_record_age_seconds",
    {"agent", "radio"},
    "Age of the oldest record that waited at the agent for this server; 0: none did."};
inline const CounterDefinition kAgentBufferFailures{
    "mmm_server_agent_buffer_failures_total",
    {"agent", "radio"},
    "Operations on the buffer's file at the agent that failed. Rising: its disk is full or broken."};
inline const CounterDefinition kAgentFailedOpens{"mmm_server_agent_link_failed_opens_total",
                                                 {"agent", "radio"},
                                                 "Attempts to open the line to the radio that failed at the agent."};
inline const CounterDefinition kAgentGarbageBytes{
    "mmm_server_agent_link_garbage_bytes_total",
    {"agent", "radio"},
    "Bytes outside messages that the agent read from the radio: a bad cable, line noise, or debug text."};
inline const GaugeDefinition kAgentLastMessage{"mmm_server_agent_link_last_message_timestamp_seconds",
                                               {"agent", "radio"},
                                               "When the radio said something to the agent last, seconds since the "
                                               "epoch by the agent's clock; 0: not since the start."};
inline const GaugeDefinition kNodes{
    "mmm_server_nodes", {"state"}, "Nodes of the mesh by state: online (heard within 2 hours), offline."};
inline const GaugeDefinition kNodesWithoutSeries{
    "mmm_server_nodes_without_series", {}, "Nodes beyond [metrics] nodes_max, which have no series of their own."};
inline const GaugeDefinition kNodeInfo{"mmm_server_node_info",
                                       {"node", "name", "role", "hardware"},
                                       "Always 1; its labels say what a node says of itself."};
inline const GaugeDefinition kNodeLastHeard{
    "mmm_server_node_last_heard_timestamp_seconds", {"node"}, "When the node was heard last, seconds since the epoch."};
inline const GaugeDefinition kNodeBattery{
    "mmm_server_node_battery_ratio",
    {"node"},
    "Charge of the node's battery, 0 to 1, as it told last; above 1: external power."};
inline const GaugeDefinition kNodeChannelUtilization{
    "mmm_server_node_channel_utilization_ratio",
    {"node"},
    "Share of the time that the channel is busy where the node is, 0 to 1, as it told last. Above 0.25 nodes hold back "
    "what they send."};
inline const GaugeDefinition kNodeAirUtilTx{
    "mmm_server_node_air_util_tx_ratio",
    {"node"},
    "Share of the last hour that the node spent sending, 0 to 1, as it told last."};
inline const GaugeDefinition kNodeSnr{
    "mmm_server_node_snr_decibels",
    {"node"},
    "Signal-to-noise ratio of the newest reception of the node without a hop between."};

}  // namespace mmm::metrics::server
