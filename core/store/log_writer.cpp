#include "core/store/log_writer.h"

#include "core/base/check.h"
#include "core/log/log.h"
#include "core/log/throttle.h"
#include "core/store/append_plan.h"
#include "core/store/free_space.h"
#include "core/store/stream_marks.h"
#include "metrics/catalog_server.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace mmm::store {
namespace asio = boost::asio;
namespace {

constexpr const char* kComponent = "core/store";
constexpr std::chrono::minutes kRefusedStreamsInterval{1};

struct Probe {
  prometheus::Histogram& append_seconds;
  prometheus::Histogram& sync_seconds;
  prometheus::Histogram& group_uploads;
  prometheus::Gauge& queue_uploads;
  prometheus::Gauge& queue_bytes;
  prometheus::Counter& written_bytes;
  prometheus::Counter& queue_full;
  prometheus::Counter& disk_full;
  prometheus::Counter& too_many_streams;
  prometheus::Counter& io;
  prometheus::Counter& closed;

  explicit Probe(metrics::Registry& registry)
      : append_seconds(registry.histogram(metrics::server::kLogAppendSeconds)),
        sync_seconds(registry.histogram(metrics::server::kLogSyncSeconds)),
        group_uploads(registry.histogram(metrics::server::kLogGroupUploads)),
        queue_uploads(registry.gauge(metrics::server::kLogQueueUploads)),
        queue_bytes(registry.gauge(metrics::server::kLogQueueBytes)),
        written_bytes(registry.counter(metrics::server::kLogWrittenBytes)),
        queue_full(registry.counter(metrics::server::kLogFailures, {{"reason", "queue_full"}})),
        disk_full(registry.counter(metrics::server::kLogFailures, {{"reason", "disk_full"}})),
        too_many_streams(registry.counter(metrics::server::kLogFailures, {{"reason", "too_many_streams"}})),
        io(registry.counter(metrics::server::kLogFailures, {{"reason", "io"}})),
        closed(registry.counter(metrics::server::kLogFailures, {{"reason", "closed"}})) {}

  void count(ErrorKind kind) {
    switch (kind) {
      case ErrorKind::kDiskFull:
        return disk_full.Increment();
      case ErrorKind::kUnavailable:
        return queue_full.Increment();
      case ErrorKind::kTooMany:
        return too_many_streams.Increment();
      case ErrorKind::kClosed:
        return closed.Increment();
      default:
        return io.Increment();
    }
  }
};

// An append that waits. `slot` is in the waiting coroutine's frame, and is written on that coroutine's executor only.
struct Waiting {
  std::unique_ptr<PendingUpload> upload;
  std::size_t bytes = 0;
  SteadyTime since;
  Result<AppendOutcome> result = AppendOutcome{};
  std::optional<Result<AppendOutcome>>* slot = nullptr;
  std::move_only_function<void()> resume;
  asio::executor_work_guard<asio::any_io_executor> work;

  explicit Waiting(const asio::any_io_executor& executor) : work(executor) {}
};
using Group = std::vector<std::unique_ptr<Waiting>>;

double seconds(SteadyTime::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// Resumes the coroutines of a group, on one post for each executor: a post for each would wake an I/O thread that
// often.
void deliver(Group& group) {
  while (!group.empty()) {
    const asio::any_io_executor executor = group.front()->work.get_executor();
    const auto others = std::partition(group.begin(), group.end(), [&executor](const auto& waiting) {
      return waiting->work.get_executor() == executor;
    });
    Group same(std::make_move_iterator(group.begin()), std::make_move_iterator(others));
    group.erase(group.begin(), others);
    asio::post(executor, [same = std::move(same)]() mutable {
      for (auto& waiting : same) {
        waiting->slot->emplace(std::move(waiting->result));
        auto resume = std::move(waiting->resume);
        waiting.reset();
        resume();
      }
    });
  }
}

}  // namespace

Result<std::unique_ptr<PendingUpload>> PendingUpload::scan(std::string body, std::string compressed_body) {
  auto upload = std::make_unique<PendingUpload>();
  upload->body = std::move(body);
  upload->compressed_body = std::move(compressed_body);
  auto view = upload::scan_upload(upload->body);
  if (!view) return fail(std::move(view).error());
  upload->view = std::move(*view);
  return upload;
}

struct LogWriter::Impl {
  PacketLog& log;
  const TimeSource& time;
  LogWriterOptions options;
  Probe probe;
  StreamMarks marks;
  StreamCensus census;
  log::Throttle refused_streams{kRefusedStreamsInterval};
  AppendPlan plan;
  FreeSpaceGuard space;
  std::vector<std::function<void(LogId)>> subscribers;
  bool needs_resume = false;  // a write met a full disk; the writer's thread only
  std::atomic<bool> failed = false;
  std::atomic<SteadyTime::rep> busy_since = 0;  // ticks of the group's beginning; 0: none is written

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::unique_ptr<Waiting>> queue;  // guarded by mutex, as the three below
  std::size_t queue_bytes = 0;
  bool running = false;
  bool stopping = false;
  std::thread thread;

