#include "ingest/project/rebuilder.h"

#include "core/base/limits.h"
#include "core/base/thread_priority.h"
#include "core/log/log.h"
#include "core/store/free_space.h"
#include "core/store/index/schema.h"
#include "ingest/project/delay_gate.h"

namespace mmm::ingest {
namespace {

constexpr const char* kComponent = "ingest/project";

}  // namespace

Rebuilder::Rebuilder(const store::PacketLog& log, const mesh::Keyring& keys, const ProjectionOptions& options,
                     std::chrono::microseconds delay, std::filesystem::path index_path, std::function<void()> on_ready)
    : log_(log),
      keys_(keys.copy()),
      options_(options),
      delay_(delay),
      index_path_(std::move(index_path)),
      on_ready_(std::move(on_ready)) {}

Rebuilder::~Rebuilder() {
  stop();
}

std::filesystem::path Rebuilder::beside(const std::filesystem::path& index_path) {
  return index_path.string() + ".new";
}

bool Rebuilder::is_unfinished() const {
  std::error_code ignored;
  return std::filesystem::exists(beside(index_path_), ignored);
}

Result<> Rebuilder::start(std::string_view why) {
  std::lock_guard lock(mutex_);
  if (state_.running || ready_) {
    return fail(ErrorKind::kUnavailable, "the index is being made anew already: {:.0f} % are done", state_.share * 100);
  }
  if (stopping_) return fail(ErrorKind::kClosed, "the server is stopping");
  if (thread_.joinable()) thread_.join();
  log::info(kComponent, "making the index anew beside the one that serves: {}", why);
  state_.running = true;
  state_.share = 0;
  state_.records = 0;
  state_.failure.clear();
  thread_ = std::thread([this] { run(); });
  return {};
}

void Rebuilder::run() {
  lower_thread_priority(Nice::kBackground);
  auto built = build();
  std::lock_guard lock(mutex_);
  build_.reset();
  if (built && *built) {
    state_.share = 1;
    ready_ = true;
    on_ready_();
    return;
  }
  state_.running = false;
  if (built) return;  // stopped
  state_.failure = built.error().message;
  log::error(kComponent, "the index could not be made anew, the old one goes on: {}", built.error().message);
  if (built.error().kind == ErrorKind::kDiskFull) (void)index::remove_index(beside(index_path_));
}

Result<bool> Rebuilder::build() {
  auto opened = IndexBuild::open(log_, keys_, options_, beside(index_path_), shown_until(delay_));
  if (!opened) return fail(opened.error());
  IndexBuild& build = **opened;
  if (!build.begun_with().empty()) log::info(kComponent, "{}", build.begun_with());
  {
    std::lock_guard lock(mutex_);
    build_ = std::move(*opened);
  }
  for (;;) {
    if (stopping_) return false;
    if (auto room = check_room(); !room) return fail(room.error());
    auto advanced = build.advance();
    if (!advanced) return advanced;
    if (!*advanced) break;
  }
  if (auto finished = build.finish(); !finished) return fail(finished.error());
  return true;
}

Result<> Rebuilder::check_room() const {
  auto free = store::free_bytes(index_path_.parent_path().empty() ? "." : index_path_.parent_path());
  if (!free) return fail(free.error());
  if (*free >= limits::kRebuildFreeBytesMin) return {};
  return fail(ErrorKind::kDiskFull, "only {} MiB are free, and {} MiB have to stay so: make room and ask for it again",
              *free >> 20U, limits::kRebuildFreeBytesMin >> 20U);
}

Result<> Rebuilder::put_in_place() {
  std::lock_guard lock(mutex_);
  auto replaced = index::replace_index(beside(index_path_), index_path_);
  ready_ = false;
  state_.running = false;
  if (replaced) {
    state_.share = 1;
    ++state_.finished;
  } else {
    state_.failure = replaced.error().message;
  }
  return replaced;
}

void Rebuilder::stop() {
  stopping_ = true;
  std::thread thread;
  {
    std::lock_guard lock(mutex_);
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

RebuildState Rebuilder::state() const {
  std::lock_guard lock(mutex_);
  RebuildState now = state_;
  if (build_) {
    now.share = build_->share();
    now.records = build_->records();
  }
  return now;
}

}  // namespace mmm::ingest
