#include "core/store/rocks_listener.h"

#include "core/log/log.h"
#include "metrics/catalog_server.h"

#include <cstdarg>
#include <cstdio>
#include <string_view>

namespace mmm::store {
namespace {

constexpr const char* kComponent = "core/store";

class Listener final : public rocksdb::EventListener {
 public:
  explicit Listener(metrics::Registry& registry)
      : slowed_(registry.counter(metrics::server::kLogStalls, {{"state", "slowed"}})),
        stopped_(registry.counter(metrics::server::kLogStalls, {{"state", "stopped"}})),
        errors_(registry.counter(metrics::server::kLogBackgroundErrors)) {}

  void OnStallConditionsChanged(const rocksdb::WriteStallInfo& info) override {
    if (info.condition.cur == rocksdb::WriteStallCondition::kDelayed) slowed_.Increment();
    if (info.condition.cur == rocksdb::WriteStallCondition::kStopped) stopped_.Increment();
  }

  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status* error) override {
    errors_.Increment();
    log::error(kComponent, "the packet log's background work failed: {}", error->ToString());
  }

 private:
  prometheus::Counter& slowed_;
  prometheus::Counter& stopped_;
  prometheus::Counter& errors_;
};

class RocksLogger final : public rocksdb::Logger {
 public:
  RocksLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}
  using rocksdb::Logger::Logv;

  // RocksDB's older calls come without a level: they are its chatter.
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}

  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < GetInfoLogLevel() || level == rocksdb::InfoLogLevel::HEADER_LEVEL) return;
    char line[1024];
    const int size = std::vsnprintf(line, sizeof line, format, arguments);
    if (size <= 0) return;
    const std::string_view text(line);
    // What open() answers says it already; stalls are counted, they come many times a second at full load; and a
    // checkpoint keeps files from being deleted while it is made.
    for (const std::string_view known : {"DB::Open() failed", "Stopping writes", "Stalling writes", "File Deletions"}) {
      if (text.find(known) != std::string_view::npos) return;
    }
    log::warning(kComponent, "RocksDB: {}", text);
  }
};

}  // namespace

std::shared_ptr<rocksdb::EventListener> make_rocks_listener(metrics::Registry& registry) {
  return std::make_shared<Listener>(registry);
}

std::shared_ptr<rocksdb::Logger> make_rocks_logger() {
  return std::make_shared<RocksLogger>();
}

}  // namespace mmm::store
