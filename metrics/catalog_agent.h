#pragma once

#include "metrics/registry.h"

// The metrics of mmm-agent. Label `radio` is a section of the configuration that names a radio, which has a buffer and
// uploads of its own; `server` one that names a server; of ledger and buffer, which servers of a group share, it is
// "group:NAME" for these. All are bounded by the configuration.
namespace mmm::metrics::agent {

// ---- Link to the radio ----
inline const GaugeDefinition kLinkState{
    "mmm_agent_link_state",
    {"radio", "state"},
    "1 for the state that the link to the radio is in: connecting, ready or down; 0 for the others."};
inline const CounterDefinition kLinkOpens{"mmm_agent_link_opens_total",
                                          {"radio", "outcome"},
                                          "Attempts to open the line to the radio, by outcome (opened, failed)."};
inline const CounterDefinition kLinkHandshakes{
    "mmm_agent_link_handshakes_total",
    {"radio"},
    "Times the radio was asked for its configuration. Many more than opens: it does not answer, or restarts."};
inline const CounterDefinition kLinkReceivedBytes{
    "mmm_agent_link_received_bytes_total", {"radio"}, "Bytes received from the radio."};
inline const CounterDefinition kLinkFrames{
    "mmm_agent_link_frames_total", {"radio"}, "Whole messages received from the radio."};
inline const CounterDefinition kLinkMessages{
    "mmm_agent_link_messages_total",
    {"radio", "kind"},
    "Messages from the radio by what they are; withheld ones are read, and neither stored nor uploaded."};
inline const CounterDefinition kLinkResyncs{
    "mmm_agent_link_resyncs_total",
    {"radio"},
    "Runs of bytes outside messages: debug text at a restart, otherwise a bad cable or line noise."};
inline const CounterDefinition kLinkGarbageBytes{
    "mmm_agent_link_garbage_bytes_total", {"radio"}, "Bytes outside messages, skipped."};
inline const CounterDefinition kLinkDecodeErrors{
    "mmm_agent_link_decode_errors_total",
    {"radio", "reason"},
    "Message headers given up, by reason: not_a_message (what it led to does not parse), false_header (its length is "
    "impossible, or the line fell silent inside it)."};
inline const GaugeDefinition kLinkLastMessage{"mmm_agent_link_last_message_timestamp_seconds",
                                              {"radio"},
                                              "When the last message came from the radio, seconds since the epoch."};

// ---- Active work, only when it is configured ----
inline const CounterDefinition kTraceroutes{
    "mmm_agent_traceroutes_total",
    {"radio", "outcome"},
    "Traceroutes by outcome: sent, and of these answered, unanswered, or refused by the radio."};
inline const CounterDefinition kTraceroutesPostponed{
    "mmm_agent_traceroutes_postponed_total",
    {"radio", "reason"},
    "Times a traceroute was due and waited, by reason: budget (airtime), "
    "channel (too busy), queue (the radio's is full)."};
inline const CounterDefinition kClockSets{"mmm_agent_radio_clock_sets_total",
                                          {"radio"},
                                          "Times the radio was told the time because its clock was unset or wrong."};

// ---- Buffer ----
inline const GaugeDefinition kLedgerRecords{
    "mmm_agent_ledger_records",
    {"radio", "server", "state"},
    "Records since the buffer was made, by server and by what became of them: captured = delivered + set_aside + "
    "filtered + dropped + waiting; duplicate counts the delivered ones that the server had already."};
inline const GaugeDefinition kBufferRecords{
    "mmm_agent_buffer_records",
    {"radio", "server"},
    "Records in the buffer that wait for this server, uncommitted ones included."};
inline const GaugeDefinition kBufferOldestAge{
    "mmm_agent_buffer_oldest_age_seconds",
    {"radio", "server"},
    "Age of the oldest record that waits for this server; 0 when none does. Rises while the server cannot be reached."};
inline const GaugeDefinition kBufferBytes{
    "mmm_agent_buffer_bytes", {"radio"}, "Size of the buffer's file, its write-ahead log apart."};
inline const GaugeDefinition kBufferPending{
    "mmm_agent_buffer_pending_records", {"radio"}, "Captured records that wait for the next commit to disk."};
inline const HistogramDefinition kBufferCommitSeconds{
    "mmm_agent_buffer_commit_seconds",
    {"radio"},
    {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
    "Duration of a commit to the buffer, the sync included. Slow: the disk or SD card is worn or busy."};
inline const CounterDefinition kBufferFailures{
    "mmm_agent_buffer_failures_total",
    {"radio", "kind"},
    "Operations on the buffer's file that failed, by kind of error (disk_full, io, corrupt …); they are repeated."};

// ---- Upload ----
inline const GaugeDefinition kServerHealthy{
    "mmm_agent_server_healthy",
    {"radio", "server"},
    "1 while a server takes uploads; 0 after max_retries failures in a row, or when it refuses the key."};
inline const GaugeDefinition kServerServing{
    "mmm_agent_server_serving",
    {"radio", "server"},
    "1 for the server that records go to: with a group the one of its servers that has its turn, else always 1."};
inline const CounterDefinition kUploads{
    "mmm_agent_uploads_total", {"radio", "server", "outcome"}, "Uploads by server and outcome."};
inline const HistogramDefinition kUploadSeconds{"mmm_agent_upload_seconds",
                                                {"radio", "server"},
                                                {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30},
                                                "Duration of an upload, from the request to the server's answer."};
inline const CounterDefinition kUploadBytes{
    "mmm_agent_upload_bytes_total", {"radio", "server"}, "Bytes of upload bodies sent, as compressed."};
inline const CounterDefinition kUploadRecords{"mmm_agent_upload_records_total",
                                              {"radio", "server"},
                                              "Records sent, the ones that had to be sent again included."};

}  // namespace mmm::metrics::agent
