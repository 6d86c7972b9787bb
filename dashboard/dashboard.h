#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"
#include "core/http/router.h"
#include "core/mesh/privacy.h"
#include "core/store/applied_feed.h"
#include "core/store/storage_report.h"
#include "metrics/registry.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mmm::store {
class PacketLog;
}
namespace mmm::mesh {
class Keyring;
}

namespace mmm::dashboard {

// How far the index is behind the log, as the server's main knows it from the projector.
struct ProjectionLag {
  std::uint64_t records = 0;
  double seconds = 0;
};

// Where the map starts when no node has a position, or always (`force`).
struct MapStart {
  double latitude = 0;   // degrees
  double longitude = 0;  // degrees
  int zoom = 0;          // 0 the world, each further one halves what is shown
  bool force = false;
};

class FleetMetrics;
class PmtilesFile;

// A base map in place of the embedded one; all empty: that one.
struct MapTiles {
  std::string url;                          // of its tiles, with {z}, {x} and {y}
  std::string attribution;                  // whose map it is
  std::filesystem::path path;               // or a PMTiles file
  std::shared_ptr<const PmtilesFile> file;  // opened from it by Dashboard::start()
};

// How many agents and nodes have series of their own: what a Prometheus has to keep grows with them.
struct FleetMetricsLimits {
  std::size_t agents_max = 250;
  std::size_t nodes_max = 2000;
};

struct DashboardOptions {
  std::filesystem::path index_path;
  store::StorageOptions storage{};
  std::string site_name;
  MapStart map;
  MapTiles tiles{};
  // Sites whose pages may read the API, as browsers write an origin; "*": every one.
  std::vector<std::string> cors_origins{};
  std::function<ProjectionLag()> lag;
  // What is kept back from readers: here of raw records, the index has nothing of it.
  mesh::Privacy privacy{};
  FleetMetricsLimits metrics{};
  // How far the time source is behind, to be told.
  std::chrono::milliseconds delay{0};
};

// The server's read path: the API under /api/v1 and the live stream, from the index and, for raw bytes, the log.
//
// Lifecycle: start() after the projector has made the index -> add_api_routes() -> the HTTP server runs ->
// end_streams() before the HTTP server stops -> stop() after it.
class Dashboard {
 public:
  // Fails when the index cannot be opened. The references must outlive the dashboard. A keyring serves one thread at a
  // time: this one is the dashboard's own.
  static Result<std::unique_ptr<Dashboard>> start(const store::PacketLog& log, std::unique_ptr<mesh::Keyring> keys,
                                                  store::AppliedFeed& feed, metrics::Registry& registry,
                                                  TimeSource& time, DashboardOptions options);
  ~Dashboard();
  Dashboard(const Dashboard&) = delete;
  Dashboard& operator=(const Dashboard&) = delete;

  // Adds GET (and OPTIONS) /api/v1/…, as openapi.json describes it, and the GET paths of the Python version.
  void add_api_routes(http::Router& router);

  // Agents and nodes as metrics, for the metrics endpoint; not after stop().
  [[nodiscard]] std::shared_ptr<FleetMetrics> fleet_metrics() const;

  // Ends the live streams, so that the HTTP server can stop at once.
  void end_streams();
  void stop();

 private:
  struct Impl;
  explicit Dashboard(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::dashboard
