#include "ingest/project.h"

#include "core/base/limits.h"
#include "core/base/thread_priority.h"
#include "core/base/time.h"
#include "core/log/log.h"
#include "core/store/index/index_writer.h"
#include "core/store/index/schema.h"
#include "core/store/packet_log.h"
#include "ingest/project/delay_gate.h"
#include "ingest/project/lag.h"
#include "ingest/project/metrics_probe.h"
#include "ingest/project/projection.h"
#include "ingest/project/rebuild_progress.h"
#include "ingest/project/rebuilder.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace mmm::ingest {
namespace {

constexpr const char* kComponent = "ingest/project";
constexpr auto kDiskFullPause = std::chrono::seconds(1);
// How often the progress of an index that is made beside is shown while nothing comes.
constexpr std::chrono::minutes kProgressPause{1};
// A file system that damages the index again and again will not get better by trying.
constexpr int kRebuildsMax = 3;

}  // namespace

struct Projector::Impl {
  Impl(const store::PacketLog& packet_log, std::unique_ptr<mesh::Keyring> keyring, store::AppliedFeed& applied_feed,
       metrics::Registry& registry, ProjectorOptions projector_options)
      : log(packet_log),
        keys(std::move(keyring)),
        feed(applied_feed),
        probe(registry),
        options(std::move(projector_options)),
        trim_pass(options.retention, options.retention_clock),
        rebuilder(log, *keys, options.projection, options.delay, options.index_path, [this] { wake_up(); }) {}

  Result<> open();
  // Says what has to be made anew, and begins with it.
  void begin_rebuild();
  Result<bool> take_rebuilt();
  void wake_up();
  void show_idle();
  Result<> rebuild_from_scratch(std::string_view why);
  void run();
  // One round: what can be read at once. False: there was nothing.
  Result<bool> advance();
  [[nodiscard]] std::chrono::microseconds idle_pause() const;
  Result<> commit();
  // Removes some of what is too old. False: nothing was.
  Result<bool> trim();
  // Deals with a failure of a round; false: it is final.
  bool recover(const Error& error);
  void show_lag();
  void give_up(const Error& error);
  [[nodiscard]] ProjectionState state() const;

  const store::PacketLog& log;
  std::unique_ptr<mesh::Keyring> keys;
  store::AppliedFeed& feed;
  ProjectionProbe probe;
  ProjectorOptions options;
  DelayGate delay{options.delay};

  // The thread's own.
  std::unique_ptr<index::IndexWriter> writer;
  std::unique_ptr<Projection> projection;
  TrimPass trim_pass;
  bool announce = false;     // another index is in place: clients load anew once it has caught up
  bool out_of_step = false;  // what is in memory no longer follows from the index: read it again
  int rebuilds = 0;
  std::uint64_t applied_records = 0;
  RebuildProgress progress;

  std::atomic<store::LogId> cursor{0};   // applied and committed
  std::atomic<store::LogId> durable{0};  // told by notify()
  Lag lag;
  std::atomic<bool> rebuilding{false};
  std::atomic<bool> caught_up{false};

  mutable std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::string failure;
  // After what its thread uses.
  Rebuilder rebuilder;
  std::thread thread;
};

Result<> Projector::Impl::open() {
  auto opened = index::IndexWriter::open(options.index_path);
  if (!opened) return fail(opened.error());
  writer = std::move(*opened);
  auto made = Projection::open(*writer, *keys, options.projection);
  if (!made) return fail(made.error());
  projection = std::move(*made);
  trim_pass.forget();
  // As with damage, nobody may be shown anything of it.
  if (!projection->is_as_private()) {
    return fail(ErrorKind::kCorrupt, "the index was made with other privacy and may hold what is not to be shown");
  }
  cursor = projection->cursor();
  if (cursor > log.last_durable()) {
    return fail(ErrorKind::kCorrupt,
                "the index goes to record {}, the packet log only to {}: they do not belong together", cursor.load(),
                log.last_durable());
  }
  if (cursor == 0 && log.last_durable() != 0 && !rebuilding) {
    rebuilding = true;
    probe.rebuilds.Increment();
    log::info(kComponent, "{} is new: building it from the packet log", options.index_path.string());
  }
  return {};
}

Result<> Projector::Impl::rebuild_from_scratch(std::string_view why) {
  if (++rebuilds > kRebuildsMax) {
    return fail(ErrorKind::kCorrupt, "the index was damaged {} times: check the disk ({})", rebuilds, why);
  }
  log::warning(kComponent, "building the index again from the packet log: {}", why);
  projection.reset();
  writer.reset();
  if (auto removed = clear_index(log, options.index_path); !removed) return removed;
  rebuilding = false;
  return open();
}

