#include "ingest/project/link_book.h"

#include "core/base/limits.h"
#include "ingest/project/hour_book.h"
#include "ingest/project/node_book.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace mmm::ingest {
namespace {

constexpr double kQuartersPerDecibel = 4;
// Nobody measures more; a value that a histogram cannot hold must not reach it.
constexpr double kSnrMax = 1000;

std::optional<double> from_quarters(std::int32_t quarters) {
  if (quarters <= index::kSnrUnknown || quarters > 127) return std::nullopt;
  return quarters / kQuartersPerDecibel;
}

// A traceroute in one direction.
struct Way {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::span<const std::uint32_t> between;
  std::span<const std::int32_t> snrs;
};

// The hops from the one with the number `known` on: those before were counted.
std::vector<LinkSighting> hops_of(const Way& way, std::size_t known, std::int64_t time_us) {
  std::vector<LinkSighting> sightings;
  // As many hops as were measured; the last one ends at `to` when all nodes between are named.
  const std::size_t hops = std::min(way.snrs.size(), way.between.size() + 1);
  for (std::size_t i = known; i < hops; ++i) {
    sightings.push_back({.key = {.from = i == 0 ? way.from : way.between[i - 1],
                                 .to = i < way.between.size() ? way.between[i] : way.to,
                                 .evidence = index::LinkEvidence::kTraceroute},
                         .time_us = time_us,
                         .snr = from_quarters(way.snrs[i]),
                         .rssi = std::nullopt});
  }
  return sightings;
}

template <class Target, class Field>
void take_longer(std::vector<Target>& target, const Field& field) {
  if (static_cast<std::size_t>(field.size()) > target.size()) target.assign(field.begin(), field.end());
}

}  // namespace

std::size_t LinkBook::Hash::operator()(const index::LinkKey& key) const {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  const std::uint64_t pair = std::uint64_t{key.from} << 32U | key.to;
  return static_cast<std::size_t>((pair ^ static_cast<std::uint64_t>(key.evidence)) * kOdd >> 20U);
}

Result<LinkBook::Entry*> LinkBook::entry(const index::LinkKey& key) {
  auto place = links_.find(key);
  if (place == links_.end()) {
    auto row = store_.link(key);
    if (!row) return fail(row.error());
    place = links_.emplace(key, Entry{.row = std::move(*row), .hours = {}, .changed_hours = {}}).first;
  }
  Entry& entry = place->second;
  if (!std::exchange(entry.changed, true)) changed_.push_back(key);
  return &entry;
}

Result<index::LinkHourRow*> LinkBook::hour(Entry& entry, std::int64_t start_us) {
  if (std::ranges::find(entry.changed_hours, start_us) == entry.changed_hours.end()) {
    entry.changed_hours.push_back(start_us);
  }
  const auto place = std::ranges::find(entry.hours, start_us, &index::LinkHourRow::start_us);
  if (place != entry.hours.end()) return &*place;
  auto row = store_.link_hour(entry.row.key, start_us);
  if (!row) return fail(row.error());
  return &entry.hours.emplace_back(std::move(*row));
}

Result<> LinkBook::add(const LinkSighting& sighting) {
  const index::LinkKey& key = sighting.key;
  if (key.from == key.to || !is_node(key.from) || !is_node(key.to)) return {};
  auto found = entry(key);
  if (!found) return fail(found.error());
  index::LinkRow& row = (*found)->row;
  const bool is_newest = sighting.time_us >= row.last_us;
  row.first_us = row.count == 0 ? sighting.time_us : std::min(row.first_us, sighting.time_us);
  row.last_us = std::max(row.last_us, sighting.time_us);
  ++row.count;
  const bool has_snr = sighting.snr && std::abs(*sighting.snr) <= kSnrMax;
  if (has_snr && (is_newest || !row.snr)) row.snr = sighting.snr;
  if (sighting.rssi && (is_newest || !row.rssi)) row.rssi = sighting.rssi;
  auto in_hour = hour(**found, hour_of(sighting.time_us));
  if (!in_hour) return fail(in_hour.error());
  ++(*in_hour)->count;
  if (has_snr) {
    (*in_hour)->snr.add(static_cast<std::int32_t>(std::lround(*sighting.snr * index::kSnrBinsPerDecibel)));
  }
  if (sighting.rssi) (*in_hour)->rssi.add(*sighting.rssi);
  return {};
}

