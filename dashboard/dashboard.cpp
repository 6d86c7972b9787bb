#include "dashboard/dashboard.h"

#include "dashboard/api/api.h"
#include "dashboard/api/python/python_api.h"
#include "dashboard/fleet_metrics.h"
#include "dashboard/tiles/pmtiles_file.h"

namespace mmm::dashboard {

struct Dashboard::Impl {
  std::unique_ptr<ReaderPool> readers;
  std::unique_ptr<LiveHub> live;
  std::unique_ptr<Exports> exports;
  std::shared_ptr<FleetMetrics> fleet_metrics;
  std::unique_ptr<Api> api;
};

Dashboard::Dashboard(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Dashboard::~Dashboard() {
  stop();
}

Result<std::unique_ptr<Dashboard>> Dashboard::start(const store::PacketLog& log, std::unique_ptr<mesh::Keyring> keys,
                                                    store::AppliedFeed& feed, metrics::Registry& registry,
                                                    TimeSource& time, DashboardOptions options) {
  auto impl = std::make_unique<Impl>();
  if (!options.tiles.path.empty()) {
    auto file = PmtilesFile::open(options.tiles.path);
    if (!file) return fail(file.error());
    options.tiles.file = std::make_shared<const PmtilesFile>(std::move(*file));
  }
  auto readers = ReaderPool::open(options.index_path, time);
  if (!readers) return fail(readers.error());
  impl->readers = std::move(*readers);
  Impl& parts = *impl;
  // Runs on the hub's thread, which starts before the API is there and asks only once there are clients.
  auto stats = [&parts](index::IndexReader& reader) { return stats_json(*parts.api, reader); };
  auto live = LiveHub::start(feed, registry, time, {.index_path = options.index_path, .stats = std::move(stats)});
  if (!live) return fail(live.error());
  impl->live = std::move(*live);
  impl->fleet_metrics = std::make_shared<FleetMetrics>(options.index_path, time, options.metrics);
  impl->exports = std::make_unique<Exports>(*impl->readers, time, registry);
  impl->api.reset(new Api{.readers = *impl->readers,
                          .log = log,
                          .time = time,
                          .live = *impl->live,
                          .exports = *impl->exports,
                          .options = std::move(options),
                          .keys = std::move(keys),
                          .keys_mutex = {}});
  return std::unique_ptr<Dashboard>(new Dashboard(std::move(impl)));
}

void Dashboard::add_api_routes(http::Router& router) {
  add_routes(router, *impl_->api);
  python::add_routes(router, *impl_->api);
}

std::shared_ptr<FleetMetrics> Dashboard::fleet_metrics() const {
  return impl_->fleet_metrics;
}

void Dashboard::end_streams() {
  impl_->live->stop();
}

void Dashboard::stop() {
  if (impl_->live) impl_->live->stop();
  if (impl_->readers) impl_->readers->stop();
}

}  // namespace mmm::dashboard
