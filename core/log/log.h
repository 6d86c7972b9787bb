#pragma once

#include <fmt/core.h>

#include <cstdint>
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

// Lines go to standard error: "2026-11-24T03:54:53.123Z INFO  component: text". Call once from main, before any thread.
void start(Level level);
void set_level(Level level);
bool enabled(Level level);

// Thread-safe; does not block on anything but standard error. Line breaks and control characters in `text` are shown as
// escapes, so that bytes from outside cannot forge a line.
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
