#pragma once

#include "core/base/result.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/node.pb.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What agents of the Python version write in JSON, as the radio's own messages. docs/python-compatibility.md has the
// format. Everything in it is optional and may be null, and what has another type than expected counts as missing.
namespace mmm::python {

// What a packet entry tells that MeshPacket has no room for.
struct PacketEntry {
  bool has_sender = false;     // false: the agent did not know the sender; `from` is 0
  std::optional<float> snr{};  // dB
  std::optional<std::int32_t> rssi{};
  bool tells_role = false;  // of a User: the role is known, and not just left out
};

// A traceroute as the agent reported it. Nodes that did not say who they are have the broadcast number.
struct RouteEntry {
  std::string discovery_id;
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  std::vector<std::uint32_t> path;       // source and target included
  std::vector<std::uint32_t> path_back;  // as told; may be empty
  std::vector<std::optional<float>> snr_towards;
  std::vector<std::optional<float>> snr_back;
  std::optional<std::uint32_t> total_time_ms{};
  std::optional<std::int64_t> discovered_us{};  // the agent's clock
  bool success = false;
};

// Reads entries one by one. An object may be used again and again, which saves its allocations. One thread.
//
// Each function fails with kMalformed when the text is no JSON object or names nobody to whom it could belong. Nothing
// in a result points into `json`.
class EntryReader {
 public:
  EntryReader();
  ~EntryReader();
  EntryReader(const EntryReader&) = delete;
  EntryReader& operator=(const EntryReader&) = delete;

  // An element of `packets`. `out` becomes the packet as a radio would have delivered it, received over LoRa; without
  // `decoded` when the content is not known (encrypted).
  Result<PacketEntry> packet(std::string_view json, mesh::MeshPacket& out);

  // An element of `node_status`. last_heard is its last_seen.
  Result<mesh::NodeInfo> node_status(std::string_view json);

  // A member of `nodes`, as an object that holds nothing else: {"!a1b2c3d4": {…}}.
  Result<mesh::NodeInfo> node_list_entry(std::string_view json);

  // An element of `routes`. The Python agent writes its own node at the end of the path, where the target belongs: that
  // is put right.
  Result<RouteEntry> route(std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::python
