#include "core/log/log.h"

#include "core/base/ascii.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cctype>

namespace mmm::log {
namespace {

std::atomic<Level> current_level{Level::kInfo};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
    case Level::kCritical:
      return spdlog::level::critical;
  }
  return spdlog::level::info;
}

bool is_control(unsigned char byte) {
  return byte < 0x20 || byte == 0x7F;
}

// The C1 controls of UTF-8 text are U+0080 to U+009F, of which U+009B starts a terminal's escape sequence.
bool is_c1_control(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && static_cast<unsigned char>(text[at]) == 0xC2 &&
         static_cast<unsigned char>(text[at + 1]) >= 0x80 && static_cast<unsigned char>(text[at + 1]) <= 0x9F;
}

// Control characters as \xNN: what comes from outside must not start a new line or move a terminal's cursor.
std::string escape_control(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (is_c1_control(text, i)) {
      escaped += fmt::format("\\x{:02x}\\x{:02x}", byte, static_cast<unsigned char>(text[++i]));
    } else if (is_control(byte)) {
      escaped += fmt::format("\\x{:02x}", byte);
    } else {
      escaped.push_back(text[i]);
    }
  }
  return escaped;
}

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_control(static_cast<unsigned char>(text[i])) || is_c1_control(text, i)) return true;
  }
  return false;
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

void start(Level level) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-8l %v");
  sink->set_formatter(std::move(formatter));
  auto logger = std::make_shared<spdlog::logger>("mmm", std::move(sink));
  logger->set_level(spdlog::level::debug);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
  set_level(level);
}

void set_level(Level level) {
  current_level.store(level, std::memory_order_relaxed);
}

bool enabled(Level level) {
  return level >= current_level.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view component, std::string_view text) {
  if (!enabled(level)) return;
  if (has_control(text)) {
    spdlog::log(to_spdlog(level), "{}: {}", component, escape_control(text));
  } else {
    spdlog::log(to_spdlog(level), "{}: {}", component, text);
  }
}

}  // namespace mmm::log