void Projector::Impl::begin_rebuild() {
  const bool fits = projection->fits();
  if (fits && !rebuilder.is_unfinished()) return;
  if (auto may = may_reindex(log, false); !may) {
    if (!fits) {
      log::warning(kComponent,
                   "the keys or the options have changed since the index was made, which shows in new packets only: {}",
                   may.error().message);
    }
    return;
  }
  auto begun = rebuilder.start(fits ? "an earlier run was interrupted" : "the keys or the options have changed");
  if (begun) {
    probe.rebuilds.Increment();
  } else {
    log::error(kComponent, "{}", begun.error().message);
  }
}

Result<bool> Projector::Impl::take_rebuilt() {
  projection.reset();
  writer.reset();
  if (auto placed = rebuilder.put_in_place(); placed) {
    log::info(kComponent, "the index made anew is in place");
    announce = true;
  } else {
    log::error(kComponent, "the old index goes on: {}", placed.error().message);
  }
  if (auto opened = open(); !opened) return fail(opened.error());
  return true;
}

void Projector::Impl::wake_up() {
  {
    std::lock_guard lock(mutex);
  }  // as in notify()
  wake.notify_one();
}

void Projector::Impl::show_idle() {
  if (rebuilding.exchange(false)) log::info(kComponent, "the index is whole again: {} records", applied_records);
  const bool first = !caught_up.exchange(true) && applied_records > 0;
  if (!first && !announce) return;
  announce = false;
  feed.publish({.last = cursor, .packets = {}, .receptions = {}, .nodes = {}, .agents = {}, .restart = true});
}

void Projector::Impl::run() {
  lower_thread_priority(Nice::kFollowing);
  for (;;) {
    auto advanced = rebuilder.ready() ? take_rebuilt() : advance();
    if (advanced && !*advanced) show_idle();
    Result<bool> trimmed = false;
    if (advanced && caught_up) trimmed = trim();
    if (!trimmed) advanced = fail(trimmed.error());
    if (!advanced && !recover(advanced.error())) return;
    const bool idle = advanced && !*advanced && !*trimmed;
    show_lag();
    std::unique_lock lock(mutex);
    const auto ready = [this] {
      return stopping || (!delay.holds() && durable.load() > cursor.load()) || rebuilder.ready();
    };
    if (idle) wake.wait_for(lock, idle_pause(), ready);
    if (!advanced) wake.wait_for(lock, kDiskFullPause, [this] { return stopping; });
    if (stopping) return;
  }
}

std::chrono::microseconds Projector::Impl::idle_pause() const {
  if (delay.holds()) return delay.pause();
  if (rebuilder.state().running) return kProgressPause;
  return limits::kRetentionInterval;
}

Result<bool> Projector::Impl::advance() {
  // What a failed commit left is written before anything else is read.
  if (projection->has_pending()) {
    if (auto committed = commit(); !committed) return fail(committed.error());
  }
  // Not before the server listens: this takes up to a second, several from a cold disk.
  if (auto loaded = projection->load_window(); !loaded) return fail(loaded.error());
  std::vector<store::StoredChunk> chunks;
  if (auto read = log.read(projection->cursor() + 1, limits::kProjectionReadBytesMax, chunks); !read) {
    // Never kCorrupt: that would be taken for damage of the index, which is then thrown away.
    return fail(ErrorKind::kIo, "the packet log cannot be read: {}", read.error().message);
  }
  delay.pass(chunks);
  if (chunks.empty()) {
    lag.clear();
    show_lag();
    return false;
  }
  probe.begin();
  lag.read(chunks, std::min(log.last_durable(), shown_until(delay.delay())));
  show_lag();
  for (const store::StoredChunk& chunk : chunks) {
    if (!chunk.damage.empty()) {
      log::error(kComponent, "records {} to {} of the packet log are damaged and left out: {}", chunk.first_id,
                 chunk.last_id(), chunk.damage);
    }
    if (auto applied = projection->apply(chunk); !applied) {
      out_of_step = true;
      return fail(applied.error());
    }
    if (projection->pending_records() < limits::kProjectionRecordsMax) continue;
    if (auto committed = commit(); !committed) return fail(committed.error());
  }
  if (auto committed = commit(); !committed) return fail(committed.error());
  return true;
}

Result<> Projector::Impl::commit() {
  const std::size_t records = projection->pending_records();
  // While it catches up at the start, what it applies is history and no news; clients load anew at the end.
  const bool watched = feed.watched() && caught_up && !announce;
  store::AppliedBatch batch;
  if (auto committed = projection->commit(watched ? &batch : nullptr); !committed) return committed;
  if (watched && batch.last != 0) feed.publish(std::move(batch));
  cursor = projection->cursor();
  lag.committed(records);
  applied_records += records;
  if (records > 0) probe.committed(projection->last_counts(), projection->last_mesh_packets());
  probe.index_bytes.Set(static_cast<double>(writer->bytes_on_disk()));
  show_lag();
  if (rebuilding) progress.show(log, cursor, applied_records);
  return writer->checkpoint(limits::kIndexCheckpointPages);
}

