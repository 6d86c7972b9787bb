#pragma once

#include "core/mesh/channel.pb.h"
#include "core/mesh/config.pb.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/node.pb.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::mesh {

// The names of the protocol's enumerations as its own tools show them ("POSITION_APP", "HELTEC_V3", "EU_868"); a value
// without a name here gives "UNKNOWN_" and the number, so that a newer radio's values stay apart.
std::string port_name(std::uint32_t port);
std::string hardware_name(int hw_model);
std::string role_name(int role);
std::string region_name(int region);
std::string modem_preset_name(int preset);
std::string channel_role_name(int role);
std::string routing_error_name(int error);
std::string transport_name(int transport);
std::string priority_name(int priority);

struct NamedNumber {
  std::string name;
  int number = 0;
};
// Every name of the enumeration, in its order.
std::vector<NamedNumber> role_names();
std::vector<NamedNumber> hardware_names();

// True for the numbers of PortNum that have a name.
bool is_known_port(std::uint32_t port);

}  // namespace mmm::mesh
