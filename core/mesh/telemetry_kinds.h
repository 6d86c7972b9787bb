#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

// What nodes report in numbers, by kind. A kind is the field number of Telemetry's variant, or for numbers that come on
// a port of their own kTelemetryPortKind + the port. Kinds and field numbers are stored: they stay.
namespace mmm::mesh {

inline constexpr std::uint32_t kTelemetryPortKind = 1000;

struct TelemetryKind {
  std::uint32_t kind = 0;
  std::string_view name;  // stable, for the API: "device", "environment", …
  const google::protobuf::Descriptor* message = nullptr;
};

// All kinds, rising.
const std::vector<TelemetryKind>& telemetry_kinds();
// Null for a kind that is not known.
const TelemetryKind* telemetry_kind(std::uint32_t kind);
const TelemetryKind* telemetry_kind(std::string_view name);

// The numbers that the message holds: those fields that are set, by number, NaN and infinities left out. A field
// without presence counts when it is not 0, as protobuf has it.
std::vector<std::pair<std::uint32_t, double>> numbers_of(const google::protobuf::Message& message);

}  // namespace mmm::mesh
