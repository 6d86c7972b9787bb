#include "core/mesh/telemetry_kinds.h"

#include "core/mesh/application.pb.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/telemetry.pb.h"

#include <algorithm>
#include <cmath>

namespace mmm::mesh {
namespace {

using google::protobuf::FieldDescriptor;

std::optional<double> number_of(const google::protobuf::Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<double>(reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return static_cast<double>(reflection.GetFloat(message, &field));
    default:
      return std::nullopt;
  }
}

}  // namespace

const std::vector<TelemetryKind>& telemetry_kinds() {
  static const std::vector<TelemetryKind> kinds{
      {2, "device", DeviceMetrics::descriptor()},
      {3, "environment", EnvironmentMetrics::descriptor()},
      {4, "air_quality", AirQualityMetrics::descriptor()},
      {5, "power", PowerMetrics::descriptor()},
      {6, "local_stats", LocalStats::descriptor()},
      {7, "health", HealthMetrics::descriptor()},
      {8, "host", HostMetrics::descriptor()},
      {9, "traffic_management", TrafficManagementStats::descriptor()},
      {kTelemetryPortKind + PAXCOUNTER_APP, "paxcounter", Paxcount::descriptor()},
      {kTelemetryPortKind + STORE_FORWARD_APP, "store_forward", StoreAndForward::Statistics::descriptor()},
  };
  return kinds;
}

const TelemetryKind* telemetry_kind(std::uint32_t kind) {
  const auto place = std::ranges::find(telemetry_kinds(), kind, &TelemetryKind::kind);
  return place != telemetry_kinds().end() ? &*place : nullptr;
}

const TelemetryKind* telemetry_kind(std::string_view name) {
  const auto place = std::ranges::find(telemetry_kinds(), name, &TelemetryKind::name);
  return place != telemetry_kinds().end() ? &*place : nullptr;
}

std::vector<std::pair<std::uint32_t, double>> numbers_of(const google::protobuf::Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::pair<std::uint32_t, double>> numbers;
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated()) continue;
    const auto number = number_of(message, *field);
    if (number && std::isfinite(*number)) numbers.emplace_back(static_cast<std::uint32_t>(field->number()), *number);
  }
  return numbers;
}

}  // namespace mmm::mesh
