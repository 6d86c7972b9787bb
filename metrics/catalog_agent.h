#pragma once

#include "metrics/registry.h"

// The metrics of mmm-agent. Label `radio` is a section of the configuration that names a radio, which has a buffer and
// uploads of its own; `server` one that names a server; of ledger and buffer, which servers of a group share, it is
// "group:NAME" for these. All are bounded by the configuration.
namespace mmm::metrics::agent {

// ---- Link to the radio ----
inline const Definition kLinkState{
    "mmm_agent_link_state",
    "1 for the state that the link to the radio is in: connecting, ready or down; 0 for the others."};
inline const Definition kLinkOpens{"mmm_agent_link_opens_total",
                                   "Attempts to open the line to the radio, by outcome (opened, failed)."};
inline const Definition kLinkHandshakes{
    "mmm_agent_link_handshakes_total",
    "Times the radio was asked for its configuration. Many more than opens: it does not answer, or restarts."};
inline const Definition kLinkReceivedBytes{"mmm_agent_link_received_bytes_total", "Bytes received from the radio."};
inline const Definition kLinkFrames{"mmm_agent_link_frames_total", "Whole messages received from the radio."};
inline const Definition kLinkMessages{
    "mmm_agent_link_messages_total",
    "Messages from the radio by what they are; withheld ones are read, and neither stored nor uploaded."};
inline const Definition kLinkResyncs{
    "mmm_agent_link_resyncs_total",
    "Runs of bytes outside messages: debug text at a restart, otherwise a bad cable or line noise."};
inline const Definition kLinkGarbageBytes{"mmm_agent_link_garbage_bytes_total", "Bytes outside messages, skipped."};
inline const Definition kLinkDecodeErrors{
    "mmm_agent_link_decode_errors_total",
    "Message headers given up, by reason: not_a_message (what it led to does not parse), false_header (its length is "
    "impossible, or the line fell silent inside it)."};
inline const Definition kLinkLastMessage{"mmm_agent_link_last_message_timestamp_seconds",
                                         "When the last message came from the radio, seconds since the epoch."};

// ---- Active work, only when it is configured ----
inline const Definition kTraceroutes{
    "mmm_agent_traceroutes_total",
    "Traceroutes by outcome: sent, and of these answered, unanswered, or refused by the radio."};
inline const Definition kTraceroutesPostponed{"mmm_agent_traceroutes_postponed_total",
                                              "Times a traceroute was due and waited, by reason: budget (airtime), "
                                              "channel (too busy), queue (the radio's is full)."};
inline const Definition kClockSets{"mmm_agent_radio_clock_sets_total",
                                   "Times the radio was told the time because its clock was unset or wrong."};

// ---- Buffer ----
inline const Definition kLedgerRecords{
    "mmm_agent_ledger_records",
    "Records since the buffer was made, by server and by what became of them: captured = delivered + set_aside + "
    "filtered + dropped + waiting; duplicate counts the delivered ones that the server had already."};
inline const Definition kBufferRecords{"mmm_agent_buffer_records",
                                       "Records in the buffer that wait for this server, uncommitted ones included."};
inline const Definition kBufferOldestAge{
    "mmm_agent_buffer_oldest_age_seconds",
    "Age of the oldest record that waits for this server; 0 when none does. Rises while the server cannot be reached."};
inline const Definition kBufferBytes{"mmm_agent_buffer_bytes", "Size of the buffer's file, its write-ahead log apart."};
inline const Definition kBufferPending{"mmm_agent_buffer_pending_records",
                                       "Captured records that wait for the next commit to disk."};
inline const Definition kBufferCommitSeconds{
    "mmm_agent_buffer_commit_seconds",
    "Duration of a commit to the buffer, the sync included. Slow: the disk or SD card is worn or busy.",
    {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}};
inline const Definition kBufferFailures{
    "mmm_agent_buffer_failures_total",
    "Operations on the buffer's file that failed, by kind of error (disk_full, io, corrupt …); they are repeated."};

// ---- Upload ----
inline const Definition kServerHealthy{
    "mmm_agent_server_healthy",
    "1 while a server takes uploads; 0 after max_retries failures in a row, or when it refuses the key."};
inline const Definition kServerServing{
    "mmm_agent_server_serving",
    "1 for the server that records go to: with a group the one of its servers that has its turn, else always 1."};
inline const Definition kUploads{"mmm_agent_uploads_total", "Uploads by server and outcome."};
inline const Definition kUploadSeconds{"mmm_agent_upload_seconds",
                                       "Duration of an upload, from the request to the server's answer.",
                                       {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}};
inline const Definition kUploadBytes{"mmm_agent_upload_bytes_total", "Bytes of upload bodies sent, as compressed."};
inline const Definition kUploadRecords{"mmm_agent_upload_records_total",
                                       "Records sent, the ones that had to be sent again included."};

}  // namespace mmm::metrics::agent