  Impl(PacketLog& packet_log, const TimeSource& time_source, metrics::Registry& registry,
       LogWriterOptions writer_options)
      : log(packet_log),
        time(time_source),
        options(std::move(writer_options)),
        probe(registry),
        marks(log, limits::kLogMarksCachedMax),
        census(options.census),
        plan(marks),
        space(options.free_bytes, options.free_bytes_min) {
    plan.set_last_id(log.last_id());
  }

  // Leaves `waiting` to the caller when it fails.
  Result<> enqueue(std::unique_ptr<Waiting>& waiting) {
    {
      const std::lock_guard lock(mutex);
      if (stopping) return fail(ErrorKind::kClosed, "the server is stopping");
      if (queue.size() >= options.queue_uploads_max || queue_bytes + waiting->bytes > options.queue_bytes_max) {
        return fail(ErrorKind::kUnavailable, "{} uploads with {} bytes already wait to be written", queue.size(),
                    queue_bytes);
      }
      queue_bytes += waiting->bytes;
      queue.push_back(std::move(waiting));
      show_queue();
      if (queue.size() > 1) return {};  // the writer knows
    }
    changed.notify_one();
    return {};
  }

  void show_queue() {
    probe.queue_uploads.Set(static_cast<double>(queue.size()));
    probe.queue_bytes.Set(static_cast<double>(queue_bytes));
  }

  // Waits for work. Empty: stopped, and everything was taken.
  Group take() {
    Group group;
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return stopping || !queue.empty(); });
    std::size_t bytes = 0;
    while (!queue.empty() && (group.empty() || bytes + queue.front()->bytes <= options.group_bytes_max)) {
      bytes += queue.front()->bytes;
      group.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    queue_bytes -= bytes;
    show_queue();
    return group;
  }

  void run() {
    if (auto learnt = census.learn(log); !learnt) (void)give_up(std::move(learnt).error());
    for (Group group = take(); !group.empty(); group = take()) {
      busy_since = time.steady().time_since_epoch().count();
      auto committed = commit(group);
      busy_since = 0;
      if (!committed) {
        marks.forget();
        for (auto& waiting : group) waiting->result = std::unexpected(committed.error());
      }
      plan.clear();
      const SteadyTime now = time.steady();
      for (const auto& waiting : group) {
        if (waiting->result) {
          probe.append_seconds.Observe(seconds(now - waiting->since));
        } else {
          probe.count(waiting->result.error().kind);
        }
      }
      probe.group_uploads.Observe(static_cast<double>(group.size()));
      deliver(group);
    }
  }

  // Fills in each result. On failure nothing of the group may be acknowledged.
  Result<> commit(Group& group) {
    if (failed) return fail(ErrorKind::kIo, "the packet log has failed and takes no further write");
    if (auto room = make_room(); !room) return room;
    const std::int64_t now_us = to_micros(time.wall());
    for (auto& waiting : group) {
      if (!admit(*waiting)) continue;
      waiting->result = plan.add(*waiting->upload, now_us);
      if (!waiting->result) return give_up(waiting->result.error());
    }
    if (plan.chunks().empty()) return {};  // duplicates of what an earlier group has made durable
    if (auto written = log.write(plan.chunks()); !written) {
      if (written.error().kind != ErrorKind::kDiskFull) return give_up(std::move(written).error());
      needs_resume = true;
      log::error(kComponent, "{}: uploads are refused until there is room", written.error().message);
      return written;
    }
    const SteadyTime before = time.steady();
    if (auto synced = log.sync(); !synced) return give_up(std::move(synced).error());
    probe.sync_seconds.Observe(seconds(time.steady() - before));
    probe.written_bytes.Increment(static_cast<double>(plan.bytes()));
    for (const auto& subscriber : subscribers) subscriber(log.last_durable());
    return {};
  }

