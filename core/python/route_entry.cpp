#include "core/base/encoding.h"
#include "core/base/time.h"
#include "core/mesh/node_id.h"
#include "core/python/entry_parts.h"

namespace mmm::python {
namespace {

constexpr std::size_t kDiscoveryIdBytesMax = 64;
constexpr std::size_t kSnrsMax = 64;
constexpr double kSnrUnknown = -32;  // -128 quarters of a decibel
constexpr double kSnrMax = 1000;

std::vector<std::optional<float>> read_snrs(std::optional<json::array> array) {
  std::vector<std::optional<float>> snrs;
  if (!array) return snrs;
  for (auto element : *array) {
    json::value value;
    if (snrs.size() == kSnrsMax || element.get(value) != simdjson::SUCCESS) break;
    const auto snr = to_number(value);
    const bool is_known = snr && *snr != kSnrUnknown && std::abs(*snr) < kSnrMax;
    snrs.push_back(is_known ? std::optional(static_cast<float>(*snr)) : std::nullopt);
  }
  return snrs;
}

}  // namespace

Result<RouteEntry> read_route(json::object entry) {
  RouteEntry route;
  const auto source = node_number(text(entry, "source_node_id"));
  const auto target = node_number(text(entry, "target_node_id"));
  if (!source || !target) return fail(ErrorKind::kMalformed, "the route has no source or no target");
  route.source = *source;
  route.target = *target;
  route.discovery_id = sanitize_utf8(text(entry, "discovery_id").value_or("").substr(0, kDiscoveryIdBytesMax));
  route.path = node_numbers(array(entry, "route_path"));
  if (!route.path.empty() && route.path.back() == route.source && route.source != route.target) {
    route.path.back() = route.target;
  }
  route.path_back = node_numbers(array(entry, "route_back"));
  route.snr_towards = read_snrs(array(entry, "snr_towards"));
  route.snr_back = read_snrs(array(entry, "snr_back"));
  route.total_time_ms = integer<std::uint32_t>(entry, "total_time_ms");
  const auto discovered = text(entry, "discovery_timestamp");
  const auto time = discovered ? parse_iso8601(*discovered) : std::nullopt;
  if (time) route.discovered_us = to_micros(*time);
  route.success = is_true(entry, "success");
  return route;
}

}  // namespace mmm::python
