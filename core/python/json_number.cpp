#include "core/mesh/node_id.h"
#include "core/python/entry_parts.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

// Numbers: of nodes, and of measurements.
namespace mmm::python {
namespace {

// A traceroute has at most seven relays each way.
constexpr std::size_t kRouteNodesMax = 64;

using google::protobuf::FieldDescriptor;

void set_number(const FieldDescriptor& field, json::value value, google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_FLOAT:
      if (const auto real = to_number(value)) reflection->SetFloat(&message, &field, static_cast<float>(*real));
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      if (const auto whole = to_integer<std::uint32_t>(value)) reflection->SetUInt32(&message, &field, *whole);
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      if (const auto whole = to_integer<std::int32_t>(value)) reflection->SetInt32(&message, &field, *whole);
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      if (const auto whole = to_integer<std::uint64_t>(value)) reflection->SetUInt64(&message, &field, *whole);
      return;
    default:
      return;
  }
}

}  // namespace

std::optional<std::uint32_t> node_number(std::optional<std::string_view> text) {
  if (!text || text->empty()) return std::nullopt;
  const auto num = mesh::parse_node_id(*text);
  return num ? std::optional(*num) : std::nullopt;
}

std::vector<std::uint32_t> node_numbers(std::optional<json::array> array) {
  std::vector<std::uint32_t> nodes;
  if (!array) return nodes;
  for (auto element : *array) {
    json::value value;
    if (element.get(value) != simdjson::SUCCESS || nodes.size() == kRouteNodesMax) break;
    nodes.push_back(node_number(to_text(value)).value_or(mesh::kBroadcast));
  }
  return nodes;
}

void read_numbers(json::object object, google::protobuf::Message& message) {
  const auto* descriptor = message.GetDescriptor();
  for (auto member : object) {
    std::string_view name;
    json::value value;
    if (member.unescaped_key().get(name) != simdjson::SUCCESS || member.value().get(value) != simdjson::SUCCESS) return;
    const std::string key(name);
    const FieldDescriptor* field = descriptor->FindFieldByName(key);
    if (field == nullptr) field = descriptor->FindFieldByCamelcaseName(key);
    if (field != nullptr && !field->is_repeated()) set_number(*field, value, message);
  }
}

void set_place(double latitude, double longitude, mesh::Position& position) {
  constexpr double kUnits = 1e7;
  // Also false for NaN.
  const bool is_place = std::abs(latitude) <= 90 && std::abs(longitude) <= 180;
  if (!is_place || latitude == 0 || longitude == 0) return;
  position.set_latitude_i(static_cast<std::int32_t>(std::lround(latitude * kUnits)));
  position.set_longitude_i(static_cast<std::int32_t>(std::lround(longitude * kUnits)));
}

}  // namespace mmm::python
