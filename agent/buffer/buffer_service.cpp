#include "agent/buffer/buffer_service.h"

#include "agent/buffer/open_buffer.h"
#include "core/async/offload.h"
#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/log/log.h"

#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

constexpr const char* kComponent = "agent/buffer";
// After a failed commit; the records wait in memory.
constexpr auto kRetryDelay = std::chrono::seconds{1};
constexpr auto kExpireInterval = std::chrono::seconds{10};
constexpr auto kDropsSaidEvery = std::chrono::minutes{10};

}  // namespace

BufferService::BufferService(asio::any_io_executor executor, asio::thread_pool& pool, TimeSource& time,
                             BufferOptions options, std::unique_ptr<Buffer> buffer,
                             std::chrono::milliseconds commit_interval, BufferProbe probe)
    : pool_(pool),
      time_(time),
      path_(options.path.string()),
      options_(std::move(options)),
      buffer_(std::move(buffer)),
      commit_interval_(commit_interval),
      probe_(std::move(probe)),
      full_log_(kDropsSaidEvery),
      age_log_(kDropsSaidEvery),
      executor_(std::move(executor)),
      pending_signal_(executor_) {
  make_room_for(options_.servers.size());
  take_over(current_state());
}

void BufferService::make_room_for(std::size_t servers) {
  new_records_.clear();
  for (std::size_t i = 0; i < servers; ++i) new_records_.push_back(std::make_unique<Signal>(executor_));
  oldest_waiting_.assign(servers, std::nullopt);
}

asio::awaitable<Result<>> BufferService::configure(std::vector<std::string> servers) {
  struct Outcome {
    Result<> result;
    BufferState state;
  };
  auto job = [this, &servers]() -> Outcome {
    auto buffer = usable_buffer();
    // Without a file the next one is made with them.
    Result<> configured = buffer ? (*buffer)->configure(servers) : Result<>{};
    if (configured) options_.servers = servers;
    return {.result = std::move(configured), .state = current_state()};
  };
  Outcome outcome = co_await offload(pool_, std::move(job));
  if (!outcome.result) co_return std::move(outcome.result);
  make_room_for(servers.size());
  probe_.configure(servers);
  take_over(std::move(outcome.state));
  co_return Result<>();
}

BufferService::~BufferService() = default;

void BufferService::put(Record record) {
  pending_bytes_ += record.payload.size();
  pending_.push_back(std::move(record));
  drop_beyond_bounds();
  probe_.show(state_, pending_.size());
  pending_signal_.notify();
}

void BufferService::drop_beyond_bounds() {
  while (pending_.size() > limits::kAgentPendingRecordsMax || pending_bytes_ > limits::kAgentPendingBytesMax) {
    if (lost_ == 0)
      log::error(kComponent, "the disk takes no records for {}: the oldest are dropped and counted", path_);
    pending_bytes_ -= pending_.front().payload.size();
    pending_.pop_front();
    ++lost_;
  }
}

asio::awaitable<void> BufferService::run() {
  while (true) {
    static_cast<void>(co_await pending_signal_.wait_until(time_, SteadyTime::max()));
    if (commit_interval_.count() > 0) co_await time_.sleep_for(commit_interval_);
    while (!pending_.empty() || lost_ > 0) {
      const bool committed = co_await flush();
      if (!committed) co_await time_.sleep_for(kRetryDelay);
    }
  }
}

asio::awaitable<bool> BufferService::flush() {
  MMM_CHECK(!committing_);
  if (pending_.empty() && lost_ == 0) co_return true;
  committing_ = true;
  std::vector<Record> records(std::make_move_iterator(pending_.begin()), std::make_move_iterator(pending_.end()));
  pending_.clear();
  pending_bytes_ = 0;
  const std::uint64_t lost = std::exchange(lost_, 0);
  const auto started = time_.steady();
  struct Outcome {
    Result<std::uint64_t> dropped;
    std::uint64_t generation;
    BufferState state;
  };
  auto job = [this, &records, lost] {
    auto buffer = usable_buffer();
    auto dropped = buffer ? (*buffer)->commit(records, lost) : fail(buffer.error());
    return Outcome{std::move(dropped), generation_, current_state()};
  };
  Outcome outcome = co_await offload(pool_, std::move(job));
  committing_ = false;
  if (!outcome.dropped) {
    put_back(std::move(records), lost);
    co_await handle_failure(outcome.dropped.error(), outcome.generation);
    co_return false;
  }
  if (!std::exchange(failure_, {}).empty()) log::info(kComponent, "the buffer {} takes records again", path_);
  if (*outcome.dropped > 0) {
    log::warning(full_log_, time_.steady(), kComponent,
                 "the buffer {} is full: its {} oldest records were dropped unsent", path_, *outcome.dropped);
  }
  probe_.committed(std::chrono::duration<double>(time_.steady() - started).count());
  take_over(std::move(outcome.state));
  for (const auto& signal : new_records_) signal->notify();
  co_return true;
}

void BufferService::put_back(std::vector<Record> records, std::uint64_t lost) {
  lost_ += lost;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    pending_bytes_ += record->payload.size();
    pending_.push_front(std::move(*record));
  }
  drop_beyond_bounds();
}

