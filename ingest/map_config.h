#pragma once

#include "core/config/config_reader.h"

#include <filesystem>
#include <string>

namespace mmm::ingest {

// [map] of the server's configuration.
struct MapConfig {
  double center_latitude = 39.8283;    // degrees
  double center_longitude = -98.5795;  // degrees
  int zoom_level = 4;
  bool force_center = false;
  // A base map in place of the embedded one: where its tiles are, with {z}, {x} and {y}, or a PMTiles file that the
  // server hands out. At most one of the two; both empty: the embedded one.
  std::string tile_url;
  std::filesystem::path pmtiles;
  std::string attribution;  // whose map it is: shown on the map

  // The site that browsers fetch tiles from ("https://tiles.example"); empty: this server alone.
  [[nodiscard]] std::string tile_origin() const;

  bool operator==(const MapConfig&) const = default;
};

// Mistakes are noted in the reader.
void read_map(config::ConfigReader& reader, MapConfig& map);

}  // namespace mmm::ingest
