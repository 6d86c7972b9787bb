#pragma once

#include "metrics/registry.h"

// The metrics of mmm-server. Names follow Prometheus' conventions: base units, _total for counters.
namespace mmm::metrics::server {

// ---- Receiving ----
inline const Definition kIngestRequests{
    "mmm_server_ingest_requests_total",
    "Uploads answered, by HTTP status code. 401 and 403: a key is wrong; 503: the log cannot take more."};
inline const Definition kIngestRecords{
    "mmm_server_ingest_records_total",
    "Records of accepted uploads, by outcome: stored, duplicate (already there), refused (set aside by the agent)."};
inline const Definition kIngestBytes{"mmm_server_ingest_body_bytes_total",
                                     "Bytes of upload bodies, by form: received (as sent) and decoded (decompressed)."};
inline const Definition kIngestSeconds{
    "mmm_server_ingest_seconds",
    "Time from an upload's body being read to its answer, the wait for the disk included.",
    {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5}};

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
inline const Definition kLogFailures{
    "mmm_server_log_failures_total",
    "Uploads that the log did not take, by reason: queue_full, disk_full, io, closed."};
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

}  // namespace mmm::metrics::server
