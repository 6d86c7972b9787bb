#include "core/config/units.h"

#include "core/base/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

namespace mmm::config {
namespace {

struct Scaled {
  double value;
  std::string unit;  // lower case, without spaces
};

// Splits "1.5 GiB" into number and unit.
std::optional<Scaled> split_unit(std::string_view text) {
  const auto end = text.find_first_not_of("0123456789.");
  const auto value = parse_number(text.substr(0, end));
  if (!value || *value < 0) return std::nullopt;
  std::string unit = end == std::string_view::npos ? "" : ascii_lower(text.substr(end));
  unit.erase(std::remove(unit.begin(), unit.end(), ' '), unit.end());
  return Scaled{*value, unit};
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string word = ascii_lower(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto scaled = split_unit(text);
  if (!scaled) return std::nullopt;
  double factor = 0;
  if (scaled->unit == "ms") factor = 1;
  if (scaled->unit.empty() || scaled->unit == "s") factor = 1000;
  if (scaled->unit == "m" || scaled->unit == "min") factor = 60'000;
  if (scaled->unit == "h") factor = 3'600'000;
  if (scaled->unit == "d") factor = 86'400'000;
  // A century: beyond it the sum with a clock could overflow.
  constexpr double kMax = 100.0 * 366 * 86'400'000;
  if (factor == 0 || scaled->value * factor > kMax) return std::nullopt;
  return std::chrono::milliseconds{std::llround(scaled->value * factor)};
}

std::optional<std::uint64_t> parse_byte_size(std::string_view text) {
  const auto scaled = split_unit(text);
  if (!scaled) return std::nullopt;
  std::string unit = scaled->unit;
  if (unit == "b" || unit == "bytes") unit.clear();
  if (unit.ends_with("ib")) unit.resize(unit.size() - 2);
  if (unit.ends_with("b")) unit.resize(unit.size() - 1);
  double factor = 0;
  if (unit.empty()) factor = 1;
  if (unit == "k") factor = 1024.0;
  if (unit == "m") factor = 1024.0 * 1024;
  if (unit == "g") factor = 1024.0 * 1024 * 1024;
  if (unit == "t") factor = 1024.0 * 1024 * 1024 * 1024;
  constexpr double kMax = 1e18;
  if (factor == 0 || scaled->value * factor > kMax) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(scaled->value * factor));
}

std::string describe_byte_size(std::uint64_t bytes) {
  constexpr std::array<std::pair<const char*, unsigned>, 4> kUnits{
      {{"TiB", 40}, {"GiB", 30}, {"MiB", 20}, {"KiB", 10}}};
  for (const auto& [unit, shift] : kUnits) {
    const std::uint64_t size = std::uint64_t{1} << shift;
    if (bytes >= size && bytes % size == 0) return fmt::format("{} {}", bytes / size, unit);
  }
  return fmt::format("{} bytes", bytes);
}

std::string describe_duration(std::chrono::milliseconds duration) {
  constexpr std::array<std::pair<const char*, std::int64_t>, 4> kUnits{
      {{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000}, {"s", 1000}}};
  for (const auto& [unit, size] : kUnits) {
    if (duration.count() >= size && duration.count() % size == 0) {
      return fmt::format("{} {}", duration.count() / size, unit);
    }
  }
  return fmt::format("{} ms", duration.count());
}

}  // namespace mmm::config
