#pragma once

#include "metrics/registry.h"

// The metrics of mmm-server. Names follow Prometheus' conventions: base units, _total for counters.
namespace mmm::metrics::server {

// ---- HTTP ----
inline const Definition kHttpRequests{"mmm_server_http_requests_total",
                                      "HTTP requests answered, by route, method and status code."};
inline const Definition kHttpSeconds{
    "mmm_server_http_seconds",
    "Time from a request's head to the end of its answer, by route. Live streams count whole.",
    {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10}};

inline const Definition kTlsHandshakeFailures{
    "mmm_server_tls_handshake_failures_total",
    "Connections that ended before TLS was agreed on: scanners, plain HTTP on the TLS port, clients that do not trust "
    "the certificate or are too slow."};
inline const Definition kCertificateExpiry{
    "mmm_server_certificate_expiry_seconds",
    "When the certificate in use ends, in seconds since the epoch. Less than a week from now: its renewal has failed, "
    "or the server was not sent SIGHUP after it."};

// ---- Access ----
inline const Definition kAuthenticationFailures{
    "mmm_server_authentication_failures_total",
    "Requests with an unknown key or token, by what they wanted: upload, read. Rising steadily: an agent has a wrong "
    "key, or somebody guesses."};
inline const Definition kRateLimited{
    "mmm_server_rate_limited_total",
    "Requests answered 429, by limit: requests (of an address), uploads and records (of a key), failed_attempts (of an "
    "address). See [limits] in docs/configuration.md."};
inline const Definition kRateBucketsEvicted{
    "mmm_server_rate_buckets_evicted_total",
    "Addresses and keys whose rate was forgotten because there were too many. Rising: requests come from very many "
    "addresses."};
inline const Definition kReloads{
    "mmm_server_reloads_total",
    "Times that SIGHUP was answered, by outcome: applied, refused (a mistake; the old configuration goes on)."};

// ---- Receiving ----
inline const Definition kIngestRecords{
    "mmm_server_ingest_records_total",
    "Records of accepted uploads, by outcome: stored, duplicate (already there), refused (set aside by the agent)."};
inline const Definition kIngestBytes{"mmm_server_ingest_body_bytes_total",
                                     "Bytes of upload bodies, by form: received (as sent) and decoded (decompressed)."};
inline const Definition kIngestSeconds{
    "mmm_server_ingest_seconds",
    "Time from an upload's body being read to its answer, the wait for the disk included.",
    {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5}};

inline const Definition kPythonEntries{
    "mmm_server_python_entries_total",
    "Entries (packets, nodes, routes, registrations) in accepted bodies of agents of the Python version, by outcome: "
    "stored, duplicate (sent again, or nothing new), refused (no JSON object, or too long)."};
inline const Definition kPythonRemembered{
    "mmm_server_python_remembered_entries",
    "Entries of agents of the Python version that are remembered, so that what they send again is not stored again."};

// ---- Packet log ----
inline const Definition kLogAppendSeconds{"mmm_server_log_append_seconds",
                                          "Time of an upload from the writer's queue until it is durable.",
                                          {0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2}};
inline const Definition kLogSyncSeconds{"mmm_server_log_sync_seconds",
                                        "Time of one sync of the write-ahead log: how slow the disk is.",
                                        {0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2}};
inline const Definition kLogGroupUploads{
    "mmm_server_log_group_uploads", "Uploads that one sync made durable.", {1, 2, 4, 8, 16, 32, 64, 128, 256}};
inline const Definition kLogQueueUploads{"mmm_server_log_queue_uploads", "Uploads that wait for the log's writer."};
inline const Definition kLogQueueBytes{"mmm_server_log_queue_bytes",
                                       "Bytes of the uploads that wait for the log's writer."};
inline const Definition kLogWrittenBytes{"mmm_server_log_written_bytes_total", "Bytes of chunks written to the log."};
inline const Definition kLogFailures{"mmm_server_log_failures_total",
                                     "Uploads that the log did not take, by reason: queue_full, disk_full, "
                                     "too_many_streams (an agent or a buffer of one "
                                     "beyond what a server takes; the log names it), io, closed."};
inline const Definition kLogStalls{
    "mmm_server_log_stalls_total",
    "Times that the log's engine slowed or stopped writing because flushes fell behind, by state."};
inline const Definition kLogBackgroundErrors{
    "mmm_server_log_background_errors_total",
    "Failures of the log's flushes and compactions. More than 0: look at the log."};
inline const Definition kLogBytes{"mmm_server_log_bytes", "Bytes of the packet log on disk, by part: tables, wal."};
inline const Definition kLogMemoryBytes{"mmm_server_log_memory_bytes", "Memory of the log's memtables and caches."};
inline const Definition kLogFreeBytes{
    "mmm_server_log_free_bytes",
    "Free bytes of the file system that holds the log. Uploads are refused when little is left."};

inline const Definition kLogTrimmed{
    "mmm_server_log_trimmed_seconds",
    "Time since 1970 up to which retention has removed records from the log; 0: nothing was removed."};

// ---- Projection ----
inline const Definition kProjectionRecords{"mmm_server_projection_records_total",
                                           "Records folded into the index since the start."};
inline const Definition kProjectionPackets{"mmm_server_projection_packets_total",
                                           "Unique packets heard over the air, folded into the index."};
inline const Definition kProjectionReceptions{
    "mmm_server_projection_receptions_total",
    "Packet records folded into the index, by how they came: heard (over the air), replayed (cached by the radio), "
    "mqtt, udp, own (of the agent's radio), simulated (ignored)."};
inline const Definition kProjectionDecodeErrors{
    "mmm_server_projection_decode_errors_total",
    "Packets and records whose content is kept but not decoded, by reason. no_key and unknown_port are normal; the "
    "malformed ones come from broken or hostile senders."};
inline const Definition kProjectionLagRecords{
    "mmm_server_projection_lag_records",
    "Durable records that are not in the index yet; an estimate while it catches up with an old log."};
inline const Definition kProjectionLagSeconds{
    "mmm_server_projection_lag_seconds",
    "How much older the oldest record that is not in the index is than the newest in the log. Rising: uploads come "
    "faster than the index takes them."};
inline const Definition kProjectionRetries{
    "mmm_server_projection_retries_total",
    "Transactions of the index that failed because the disk was full, and were tried again."};
inline const Definition kProjectionRebuilds{"mmm_server_projection_rebuilds_total",
                                            "Times that the index was built again from the log since the start."};
inline const Definition kIndexTrimmedRows{
    "mmm_server_index_trimmed_rows_total",
    "Rows that retention has removed from the index since the start ([retention] in the configuration)."};
inline const Definition kIndexRebuildShare{
    "mmm_server_index_rebuild_ratio",
    "How much of the index that is being made anew beside the serving one is done, 0 to 1; 0 when none is being made."};
inline const Definition kIndexBytes{"mmm_server_index_bytes", "Bytes of the index on disk, its WAL included."};

// ---- Reading ----
inline const Definition kExports{
    "mmm_server_exports_total",
    "Exports, by outcome: whole, cut (the client went away or did not read), failed (the index could not be read; the "
    "log says why), refused (too many at one time)."};
inline const Definition kExportBytes{"mmm_server_export_bytes_total", "Bytes of exports sent, after compression."};

// ---- Live stream ----
inline const Definition kLiveClients{"mmm_server_live_clients", "Browsers that follow the live stream now."};
inline const Definition kLiveEvents{"mmm_server_live_events_total", "Events made for the live stream, by type."};
inline const Definition kLiveSkipped{
    "mmm_server_live_skipped_events_total",
    "Events that were not sent, by reason: slow_client (one browser reads too slowly), burst (more happened than the "
    "live stream shows; the index has it all)."};
inline const Definition kLiveRefused{"mmm_server_live_refused_total",
                                     "Live streams that were refused because there were too many already."};

}  // namespace mmm::metrics::server
