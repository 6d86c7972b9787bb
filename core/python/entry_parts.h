#pragma once

#include "core/base/result.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/node.pb.h"
#include "core/python/entry_reader.h"
#include "core/python/json_fields.h"

#include <optional>
#include <string_view>
#include <vector>

// The parts that the readers of entries share.
namespace mmm::python {

Result<PacketEntry> read_packet(json::object entry, mesh::MeshPacket& out);
Result<mesh::NodeInfo> read_node_status(json::object entry);
Result<mesh::NodeInfo> read_node_list_entry(json::object entry);
Result<RouteEntry> read_route(json::object entry);

// "!a1b2c3d4" or "^all"; empty for anything else, "" and "^local" among them.
std::optional<std::uint32_t> node_number(std::optional<std::string_view> text);

// An array of node ids. What is none counts as a node that did not say who it is.
std::vector<std::uint32_t> node_numbers(std::optional<json::array> array);

// What `payload` of a packet of that type holds, as a Data message. False: nothing that could be read.
bool read_payload(std::string_view type, json::object& packet, mesh::Data& data, PacketEntry& told);

// Names, hardware and role in the spelling of packets (long_name) or of the node list (longName). True: the role is
// told.
bool read_user(json::object& object, mesh::User& user);

// Sets the fields of a message of numbers by their names in .proto files or in camel case.
void read_numbers(json::object object, google::protobuf::Message& message);

// A place without fix, which is 0, stays unset.
void set_place(double latitude, double longitude, mesh::Position& position);

}  // namespace mmm::python