asio::awaitable<void> BufferService::handle_failure(Error error, std::uint64_t generation) {
  probe_.failed(error.kind);
  if (std::exchange(failure_, error.message).empty()) {
    log::error(kComponent, "the buffer {} fails: {}; records wait in memory, and it is tried again", path_,
               error.message);
  }
  if (error.kind != ErrorKind::kCorrupt) co_return;
  // Two tasks may have met the same damage: only the first replaces the file.
  auto job = [this, &error, generation]() -> std::optional<BufferState> {
    if (generation_ != generation) return std::nullopt;
    ++generation_;
    buffer_.reset();
    auto opened = replace_damaged_buffer(options_, error.message);
    if (!opened) {
      log::error(kComponent, "{}", opened.error().message);
      return std::nullopt;
    }
    buffer_ = std::move(*opened);
    return buffer_->state();
  };
  auto state = co_await offload(pool_, std::move(job));
  if (state) take_over(std::move(*state));
}

Result<Buffer*> BufferService::usable_buffer() {
  if (!buffer_) {
    auto opened = open_buffer(options_);
    if (!opened) return fail(opened.error());
    buffer_ = std::move(*opened);
  }
  return buffer_.get();
}

BufferState BufferService::current_state() {
  if (buffer_) return buffer_->state();
  BufferState empty;
  empty.servers.resize(options_.servers.size());
  return empty;
}

void BufferService::take_over(BufferState state) {
  state_ = std::move(state);
  probe_.show(state_, pending_.size());
}

asio::awaitable<Result<Batch>> BufferService::read(std::size_t server, std::size_t records_max, std::size_t bytes_max) {
  Batch batch;
  auto job = [this, &batch, server, records_max, bytes_max]() -> Result<> {
    batch.generation = generation_;
    auto buffer = usable_buffer();
    if (!buffer) return fail(buffer.error());
    batch.stream_id = (*buffer)->stream_id();
    const std::uint64_t after = (*buffer)->state().servers.at(server).acknowledged_seq;
    auto records = (*buffer)->read(after, records_max, bytes_max);
    if (!records) return fail(records.error());
    batch.records = std::move(*records);
    return {};
  };
  const auto result = co_await offload(pool_, std::move(job));
  if (!result) {
    co_await handle_failure(result.error(), batch.generation);
    co_return fail(result.error());
  }
  co_return batch;
}

asio::awaitable<Result<>> BufferService::acknowledge(std::size_t server, std::uint64_t generation,
                                                     Acknowledgement acknowledgement) {
  const std::int64_t now_us = to_micros(time_.wall());
  struct Outcome {
    Result<> result;
    BufferState state;
  };
  auto job = [this, server, generation, now_us, &acknowledgement]() -> Outcome {
    if (generation != generation_) return Outcome{{}, current_state()};
    auto buffer = usable_buffer();
    Result<> result = buffer ? (*buffer)->acknowledge(server, acknowledgement, now_us) : fail(buffer.error());
    return Outcome{std::move(result), current_state()};
  };
  Outcome outcome = co_await offload(pool_, std::move(job));
  take_over(std::move(outcome.state));
  if (!outcome.result) co_await handle_failure(outcome.result.error(), generation);
  co_return outcome.result;
}

asio::awaitable<void> BufferService::refresh_metrics() {
  for (std::size_t server = 0; server < oldest_waiting_.size(); ++server) {
    auto job = [this, server]() -> Result<std::optional<std::int64_t>> {
      auto buffer = usable_buffer();
      if (!buffer) return fail(buffer.error());
      return (*buffer)->oldest_waiting_us(server);
    };
    const auto oldest = co_await offload(pool_, std::move(job));
    if (!oldest) continue;
    oldest_waiting_[server] = *oldest ? std::optional(from_micros(**oldest)) : std::nullopt;
    const std::int64_t age_us = *oldest ? to_micros(time_.wall()) - **oldest : 0;
    probe_.oldest_age(server, static_cast<double>(std::max<std::int64_t>(age_us, 0)) / 1e6);
  }
}

asio::awaitable<std::vector<SetAsideRecord>> BufferService::newest_set_aside(std::size_t server, std::size_t count) {
  auto job = [this, server, count]() -> Result<std::vector<SetAsideRecord>> {
    auto buffer = usable_buffer();
    if (!buffer) return fail(buffer.error());
    return (*buffer)->newest_set_aside(server, count);
  };
  auto records = co_await offload(pool_, std::move(job));
  co_return records ? std::move(*records) : std::vector<SetAsideRecord>{};
}

asio::awaitable<void> BufferService::expire(std::chrono::milliseconds max_age) {
  struct Outcome {
    Result<std::uint64_t> dropped;
    std::uint64_t generation;
    BufferState state;
  };
  while (true) {
    const std::int64_t before_us = to_micros(time_.wall() - max_age);
    auto job = [this, before_us] {
      auto buffer = usable_buffer();
      auto dropped = buffer ? (*buffer)->expire(before_us) : fail(buffer.error());
      return Outcome{std::move(dropped), generation_, current_state()};
    };
    Outcome outcome = co_await offload(pool_, std::move(job));
    take_over(std::move(outcome.state));
    if (!outcome.dropped) {
      co_await handle_failure(outcome.dropped.error(), outcome.generation);
    } else if (*outcome.dropped > 0) {
      log::warning(age_log_, time_.steady(), kComponent,
                   "{} records in {} were older than [buffer] max_age and dropped unsent", *outcome.dropped, path_);
    }
    co_await time_.sleep_for(kExpireInterval);
  }
}

asio::awaitable<void> BufferService::close() {
  auto job = [this]() -> Result<> { return buffer_ ? buffer_->checkpoint() : Result<>{}; };
  const auto result = co_await offload(pool_, std::move(job));
  if (!result) log::warning(kComponent, "closing the buffer {}: {}", path_, result.error().message);
}

}  // namespace mmm::agent
