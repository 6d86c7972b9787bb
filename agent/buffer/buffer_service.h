#pragma once

#include "agent/buffer/buffer.h"
#include "agent/buffer/buffer_probe.h"
#include "agent/buffer/record.h"
#include "core/async/signal.h"
#include "core/async/time_source.h"
#include "core/log/throttle.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mmm::agent {

// Records to upload to one server, and the stream they belong to.
struct Batch {
  std::uint64_t generation = 0;  // of the buffer's file: a file that was moved aside ends one
  std::string stream_id;
  std::vector<StoredRecord> records;
};

// The buffer as the coroutines see it: records go in without waiting, commits are grouped, and everything that blocks
// on the disk runs on the pool, which must have one thread and serve nobody else's use of this buffer.
//
// Concurrency: one thread, the executor's. Must outlive the tasks that use it; stop run(), then flush().
// Bounds: limits::kAgentPendingRecordsMax and kAgentPendingBytesMax; beyond them the oldest pending record is dropped.
class BufferService final : public RecordSink {
 public:
  // `buffer` may be null, as on a full disk: it is opened when it can be.
  BufferService(boost::asio::any_io_executor executor, boost::asio::thread_pool& pool, TimeSource& time,
                BufferOptions options, std::unique_ptr<Buffer> buffer, std::chrono::milliseconds commit_interval,
                BufferProbe probe);
  ~BufferService() override;

  void put(Record record) override;

  // Other servers from now on. Nobody may wait for new_records(), read or acknowledge meanwhile. Fails as
  // Buffer::configure(); then all is as before.
  boost::asio::awaitable<Result<>> configure(std::vector<std::string> servers);

  // Commits what has been put, grouped; runs until it is cancelled.
  boost::asio::awaitable<void> run();
  // Commits what is pending now, once. False: it could not, and the records stay pending.
  boost::asio::awaitable<bool> flush();
  // Drops what was captured longer ago than `max_age`, every few seconds, and counts it; runs until it is cancelled.
  boost::asio::awaitable<void> expire(std::chrono::milliseconds max_age);
  // Writes the log into the file, for an orderly end.
  boost::asio::awaitable<void> close();

  // The next records for the server after its cursor.
  boost::asio::awaitable<Result<Batch>> read(std::size_t server, std::size_t records_max, std::size_t bytes_max);
  // Moves the server's cursor. Ignored when the batch is of a file that has been moved aside since.
  boost::asio::awaitable<Result<>> acknowledge(std::size_t server, std::uint64_t generation,
                                               Acknowledgement acknowledgement);

  // Figures as of the last commit or acknowledgement.
  [[nodiscard]] const BufferState& state() const { return state_; }
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }
  // Why the last commit failed, in words; empty: it did not, or there was none.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  // Operations on the file that failed since the start.
  [[nodiscard]] std::uint64_t failures() const { return probe_.failures(); }
  // Notified when there are new records for the server. One waiter each.
  [[nodiscard]] Signal& new_records(std::size_t server) { return *new_records_.at(server); }

  // The newest `count` records that the server refused, newest first; none when the file cannot be read.
  boost::asio::awaitable<std::vector<SetAsideRecord>> newest_set_aside(std::size_t server, std::size_t count);
  // When the oldest record that waits for the server was captured, as of the last refresh_metrics().
  [[nodiscard]] std::optional<WallTime> oldest_waiting(std::size_t server) const { return oldest_waiting_.at(server); }

  // Brings the age of the oldest waiting records up to date.
  boost::asio::awaitable<void> refresh_metrics();

 private:
  void make_room_for(std::size_t servers);
  void drop_beyond_bounds();
  void put_back(std::vector<Record> records, std::uint64_t lost);
  boost::asio::awaitable<void> handle_failure(Error error, std::uint64_t generation);
  Result<Buffer*> usable_buffer();
  BufferState current_state();
  void take_over(BufferState state);

  boost::asio::thread_pool& pool_;
  TimeSource& time_;
  const std::string path_;  // for the log
  BufferOptions options_;   // the pool's thread only
  // Used on the pool's thread only. Null when the file could not be opened or replaced: each use tries again.
  std::unique_ptr<Buffer> buffer_;
  std::uint64_t generation_ = 1;  // of buffer_; pool's thread
  std::chrono::milliseconds commit_interval_;
  BufferProbe probe_;

  std::deque<Record> pending_;
  std::size_t pending_bytes_ = 0;
  std::uint64_t lost_ = 0;  // dropped from pending_, not yet in the ledger
  bool committing_ = false;
  std::string failure_;  // of the last commit; it was said
  // A buffer that is full or holds what is too old stays so for as long as a server is away.
  log::Throttle full_log_;
  log::Throttle age_log_;
  boost::asio::any_io_executor executor_;
  Signal pending_signal_;
  std::vector<std::unique_ptr<Signal>> new_records_;
  BufferState state_;
  std::vector<std::optional<WallTime>> oldest_waiting_;  // for each server
};

}  // namespace mmm::agent
