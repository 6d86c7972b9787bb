#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <fmt/core.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// The log of a program: one line an event, which says what happened, to what, and what to do. Never a secret.
// spdlog stops in log.cpp (its headers cost seconds in each file).
namespace mmm::log {

enum class Level : std::uint8_t { kDebug, kInfo, kWarning, kError, kCritical };

// "debug", "info", "warning", "error", "critical", in any case ("warn" too). Empty for anything else.
std::optional<Level> parse_level(std::string_view name);

const char* to_string(Level level);

// One event, as the sinks get it.
struct Line {
  WallTime time;
  Level level = Level::kInfo;
  std::string_view component;
  std::string_view text;  // without line breaks and control characters
};

// Somewhere lines go besides standard error and the file. Called on any thread, one at a time; must not block.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void take(const Line& line) = 0;
};

struct Options {
  Level level = Level::kInfo;
  // Each line as a JSON object with time, level, component and message, for collectors that read standard error.
  bool json = false;
  // Empty: none. A file that would grow beyond `file_bytes_max` is renamed, agent.log to agent.1.log, that to
  // agent.2.log and so on, up to `file_backups` of them.
  std::filesystem::path file;
  std::uint64_t file_bytes_max = 10U << 20U;
  unsigned file_backups = 5;
};

// Lines go to standard error: "2026-11-24T03:54:53.123Z info     component: text", and to the file. Call once from
// main, before any thread. Fails with kIo when the file cannot be opened; lines go to standard error all the same.
Result<> start(const Options& options);
void start(Level level);
// Lines go to `sink`, too, until it is removed; also before start(). Thread-safe.
void add_sink(std::shared_ptr<Sink> sink);
// When it returns, nothing calls the sink any more.
void remove_sink(const Sink& sink);
void set_level(Level level);
bool enabled(Level level);

// Thread-safe; does not block on anything but standard error and the file. Line breaks and control characters in `text`
// are shown as escapes, so that bytes from outside cannot forge a line.
void write(Level level, std::string_view component, std::string_view text);

// The component is the module's folder: log::info("agent/upload", "…").
template <class... Args>
void debug(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kDebug)) write(Level::kDebug, component, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kInfo)) write(Level::kInfo, component, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kWarning)) write(Level::kWarning, component, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kError)) write(Level::kError, component, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void critical(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kCritical)) write(Level::kCritical, component, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace mmm::log