  // False: the upload begins one stream too many, and is refused alone.
  bool admit(Waiting& waiting) {
    const upload::UploadHeader& header = waiting.upload->view.header;
    auto admitted = census.admit(header.agent_id(), header.stream_id());
    if (admitted) return true;
    log::warning(refused_streams, time.steady(), kComponent, "an upload is refused: {}", admitted.error().message);
    waiting.result = std::unexpected(std::move(admitted).error());
    return false;
  }

  Result<> make_room() {
    if (!space.has_room(time.steady())) {
      return fail(ErrorKind::kDiskFull, "the server's disk is nearly full ({} MiB free)", space.last_measured() >> 20U);
    }
    if (!needs_resume) return {};
    auto resumed = log.resume();
    if (!resumed) {
      if (resumed.error().kind != ErrorKind::kDiskFull) return give_up(std::move(resumed).error());
      return resumed;
    }
    needs_resume = false;
    log::info(kComponent, "the packet log takes uploads again");
    return {};
  }

  // What a failed write or sync leaves on disk is unknown, and asking again could say "durable" of what is not: stop.
  Result<> give_up(Error error) {
    if (!failed.exchange(true)) {
      log::critical(kComponent, "{}: nothing is acknowledged any more", error.message);
      if (options.on_failure) options.on_failure(error);
    }
    return fail(ErrorKind::kIo, "the packet log has failed: {}", error.message);
  }
};

LogWriter::LogWriter(PacketLog& log, const TimeSource& time, metrics::Registry& registry, LogWriterOptions options)
    : impl_(std::make_unique<Impl>(log, time, registry, std::move(options))) {}

LogWriter::~LogWriter() {
  stop();
}

void LogWriter::on_durable(std::function<void(LogId)> callback) {
  MMM_CHECK(!impl_->running);
  impl_->subscribers.push_back(std::move(callback));
}

void LogWriter::start() {
  MMM_CHECK(!impl_->running && !impl_->stopping);
  impl_->running = true;
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

void LogWriter::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->changed.notify_all();
  if (impl_->thread.joinable()) impl_->thread.join();
  // Only a writer that was never started has any left.
  for (Group group = impl_->take(); !group.empty(); group = impl_->take()) {
    for (auto& waiting : group) waiting->result = fail(ErrorKind::kClosed, "the server is stopping");
    deliver(group);
  }
}

bool LogWriter::failed() const {
  return impl_->failed;
}

std::string LogWriter::trouble() const {
  if (failed()) return "the packet log has failed";
  const SteadyTime::rep since = impl_->busy_since;
  if (since == 0) return {};
  const auto busy = impl_->time.steady() - SteadyTime(SteadyTime::duration(since));
  if (busy < limits::kLogStalled) return {};
  return fmt::format("the disk has not finished a write of the packet log for {} s",
                     std::chrono::duration_cast<std::chrono::seconds>(busy).count());
}

asio::awaitable<Result<AppendOutcome>> LogWriter::append(std::unique_ptr<PendingUpload> upload) {
  auto waiting = std::make_unique<Waiting>(co_await asio::this_coro::executor);
  waiting->bytes = upload->body.size() + upload->compressed_body.size();
  waiting->upload = std::move(upload);
  waiting->since = impl_->time.steady();
  std::optional<Result<AppendOutcome>> slot;
  waiting->slot = &slot;
  auto initiate = [this, &waiting](auto handler) {
    waiting->resume = [handler = std::move(handler)]() mutable { std::move(handler)(); };
    if (auto queued = impl_->enqueue(waiting); !queued) {
      impl_->probe.count(queued.error().kind);
      waiting->result = std::unexpected(std::move(queued).error());
      Group refused;
      refused.push_back(std::move(waiting));
      deliver(refused);
    }
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, asio::use_awaitable);
  co_return std::move(*slot);
}

}  // namespace mmm::store