void LinkBook::add_relay(const index::RelayRow& row) {
  const auto [place, is_new] = relays_.try_emplace({row.agent, row.relay}, row);
  if (is_new) return;
  index::RelayRow& sum = place->second;
  sum.last_us = std::max(sum.last_us, row.last_us);
  sum.count += row.count;
  if (row.snr) sum.snr = row.snr;
  if (row.rssi) sum.rssi = row.rssi;
}

Result<> LinkBook::fold_neighbors(const mesh::NeighborInfo& info, std::uint32_t node, std::int64_t time_us) {
  // A radio names at most ten; more is not from one.
  const int count = std::min<int>(info.neighbors_size(), static_cast<int>(limits::kNeighborsMax));
  for (int i = 0; i < count; ++i) {
    const mesh::Neighbor& neighbor = info.neighbors(i);
    // 0 dB is what a radio says that has not measured.
    std::optional<double> snr;
    if (std::isfinite(neighbor.snr()) && neighbor.snr() != 0) snr = neighbor.snr();
    auto added = add({.key = {.from = neighbor.node_id(), .to = node, .evidence = index::LinkEvidence::kNeighborInfo},
                      .time_us = time_us,
                      .snr = snr,
                      .rssi = std::nullopt});
    if (!added) return added;
  }
  return {};
}

Result<> LinkBook::fold_traceroute(index::TracerouteRow row, const mesh::RouteDiscovery& discovery) {
  const auto hops_max = static_cast<int>(limits::kRouteHopsMax);
  if (discovery.route_size() > hops_max || discovery.snr_towards_size() > hops_max ||
      discovery.route_back_size() > hops_max || discovery.snr_back_size() > hops_max) {
    return {};
  }
  index::TracerouteRow known;
  const auto place = traceroutes_.find(row.packet);
  if (place != traceroutes_.end()) {
    known = place->second;
  } else {
    auto stored = store_.traceroute(row.packet);
    if (!stored) return fail(stored.error());
    if (*stored) known = std::move(**stored);
  }
  row.route = known.route;
  row.snr_towards = known.snr_towards;
  row.route_back = known.route_back;
  row.snr_back = known.snr_back;
  take_longer(row.route, discovery.route());
  take_longer(row.snr_towards, discovery.snr_towards());
  take_longer(row.route_back, discovery.route_back());
  take_longer(row.snr_back, discovery.snr_back());
  if (auto added = add_path(known, row); !added) return added;
  traceroutes_[row.packet] = std::move(row);
  return {};
}

Result<> LinkBook::add_path(const index::TracerouteRow& known, const index::TracerouteRow& now) {
  std::vector<LinkSighting> sightings =
      hops_of({.from = now.from, .to = now.to, .between = now.route, .snrs = now.snr_towards}, known.snr_towards.size(),
              now.time_us);
  const auto back = hops_of({.from = now.to, .to = now.from, .between = now.route_back, .snrs = now.snr_back},
                            known.snr_back.size(), now.time_us);
  sightings.insert(sightings.end(), back.begin(), back.end());
  for (const LinkSighting& sighting : sightings) {
    if (auto added = add(sighting); !added) return added;
  }
  return {};
}

Result<> LinkBook::write() {
  for (const index::LinkKey& key : changed_) {
    const Entry& entry = links_.at(key);
    if (auto put = store_.put(entry.row); !put) return put;
    for (const index::LinkHourRow& hour : entry.hours) {
      if (std::ranges::find(entry.changed_hours, hour.start_us) == entry.changed_hours.end()) continue;
      if (auto put = store_.put(hour); !put) return put;
    }
  }
  for (const auto& [key, row] : relays_) {
    if (auto added = store_.add(row); !added) return added;
  }
  for (const auto& [packet, row] : traceroutes_) {
    if (auto put = store_.put(row); !put) return put;
  }
  return {};
}

void LinkBook::committed() {
  if (links_.size() > limits::kProjectionNodesMax) {
    links_.clear();
  } else {
    for (const index::LinkKey& key : changed_) {
      Entry& entry = links_.at(key);
      entry.changed = false;
      entry.changed_hours.clear();
      // The newest hour is the one that will be asked for again.
      const auto newest = std::ranges::max_element(entry.hours, {}, &index::LinkHourRow::start_us);
      if (entry.hours.size() > 1) entry.hours = {std::move(*newest)};
    }
  }
  changed_.clear();
  relays_.clear();
  traceroutes_.clear();
}

}  // namespace mmm::ingest
