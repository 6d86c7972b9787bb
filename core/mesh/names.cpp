#include "core/mesh/names.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

namespace mmm::mesh {
namespace {

std::string enum_name(const google::protobuf::EnumDescriptor* descriptor, int number) {
  const auto* value = descriptor->FindValueByNumber(number);
  return value == nullptr ? fmt::format("UNKNOWN_{}", number) : value->name();
}

std::vector<NamedNumber> names_of(const google::protobuf::EnumDescriptor* descriptor) {
  std::vector<NamedNumber> names;
  for (int i = 0; i < descriptor->value_count(); ++i) {
    names.push_back({.name = descriptor->value(i)->name(), .number = descriptor->value(i)->number()});
  }
  return names;
}

}  // namespace

std::string port_name(std::uint32_t port) {
  return is_known_port(port) ? enum_name(PortNum_descriptor(), static_cast<int>(port))
                             : fmt::format("UNKNOWN_{}", port);
}

bool is_known_port(std::uint32_t port) {
  return port < static_cast<std::uint32_t>(PortNum::MAX) && PortNum_IsValid(static_cast<int>(port));
}

std::string hardware_name(int hw_model) {
  return enum_name(HardwareModel_descriptor(), hw_model);
}

std::string role_name(int role) {
  return enum_name(Config::DeviceConfig::Role_descriptor(), role);
}

std::vector<NamedNumber> role_names() {
  return names_of(Config::DeviceConfig::Role_descriptor());
}

std::vector<NamedNumber> hardware_names() {
  return names_of(HardwareModel_descriptor());
}

std::string region_name(int region) {
  return enum_name(Config::LoRaConfig::RegionCode_descriptor(), region);
}

std::string modem_preset_name(int preset) {
  return enum_name(Config::LoRaConfig::ModemPreset_descriptor(), preset);
}

std::string channel_role_name(int role) {
  return enum_name(Channel::Role_descriptor(), role);
}

std::string routing_error_name(int error) {
  return enum_name(Routing::Error_descriptor(), error);
}

std::string transport_name(int transport) {
  return enum_name(MeshPacket::TransportMechanism_descriptor(), transport);
}

std::string priority_name(int priority) {
  return enum_name(MeshPacket::Priority_descriptor(), priority);
}

}  // namespace mmm::mesh
