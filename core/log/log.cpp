#include "core/log/log.h"

#include "core/base/ascii.h"
#include "core/log/escape.h"
#include "core/log/json_line.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

namespace mmm::log {
namespace {

std::atomic<Level> current_level{Level::kInfo};

using Output = std::shared_ptr<spdlog::sinks::sink>;

// Where lines go, and how they look there.
struct Outputs {
  std::mutex mutex;
  Output standard_error;
  Output file;
  bool file_fails = false;
  bool json = false;
  std::vector<std::shared_ptr<Sink>> sinks;
};

// Lives to the program's end: threads may log while it exits.
Outputs& outputs() {
  static auto* const instance = new Outputs;
  return *instance;
}

// "2026-11-24T03:54:53.123Z info     component: text"
std::string to_text(const Line& line) {
  const auto time = std::chrono::floor<std::chrono::milliseconds>(line.time);
  const auto millis = (time - std::chrono::floor<std::chrono::seconds>(time)).count();
  std::string second = to_iso8601(std::chrono::floor<std::chrono::seconds>(time));
  second.pop_back();
  return fmt::format("{}.{:03}Z {:<8} {}: {}", second, millis, to_string(line.level), line.component, line.text);
}

Output only_text(Output output) {
  output->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  return output;
}

void put(spdlog::sinks::sink& output, const std::string& line) {
  output.log(spdlog::details::log_msg(spdlog::string_view_t(), spdlog::level::info, line));
  output.flush();
}

// spdlog throws when the file cannot be written. The program goes on, and says so once.
void put_into_file(Outputs& out, const std::string& line) {
  try {
    put(*out.file, line);
    out.file_fails = false;
  } catch (const spdlog::spdlog_ex& failure) {
    if (!std::exchange(out.file_fails, true)) {
      put(*out.standard_error,
          fmt::format("the log's file cannot be written, its lines are missing there: {}", failure.what()));
    }
  }
}

}  // namespace

std::optional<Level> parse_level(std::string_view name) {
  const std::string lower = ascii_lower(name);
  if (lower == "debug") return Level::kDebug;
  if (lower == "info") return Level::kInfo;
  if (lower == "warning" || lower == "warn") return Level::kWarning;
  if (lower == "error") return Level::kError;
  if (lower == "critical") return Level::kCritical;
  return std::nullopt;
}

const char* to_string(Level level) {
  static constexpr const char* kNames[] = {"debug", "info", "warning", "error", "critical"};
  return kNames[static_cast<std::size_t>(level)];
}

Result<> start(const Options& options) {
  Outputs& out = outputs();
  std::lock_guard lock(out.mutex);
  out.standard_error = only_text(std::make_shared<spdlog::sinks::stderr_sink_st>());
  out.file.reset();
  out.file_fails = false;
  out.json = options.json;
  set_level(options.level);
  if (options.file.empty()) return {};
  try {
    out.file = only_text(std::make_shared<spdlog::sinks::rotating_file_sink_st>(
        options.file.string(), options.file_bytes_max, options.file_backups));
  } catch (const spdlog::spdlog_ex& failure) {
    return fail(ErrorKind::kIo, "the log's file {} cannot be opened: {}", options.file.string(), failure.what());
  }
  return {};
}

void start(Level level) {
  // Without a file there is nothing to fail.
  static_cast<void>(start(Options{.level = level, .file = {}}));
}

void add_sink(std::shared_ptr<Sink> sink) {
  Outputs& out = outputs();
  std::lock_guard lock(out.mutex);
  out.sinks.push_back(std::move(sink));
}

void remove_sink(const Sink& sink) {
  Outputs& out = outputs();
  std::lock_guard lock(out.mutex);
  std::erase_if(out.sinks, [&sink](const std::shared_ptr<Sink>& each) { return each.get() == &sink; });
}

void set_level(Level level) {
  current_level.store(level, std::memory_order_relaxed);
}

bool enabled(Level level) {
  return level >= current_level.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view component, std::string_view text) {
  if (!enabled(level)) return;
  std::string escaped;
  if (has_control(text)) {
    escaped = escape_control(text);
    text = escaped;
  }
  const Line line{.time = wall_now(), .level = level, .component = component, .text = text};
  Outputs& out = outputs();
  std::lock_guard lock(out.mutex);
  if (out.standard_error) {
    const std::string rendered = out.json ? to_json(line) : to_text(line);
    put(*out.standard_error, rendered);
    if (out.file) put_into_file(out, rendered);
  }
  for (const auto& sink : out.sinks) sink->take(line);
}

}  // namespace mmm::log
