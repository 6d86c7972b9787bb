#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

// Every bound of the system, with its unit and its reason. A loop, queue or buffer whose bound is not here has none.
namespace mmm::limits {

using namespace std::chrono_literals;

// ---- Radio link (PROTOCOL: the firmware's own bounds) ----
// One FromRadio or ToRadio message on the stream; a longer length field is a false header.
inline constexpr std::size_t kFramePayloadBytesMax = 512;
// A header with a plausible but wrong length would swallow what follows: after this silence inside a frame,
// resynchronise.
inline constexpr auto kMidFrameTimeout = 1500ms;
// What a link reads at once; holds many frames, so that a fast stream costs few reads.
inline constexpr std::size_t kFrameBufferBytes = 16U << 10U;
// Messages for a radio on BLE that wait to be written: it is sent one a minute and is given up before there are more.
inline constexpr std::size_t kBleMessagesWaitingMax = 16;

// ---- Upload ----
// Records in one upload. Agents send at most kUploadRecordsDefault.
inline constexpr std::size_t kUploadRecordsMax = 5000;
inline constexpr std::size_t kUploadRecordsDefault = 500;
// One record's payload: a frame, or a document of an agent of the Python version (its node lists exceed 1 MiB).
inline constexpr std::size_t kRecordPayloadBytesMax = 4U << 20U;
// An upload's body as it is sent, and after decompression: the second bounds what a compression bomb can cost.
inline constexpr std::size_t kUploadBodyBytesMax = 8U << 20U;
inline constexpr std::size_t kUploadDecodedBytesMax = 16U << 20U;
// Agent ids become keys, metric labels and file names.
inline constexpr std::size_t kAgentIdBytesMax = 64;
inline constexpr std::size_t kLocationNameBytesMax = 128;
// The name that an agent gives a radio, "meshtastic_2", and how many it may have.
inline constexpr std::size_t kRadioNameBytesMax = 64;
inline constexpr std::size_t kRadiosMax = 16;
inline constexpr std::size_t kStreamIdBytes = 16;
// The header of an upload: a few hundred bytes, with room for fields to come.
inline constexpr std::size_t kUploadHeaderBytesMax = 16U << 10U;

// ---- Access ----
// Keys made by command, and the file that holds their hashes: some 200 bytes a key.
inline constexpr std::size_t kStoredKeysMax = 10'000;
inline constexpr std::size_t kKeyStoreBytesMax = 4U << 20U;
// How often a running server looks whether that file has changed.
inline constexpr auto kKeyStoreLookEvery = 2s;
// Addresses and keys whose rates are kept, some 200 bytes each: beyond it the one that was quiet for longest is
// forgotten, and may do again what it may do at first.
inline constexpr std::size_t kRateBucketsMax = 65'536;
// Addresses that have used a good key, and so are not held up when somebody else guesses keys from the same address.
inline constexpr std::size_t kKnownCallersMax = 65'536;
// A sign-in form: a token and a path.
inline constexpr std::size_t kSignInBodyBytesMax = 8U << 10U;
inline constexpr std::size_t kReadTokensMax = 1000;
inline constexpr std::size_t kReadTokenFileBytesMax = 256U << 10U;

// ---- Agent ----
// Captured records that wait for the buffer's next commit: minutes of a busy radio, should the disk stall. Beyond
// either bound the oldest are dropped and counted.
inline constexpr std::size_t kAgentPendingRecordsMax = 8192;
inline constexpr std::size_t kAgentPendingBytesMax = 4U << 20U;
// Payload bytes in one upload of an agent: what is sent again when an answer gets lost.
inline constexpr std::size_t kAgentUploadBytesMax = 512U << 10U;
// Refused records kept for each server, for a person to look at.
inline constexpr std::size_t kAgentSetAsideRecordsMax = 10'000;

// ---- Agents of the Python version ----
// Entries of one body: node lists come to 20,000 nodes within kUploadBodyBytesMax.
inline constexpr std::size_t kPythonEntriesMax = 50'000;
// Nested arrays and objects; what a radio's library writes has about five.
inline constexpr std::size_t kPythonJsonDepthMax = 64;
// Such an agent sends what was not acknowledged again, for an hour at most: that long its entries are remembered, so
// that they are stored once. About 50 bytes each.
inline constexpr auto kPythonMemory = 2h;
inline constexpr std::size_t kPythonEntriesRemembered = 1U << 20U;
// Of the newest part of the log, what is read after the start to remember them again; about a second.
inline constexpr std::size_t kPythonRecallBytesMax = 512U << 20U;
// Requests of one agent that wait for its one before, and how long: the agent itself gives up after 10 s.
inline constexpr std::size_t kPythonRequestsWaitingMax = 16;
inline constexpr auto kPythonRequestWait = 10s;

// A record that comes within that after its arrival at the agent is fresh: the objective of the whole way.
inline constexpr auto kFreshWithin = 60s;

// ---- Packet log ----
// Uploads that wait for the writer. Beyond either bound an upload is answered 503 with Retry-After.
inline constexpr std::size_t kLogQueueUploadsMax = 4096;
inline constexpr std::size_t kLogQueueBytesMax = 128U << 20U;
// What one group commit writes at most, so that the first upload of a group does not wait for ever.
inline constexpr std::size_t kLogGroupBytesMax = 16U << 20U;
// Free space below which uploads are refused: what RocksDB may still have to write (memtables, their write-ahead logs,
// one compaction) must find room.
inline constexpr std::uint64_t kLogFreeBytesMin = 512U << 20U;
// A group that takes longer to be written and synced is more than a slow disk.
inline constexpr auto kLogStalled = 60s;
// Agents and their streams (a stream is one buffer of an agent) that a server takes. Each costs rows for ever, and in
// memory some 300 bytes; whoever has a key could make any number of them. One that loses its buffer at each start has a
// thousand within a day, and must not be shut out for it.
inline constexpr std::size_t kAgentsMax = 20'000;
inline constexpr std::size_t kStreamsPerAgentMax = 10'000;
inline constexpr std::size_t kStreamsMax = 500'000;
// High-water marks of streams kept in memory, about 150 bytes each; the others are read from the log when needed.
inline constexpr std::size_t kLogMarksCachedMax = 65'536;

// ---- HTTP ----
inline constexpr std::size_t kHttpHeaderBytesMax = 16U << 10U;
inline constexpr std::size_t kHttpTargetBytesMax = 4U << 10U;
inline constexpr std::size_t kHttpHeaderCountMax = 100;
inline constexpr std::size_t kHttpQueryPairsMax = 64;
// A chunk's size line, with its extensions, which nobody uses.
inline constexpr std::size_t kHttpChunkLineBytesMax = 256;
inline constexpr auto kHttpHeaderTimeout = 10s;
inline constexpr auto kHttpBodyTimeout = 60s;
inline constexpr auto kHttpIdleTimeout = 75s;
inline constexpr auto kHttpWriteTimeout = 60s;
inline constexpr std::size_t kHttpConnectionsMax = 8192;
// Of the files that this process may have open, as many are kept from connections: 512 of the packet log, the index and
// its readers, the metrics' endpoint.
inline constexpr std::size_t kFilesBesideConnections = 700;
// Bytes of request bodies held at one time, over all connections: beyond it a request is answered 503 before its body
// is read.
inline constexpr std::size_t kHttpBodyBytesTotalMax = 256U << 20U;
// Connections over the maximum that are told so at one time; further ones are closed without an answer.
inline constexpr std::size_t kHttpRefusalsMax = 64;
// After an error the rest of what the client sends is read and thrown away, or it might never see the answer: this long
// and this much at most.
inline constexpr auto kHttpLingerTimeout = 2s;
inline constexpr std::size_t kHttpLingerBytesMax = 16U << 20U;

// ---- Projection ----
// Records in one transaction of the index, and bytes of log read for it. However many records touch a node or a pair of
// node and agent, a transaction writes it once: with few records in each, catching up mostly writes those again and
// again.
inline constexpr std::size_t kProjectionRecordsMax = 20'000;
inline constexpr std::size_t kProjectionReadBytesMax = 8U << 20U;
// Rows that retention removes from the index in one transaction, and empty pages that it gives back at once: some
// milliseconds each, during which nothing is projected.
inline constexpr std::size_t kRetentionRowsPerStep = 2000;
inline constexpr std::uint64_t kRetentionPagesPerStep = 500;
// How often it looks for what is old, and how long the clock must have gone steadily before it is believed.
inline constexpr std::chrono::minutes kRetentionInterval{10};
inline constexpr std::chrono::minutes kRetentionSettle{10};
// The shortest time that may be configured: beyond every window in which a packet's further receptions are looked for.
inline constexpr std::chrono::hours kRetentionMin{24};
// Pages of 4 KiB in the index's WAL before they are moved into the database file.
inline constexpr int kIndexCheckpointPages = 16'000;
// Packets in which a reception looks for its packet: the newest ones, as far as they are not older than the window.
inline constexpr std::size_t kDedupePacketsMax = 1U << 20U;
inline constexpr auto kDedupeWindow = 10min;
// Bytes of receptions in a packet's row, some thousand: each further one writes the row again.
inline constexpr std::size_t kReceptionListBytesMax = 16U << 10U;
// Packet rows kept in memory between transactions, about half a kilobyte each: as many as are heard while the agents of
// a busy region upload once.
inline constexpr std::size_t kProjectionPacketsMax = 1U << 15U;
// Neighbours that one report names, hops that one traceroute has: a radio tells at most 10 and 8.
inline constexpr std::size_t kNeighborsMax = 10;
inline constexpr std::size_t kRouteHopsMax = 16;
// Node rows, rows of nodes' hours, and links, kept in memory between transactions.
inline constexpr std::size_t kProjectionNodesMax = 1U << 16U;
// Packets and receptions that one batch names to the live stream, and batches that wait for it.
inline constexpr std::size_t kAppliedEventsMax = 2000;
inline constexpr std::size_t kAppliedFeedBatchesMax = 64;

// Free space that a new index in the making leaves: before uploads are refused it gives up, and its room back.
inline constexpr std::uint64_t kRebuildFreeBytesMin = 2 * kLogFreeBytesMin;

// ---- Care ----
// How long a lock file is waited for that others hold for the opening of an index, or for its replacement.
inline constexpr auto kFileLockTimeout = 10s;
// How long a subcommand waits for the running server to answer; a picture of the log has to wait for a flush.
inline constexpr auto kControlTimeout = 120s;
// A backup's manifest: about 150 bytes a file, and a log of a terabyte has some 16,000 files.
inline constexpr std::size_t kManifestBytesMax = 64U << 20U;
// Read and written at once when files are copied.
inline constexpr std::size_t kCopyBlockBytes = 1U << 20U;

// ---- Reading ----
inline constexpr std::size_t kPageRowsMax = 1000;
inline constexpr std::size_t kPageRowsDefault = 100;
// Threads that read the index for the API, and questions that wait for one: beyond it they are answered 503.
inline constexpr unsigned kApiReaders = 2;
inline constexpr std::size_t kApiQuestionsMax = 256;

// What one map shows: beyond that the rest is left out, which no screen would show either.
inline constexpr std::size_t kMapNodesMax = 20'000;
inline constexpr std::size_t kMapAgentsMax = 5'000;
inline constexpr std::size_t kMapLinksMax = 50'000;

// Rows of the index that one question looks at, whatever it finds: 1 to 3 µs each. A client goes on from there.
inline constexpr std::size_t kScanRowsMax = 10'000;
// A filter's text, its terms, and the values of one of them: more than anybody types, and each costs time on every row.
inline constexpr std::size_t kFilterBytesMax = 1000;
inline constexpr std::size_t kFilterTermsMax = 20;
inline constexpr std::size_t kFilterValuesMax = 20;

// Exports at one time: each has one question in the readers' queue, which the pages' questions wait behind.
inline constexpr std::size_t kExportsMax = 4;
// How long an export waits for a place in a full queue before it is broken off.
inline constexpr auto kExportWaitMax = 60s;
// Results of each kind that a search over everything gives: what fits below a search box.
inline constexpr std::size_t kSearchResultsMax = 10;
// How long one question may read the index.
inline constexpr auto kApiQuestionMax = 5s;

// ---- Live stream ----
inline constexpr std::size_t kLiveClientsMax = 2000;
// Different filters of live streams: each is asked for each event, 0.1 µs or so.
inline constexpr std::size_t kLiveFiltersMax = 128;
// Events kept for clients that reconnect with Last-Event-ID.
inline constexpr std::size_t kLiveHistoryEventsMax = 8192;
// Packets and receptions shown in one second; more than a person can follow, and a bound for what the events cost.
inline constexpr std::size_t kLiveEventsPerSecondMax = 10'000;
// Silence after which a comment is sent, so that proxies keep the connection open.
inline constexpr auto kLiveKeepAlive = 15s;
// How long events are still collected after the last client left, so that it can come back without a gap.
inline constexpr auto kLiveMemory = 60s;
// Bytes queued for one slow browser before events are skipped for it, and counted.
inline constexpr std::size_t kLiveClientBytesMax = 256U << 10U;
// Events that happen together are handed over in pieces of this size, or of one event.
inline constexpr std::size_t kLivePieceBytes = 64U << 10U;

// ---- Stopping ----
// SIGTERM to exit. Docker kills after 10 s.
inline constexpr auto kShutdownMax = 9s;

}  // namespace mmm::limits
