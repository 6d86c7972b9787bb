#pragma once

#include "core/base/result.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/position.pb.h"
#include "core/store/index/link_store.h"

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace mmm::ingest {

// One piece of evidence that `key.to` hears `key.from`.
struct LinkSighting {
  index::LinkKey key;
  std::int64_t time_us = 0;
  std::optional<double> snr;  // dB at the receiver
  std::optional<std::int32_t> rssi;
};

// Links, relays and traceroutes while records are folded: read once, changed in memory, written once a transaction.
// One thread.
class LinkBook {
 public:
  explicit LinkBook(index::LinkStore& store) : store_(store) {}

  // Counts the sighting in the link and in its hour. Nothing for a link of a node with itself, or to or from no node.
  Result<> add(const LinkSighting& sighting);
  // A reception from a transmitter of which only the last byte of the number is known.
  void add_relay(const index::RelayRow& row);
  // `node` says which neighbours it hears.
  Result<> fold_neighbors(const mesh::NeighborInfo& info, std::uint32_t node, std::int64_t time_us);
  // A traceroute as one reception of its packet shows it: later receptions may have come further. `row` has everything
  // but what `discovery` tells.
  Result<> fold_traceroute(index::TracerouteRow row, const mesh::RouteDiscovery& discovery);

  // Writes what was changed in the open transaction.
  Result<> write();
  // After the commit: nothing is changed any more; forgets rows when there are too many.
  void committed();

 private:
  struct Hash {
    std::size_t operator()(const index::LinkKey& key) const;
  };
  struct Entry {
    index::LinkRow row;
    std::vector<index::LinkHourRow> hours;  // those changed since the last commit, and the newest
    std::vector<std::int64_t> changed_hours;
    bool changed = false;
  };
  Result<Entry*> entry(const index::LinkKey& key);
  Result<index::LinkHourRow*> hour(Entry& entry, std::int64_t start_us);
  Result<> add_path(const index::TracerouteRow& known, const index::TracerouteRow& now);

  index::LinkStore& store_;
  std::unordered_map<index::LinkKey, Entry, Hash> links_;
  std::vector<index::LinkKey> changed_;
  std::map<std::pair<std::int64_t, std::uint32_t>, index::RelayRow> relays_;  // by agent and byte
  std::map<index::LogId, index::TracerouteRow> traceroutes_;
};

}  // namespace mmm::ingest
