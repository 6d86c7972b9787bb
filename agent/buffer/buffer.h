#pragma once

#include "agent/buffer/ledger.h"
#include "agent/buffer/record.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/sqlite/database.h"
#include "core/sqlite/statement.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::agent {

struct BufferOptions {
  std::filesystem::path path;
  // Bytes of the pages in use, beyond which the oldest records go. The write-ahead log comes on top (about 4 MiB).
  std::uint64_t max_bytes = 256U << 20U;
  // The configured servers; each has its own cursor. A server is referred to by its place here.
  std::vector<std::string> servers;
};

// Where one server stands in the buffer.
struct ServerState {
  Ledger ledger;
  std::uint64_t acknowledged_seq = 0;  // everything up to here is delivered, set aside, filtered or dropped
};

// A copy of the buffer's figures, taken after each change.
struct BufferState {
  std::vector<ServerState> servers;
  std::uint64_t last_seq = 0;  // highest seq committed
  std::uint64_t file_bytes = 0;
};

struct SetAside {
  std::uint64_t seq = 0;
  std::string reason;
};

// One that a server refused for good, as it is kept.
struct SetAsideRecord {
  std::uint64_t seq = 0;
  WallTime refused;
  std::string reason;
};

// How the cursor of a server moves: everything up to `upto` is settled, and what is neither filtered nor set aside is
// delivered.
struct Acknowledgement {
  std::uint64_t upto = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t filtered = 0;
  std::vector<SetAside> set_aside = {};
};

// The agent's durable queue: one SQLite file (WAL, synchronous=FULL) with the records, a cursor for each server, the
// records a server refused, and the ledgers. Opened exclusively: a second agent on the same file is told so.
//
// Concurrency: one thread at a time; every call blocks on the disk.
// Errors: kDiskFull and kIo leave the file as it was before the call; kCorrupt: close it and open_buffer() again.
class Buffer {
 public:
  // Opens or makes the file. Fails with kInvalidArgument (an SQLite file of something else), kNewerVersion,
  // kUnavailable (another agent has it), kCorrupt, kIo, kDiskFull. Use open_buffer() of open_buffer.h, which moves a
  // corrupt file aside.
  static Result<std::unique_ptr<Buffer>> open(const BufferOptions& options);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  // Other servers than those of the options from now on: new ones begin at the oldest record that is still here, those
  // that are gone keep their counts and hold up nothing. After a failure it is as before.
  [[nodiscard]] Result<> configure(const std::vector<std::string>& servers);

  // 16 random bytes made with the file: with the agent's id they name the sequence of numbers.
  [[nodiscard]] const std::string& stream_id() const { return stream_id_; }

  // Makes the records durable in one transaction and gives them their seq. `lost` counts records that were captured but
  // could not be handed over (the queue before the buffer overflowed). Beyond the size cap, or on a full disk, the
  // oldest records make room. Returns how many records were dropped for that.
  [[nodiscard]] Result<std::uint64_t> commit(std::span<const Record> records, std::uint64_t lost);

  // Drops the oldest records that were captured before `before_us`, a bounded number, as commit() does for want of
  // room. Returns how many of them a server had not yet got. A record behind one of a later time stays with that.
  [[nodiscard]] Result<std::uint64_t> expire(std::int64_t before_us);

  // The records after `after` in order, at most that many and that many payload bytes (but at least one if there is
  // any).
  [[nodiscard]] Result<std::vector<StoredRecord>> read(std::uint64_t after, std::size_t records_max,
                                                       std::size_t bytes_max);

  // Moves the server's cursor and writes its ledger, then deletes a bounded number of the records that every configured
  // server is done with. `now_us` stamps what is set aside.
  [[nodiscard]] Result<> acknowledge(std::size_t server, const Acknowledgement& acknowledgement, std::int64_t now_us);

  // The newest `count` records that the server refused, newest first.
  [[nodiscard]] Result<std::vector<SetAsideRecord>> newest_set_aside(std::size_t server, std::size_t count);

  // Arrival of the oldest record that the server is not done with.
  [[nodiscard]] Result<std::optional<std::int64_t>> oldest_waiting_us(std::size_t server);

  // Moves the write-ahead log into the file, for an orderly end.
  [[nodiscard]] Result<> checkpoint();

  [[nodiscard]] BufferState state() const;

 private:
  // A row of the table servers. The ones that are no longer configured stay, so that they find their counts when they
  // come back, but hold up nothing.
  struct Cursor {
    std::int64_t row = 0;
    std::string name;
    bool configured = false;
    std::uint64_t captured_before = 0;  // records taken before this server was first configured: not in its ledger
    std::uint64_t acknowledged_seq = 0;
    Ledger ledger;  // captured is filled in by state()
  };
  // What a transaction changes; taken over only when it has been committed.
  struct Figures {
    std::uint64_t next_seq = 1;
    std::uint64_t captured = 0;
    std::vector<Cursor> cursors;
  };
  struct Statements;

  Buffer(sqlite::Database database, const BufferOptions& options);
  Result<> load();
  Result<> add_missing_servers(const std::vector<std::string>& servers);
  Result<std::uint64_t> try_commit(std::span<const Record> records, std::uint64_t lost, std::uint64_t bytes_to_free);
  Result<std::uint64_t> drop_oldest(Figures& figures, std::uint64_t bytes);
  Result<std::uint64_t> drop(Figures& figures, std::span<const std::uint64_t> seqs);
  Result<> delete_settled(Figures& figures);
  Result<> trim_set_aside(const Cursor& cursor);
  Result<> insert(std::span<const Record> records, Figures& figures);
  Result<> write_figures(const Figures& figures);
  Result<std::uint64_t> used_bytes();
  Result<> give_back_pages();
  template <class Body>
  Result<> transaction(Body body);

  sqlite::Database database_;
  BufferOptions options_;
  std::string stream_id_;
  Figures figures_;
  std::vector<std::size_t> places_;  // place of a configured server in figures_.cursors
  std::uint64_t file_bytes_ = 0;
  std::unique_ptr<Statements> statements_;
};

}  // namespace mmm::agent
