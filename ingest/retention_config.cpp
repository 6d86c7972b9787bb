#include "ingest/retention_config.h"

#include "core/base/limits.h"
#include "core/config/units.h"

#include <fmt/format.h>

namespace mmm::ingest {
namespace {

constexpr std::string_view kForever = "forever";
constexpr std::chrono::hours kTelemetryKept{90 * 24};
constexpr std::chrono::hours kLongest{100 * 365 * 24};

std::int64_t to_count(std::chrono::microseconds time) {
  return time.count();
}

std::optional<std::int64_t> read_keep(config::SectionReader& section, std::string_view key,
                                      std::optional<std::int64_t> fallback) {
  const auto text = section.optional_text(key);
  if (!text) return fallback;
  if (*text == kForever) return std::nullopt;
  const auto keep = config::parse_duration(*text);
  if (keep && *keep >= limits::kRetentionMin && *keep <= kLongest) return to_count(*keep);
  section.mistake(key, fmt::format("'{}' is not how long to keep something; allowed are forever, and times from {} on "
                                   "such as 90d or 36h",
                                   *text, config::describe_duration(limits::kRetentionMin)));
  return fallback;
}

}  // namespace

RetentionConfig read_retention(config::ConfigReader& reader) {
  config::SectionReader section = reader.section("retention");
  RetentionConfig retention;
  retention.log = read_keep(section, "log", std::nullopt);
  for (std::size_t i = 0; i < index::kDataClasses; ++i) {
    std::optional<std::int64_t> fallback;
    if (static_cast<index::DataClass>(i) == index::DataClass::kTelemetry) fallback = to_count(kTelemetryKept);
    retention.index[i] = read_keep(section, index::kDataClassNames[i], fallback);
  }
  return retention;
}

}  // namespace mmm::ingest
