#include "metrics/page/metrics_page.h"

#include "metrics/catalog_agent.h"
#include "metrics/catalog_common.h"
#include "metrics/catalog_server.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

namespace mmm::metrics {
namespace {

constexpr const char* kHead = R"(# Metrics

<!-- Made from metrics/catalog_*.h by `cmake --build --preset dev --target metrics_page`; a test compares the two. -->

Each program serves what it counts in Prometheus' text format at `http://127.0.0.1:9090/metrics` (`[metrics]` in
[configuration.md](configuration.md)). Units are Prometheus' base units and stand in the names. Counters (`_total`) begin
at 0 with the program. A histogram has the series `_bucket`, `_sum` and `_count`, with the bounds that are listed.

Labels are bounded: by the configuration (`radio`, `server`, `collector`), by the code (`outcome`, `reason`, `route` …), or
by `[metrics] agents_max` and `nodes_max` (`agent`, `node`). 200 agents and 2,000 nodes are some 15,000 series, of which
a scrape takes 10 ms.

| label | is |
|---|---|
| `agent` | `[agent] id` of an agent |
| `node` | a node of the mesh, as `!0a1b2c3d` |
| `radio` | the section of an agent's configuration that names a radio: `meshtastic`, `meshtastic_2` … |
| `server` | the section of an agent's configuration that names a server, without `server_`; `group:NAME` for what a group shares |
| `collector` | the section `[json_tcp_log_NAME]`, its NAME |
)";

std::string_view kind_of(Type type) {
  switch (type) {
    case Type::kCounter:
      return "counter";
    case Type::kGauge:
      return "gauge";
    case Type::kHistogram:
      return "histogram";
  }
  return "";
}

std::string_view unit_of(std::string_view name) {
  if (name.ends_with("_total")) name.remove_suffix(6);
  if (name.ends_with("_timestamp_seconds")) return "s since 1970";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUnits{
      {{"_seconds", "s"}, {"_bytes", "bytes"}, {"_ratio", "0 to 1"}, {"_decibels", "dB"}}};
  const auto* const unit = std::ranges::find_if(kUnits, [&](const auto& each) { return name.ends_with(each.first); });
  return unit == kUnits.end() ? "" : unit->second;
}

std::string number(double value) {
  std::array<char, 32> text{};
  return {text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%g", value))};
}

std::string row(const Definition& metric) {
  std::string text = "| `" + std::string(metric.name) + "` | " + std::string(kind_of(metric.type));
  const std::string_view unit = unit_of(metric.name);
  if (!unit.empty()) text += ", " + std::string(unit);
  text += " | ";
  for (std::size_t i = 0; i < metric.labels.size(); ++i)
    text += (i > 0 ? ", `" : "`") + std::string(metric.labels[i]) + "`";
  text += " | " + std::string(metric.help);
  for (std::size_t i = 0; i < metric.buckets.size(); ++i)
    text += (i > 0 ? ", " : " Bounds: ") + number(metric.buckets[i]);
  return text + (metric.buckets.empty() ? "" : ".") + " |\n";
}

std::string table(std::string_view title, std::string_view prefix) {
  std::string text =
      "\n## " + std::string(title) + "\n\n| metric | type, unit | labels | what it means |\n|---|---|---|---|\n";
  for (const Definition* metric : Definition::all()) {
    const std::string_view name = metric->name;
    const bool is_programs = name.starts_with("mmm_agent_") || name.starts_with("mmm_server_");
    if (prefix.empty() ? !is_programs : name.starts_with(prefix)) text += row(*metric);
  }
  return text;
}

}  // namespace

std::string metrics_page() {
  return kHead + table("mmm-server", "mmm_server_") + table("mmm-agent", "mmm_agent_") + table("Both programs", "");
}

}  // namespace mmm::metrics