Result<bool> Projector::Impl::trim() {
  auto more = trim_pass.step(*writer, projection->cursor());
  if (!more) {
    if (more.error().kind == ErrorKind::kCorrupt) return more;
    log::error(kComponent, "what is too old stays in the index until the next try: {}", more.error().message);
    return false;
  }
  probe.trimmed_rows.Increment(static_cast<double>(trim_pass.removed()));
  if (*more) {
    probe.index_bytes.Set(static_cast<double>(writer->bytes_on_disk()));
    if (auto moved = writer->checkpoint(limits::kIndexCheckpointPages); !moved) return fail(moved.error());
  }
  return more;
}

bool Projector::Impl::recover(const Error& error) {
  Result<> recovered = fail(error);
  if (error.kind == ErrorKind::kDiskFull || error.kind == ErrorKind::kUnavailable) {
    probe.retries.Increment();
    log::error(kComponent, "the index cannot be written, trying again: {}", error.message);
    recovered = Result<>();
    if (out_of_step) {
      projection.reset();
      writer.reset();
      recovered = open();
    }
  } else if (error.kind == ErrorKind::kCorrupt) {
    recovered = rebuild_from_scratch(error.message);
  }
  if (!recovered) {
    give_up(recovered.error());
    return false;
  }
  out_of_step = false;
  return true;
}

void Projector::Impl::give_up(const Error& error) {
  {
    std::lock_guard lock(mutex);
    failure = error.message;
  }
  log::critical(kComponent, "the index is no longer kept up to date: {}", error.message);
  if (options.on_failure) options.on_failure(error);
}

void Projector::Impl::show_lag() {
  const ProjectionState now = state();
  probe.lag_records.Set(static_cast<double>(now.lag_records));
  probe.lag_seconds.Set(now.lag_seconds);
  const RebuildState rebuild = rebuilder.state();
  probe.rebuild_share.Set(rebuild.running ? rebuild.share : 0);
}

ProjectionState Projector::Impl::state() const {
  ProjectionState now;
  now.last_id = cursor;
  const store::LogId last = std::max(durable.load(), log.last_durable());
  if (last > now.last_id && !delay.holds()) {
    now.lag_records = std::max<std::uint64_t>(lag.records(), 1);
    const store::LogId first = lag.oldest();
    const auto now_us = static_cast<store::LogId>(to_micros(wall_now()));
    const auto due = first + static_cast<store::LogId>(delay.delay().count());
    if (first != 0 && now_us > due) now.lag_seconds = static_cast<double>(now_us - due) / 1e6;
  }
  now.rebuilding = rebuilding;
  now.caught_up = caught_up;
  std::lock_guard lock(mutex);
  now.failure = failure;
  return now;
}

Projector::Projector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Projector::~Projector() {
  stop();
}

Result<std::unique_ptr<Projector>> Projector::start(const store::PacketLog& log, std::unique_ptr<mesh::Keyring> keys,
                                                    store::AppliedFeed& feed, metrics::Registry& registry,
                                                    ProjectorOptions options) {
  auto impl = std::make_unique<Impl>(log, std::move(keys), feed, registry, std::move(options));
  if (auto opened = impl->open(); !opened) {
    if (opened.error().kind != ErrorKind::kCorrupt) return fail(opened.error());
    if (auto rebuilt = impl->rebuild_from_scratch(opened.error().message); !rebuilt) return fail(rebuilt.error());
  }
  impl->durable = log.last_durable();
  impl->caught_up = impl->cursor >= impl->durable;
  impl->begin_rebuild();
  impl->thread = std::thread(&Impl::run, impl.get());
  return std::unique_ptr<Projector>(new Projector(std::move(impl)));
}

void Projector::notify(store::LogId last) {
  {
    // Under the lock, so that the thread cannot miss it between looking and waiting.
    std::lock_guard lock(impl_->mutex);
    if (impl_->durable.load() <= impl_->cursor.load()) impl_->lag.begin(last);
    impl_->durable = last;
  }
  impl_->wake.notify_one();
}

void Projector::stop() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  impl_->rebuilder.stop();
  if (!impl_->thread.joinable()) return;
  impl_->thread.join();
  if (!impl_->writer) return;
  if (auto moved = impl_->writer->checkpoint(0); !moved) {
    log::warning(kComponent, "the index's WAL stays for the next start: {}", moved.error().message);
  }
}

ProjectionState Projector::state() const {
  return impl_->state();
}

Result<> Projector::rebuild(bool drop_older) {
  if (auto may = may_reindex(impl_->log, drop_older); !may) return may;
  auto begun = impl_->rebuilder.start("an operator asked for it");
  if (begun) impl_->probe.rebuilds.Increment();
  return begun;
}

store::LogId Projector::log_may_go() const {
  const ProjectionState now = state();
  return now.caught_up && !rebuild_state().running ? now.last_id : 0;
}

RebuildState Projector::rebuild_state() const {
  return impl_->rebuilder.state();
}

}  // namespace mmm::ingest
