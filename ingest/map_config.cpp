#include "ingest/map_config.h"

#include <fmt/core.h>

#include <algorithm>

namespace mmm::ingest {
namespace {

// The scheme and the host of an address; empty: it has none.
std::string_view origin_of(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::size_t end = url.find('/', scheme.size());
    return end == std::string_view::npos ? std::string_view() : url.substr(0, end);
  }
  return {};
}

// A host of a policy: what could end it, or be another source, is refused.
bool is_plain_origin(std::string_view origin) {
  if (origin.empty()) return false;
  const std::string_view host = origin.substr(origin.find("//") + 2);
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == ':' || c == '[' || c == ']';
  });
}

bool is_tile_url(std::string_view url) {
  const bool has_places = url.contains("{z}") && url.contains("{x}") && url.contains("{y}");
  const bool is_printable =
      std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '\\'; });
  const bool is_own = url.starts_with('/') && !url.starts_with("//");
  return has_places && is_printable && (is_own || is_plain_origin(origin_of(url)));
}

}  // namespace

std::string MapConfig::tile_origin() const {
  return std::string(origin_of(tile_url));
}

void read_map(config::ConfigReader& reader, MapConfig& map) {
  config::SectionReader section = reader.section("map");
  map.center_latitude = section.number("center_lat", map.center_latitude, -90, 90);
  map.center_longitude = section.number("center_lon", map.center_longitude, -180, 180);
  map.zoom_level = static_cast<int>(section.integer("zoom_level", map.zoom_level, 0, 22));
  map.force_center = section.boolean("force_center", map.force_center);
  map.tile_url = section.text("tile_url", map.tile_url);
  map.pmtiles = section.text("pmtiles", map.pmtiles.string());
  map.attribution = section.text("attribution", map.attribution);
  if (!map.tile_url.empty() && !is_tile_url(map.tile_url)) {
    section.mistake("tile_url",
                    fmt::format("'{}' is no address of tiles; it begins with https://, http:// or /, and has "
                                "{{z}}, {{x}} and {{y}}: https://tiles.example/{{z}}/{{x}}/{{y}}.png",
                                map.tile_url));
  }
  if (!map.tile_url.empty() && !map.pmtiles.empty()) {
    section.mistake("pmtiles", "tile_url says another base map; keep one of the two");
  }
}

}  // namespace mmm::ingest
