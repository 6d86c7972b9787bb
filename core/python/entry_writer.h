#pragma once

#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/node.pb.h"

#include <cstdint>
#include <string>

// The reverse of EntryReader: what an agent of the Python version would post of what a radio delivered, as JSON in
// UTF-8. Total, and the same bytes for the same arguments, so that a server can tell what it is sent again.
// docs/python-compatibility.md says what the format has no room for.
namespace mmm::python {

// An element of `packets`. `heard_us`: when the agent had it, µs since the epoch.
std::string packet_entry(const mesh::MeshPacket& packet, std::int64_t heard_us);

// A member of `nodes`: "!a1b2c3d4": {…}, without braces around both.
std::string node_list_member(const mesh::NodeInfo& node);

// "2026-11-23T21:50:53.642727+00:00", as these agents write times.
std::string time_text(std::int64_t time_us);

}  // namespace mmm::python
