#include "core/mesh/decode.h"

#include "core/mesh/names.h"

#include <cmath>

namespace mmm::mesh {
namespace {

constexpr double kDegreesPerUnit = 1e-7;
constexpr double kMetresPerDegree = 111'194.9;  // of latitude, on a sphere of the Earth's mean radius
constexpr std::uint32_t kCoordinateBits = 32;

bool parse(std::string_view bytes, google::protobuf::Message& out) {
  return out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

template <class T>
Payload parse_as(std::string_view bytes) {
  T message;
  if (!parse(bytes, message)) {
    return RawPayload{std::string(bytes), RawReason::kMalformed};
  }
  return message;
}

std::optional<Place> make_place(std::int32_t latitude_i, std::int32_t longitude_i, std::uint32_t precision_bits) {
  if (latitude_i == 0 && longitude_i == 0) {
    return std::nullopt;
  }
  Place place{.latitude = latitude_i * kDegreesPerUnit, .longitude = longitude_i * kDegreesPerUnit};
  if (std::abs(place.latitude) > 90 || std::abs(place.longitude) > 180) {
    return std::nullopt;
  }
  if (precision_bits > 0 && precision_bits < kCoordinateBits) {
    const double half_cell = std::exp2(kCoordinateBits - precision_bits - 1) * kDegreesPerUnit;
    place.uncertainty_m = half_cell * kMetresPerDegree;
  }
  return place;
}

}  // namespace

Result<> decode_from_radio(std::string_view bytes, FromRadio& out) {
  if (!parse(bytes, out)) {
    return fail(ErrorKind::kMalformed, "{} bytes from the radio are not a FromRadio message", bytes.size());
  }
  return {};
}

Result<FromRadio> decode_from_radio(std::string_view bytes) {
  FromRadio message;
  if (auto parsed = decode_from_radio(bytes, message); !parsed) {
    return fail(std::move(parsed).error());
  }
  return message;
}

std::string_view to_string(RawReason reason) {
  switch (reason) {
    case RawReason::kUnknownPort:
      return "unknown_port";
    case RawReason::kNoSchema:
      return "no_schema";
    case RawReason::kCompressedText:
      return "compressed_text";
    case RawReason::kMalformed:
      return "malformed";
  }
  return "unknown";
}

Payload decode_payload(std::uint32_t port, std::string_view bytes) {
  switch (port) {
    case TEXT_MESSAGE_APP:
    case DETECTION_SENSOR_APP:
    case ALERT_APP:
    case RANGE_TEST_APP:
      return TextPayload{std::string(bytes)};
    case TEXT_MESSAGE_COMPRESSED_APP:
      return RawPayload{std::string(bytes), RawReason::kCompressedText};
    case POSITION_APP:
      return parse_as<Position>(bytes);
    case NODEINFO_APP:
      return parse_as<User>(bytes);
    case ROUTING_APP:
      return parse_as<Routing>(bytes);
    case ADMIN_APP:
      return parse_as<AdminMessage>(bytes);
    case WAYPOINT_APP:
      return parse_as<Waypoint>(bytes);
    case KEY_VERIFICATION_APP:
      return parse_as<KeyVerification>(bytes);
    case PAXCOUNTER_APP:
      return parse_as<Paxcount>(bytes);
    case STORE_FORWARD_PLUSPLUS_APP:
      return parse_as<StoreForwardPlusPlus>(bytes);
    case NODE_STATUS_APP:
      return parse_as<StatusMessage>(bytes);
    case MESH_BEACON_APP:
      return parse_as<MeshBeacon>(bytes);
    case STORE_FORWARD_APP:
      return parse_as<StoreAndForward>(bytes);
    case TELEMETRY_APP:
      return parse_as<Telemetry>(bytes);
    case SIMULATOR_APP:
      return parse_as<Compressed>(bytes);
    case TRACEROUTE_APP:
      return parse_as<RouteDiscovery>(bytes);
    case NEIGHBORINFO_APP:
      return parse_as<NeighborInfo>(bytes);
    case MAP_REPORT_APP:
      return parse_as<MapReport>(bytes);
    case PRIVATE_APP:
    case ATAK_FORWARDER:
      return RawPayload{std::string(bytes), RawReason::kUnknownPort};
    default:
      return RawPayload{std::string(bytes), is_known_port(port) ? RawReason::kNoSchema : RawReason::kUnknownPort};
  }
}

std::optional<Place> place_of(const Position& position) {
  if (!position.has_latitude_i() || !position.has_longitude_i()) return std::nullopt;
  return make_place(position.latitude_i(), position.longitude_i(), position.precision_bits());
}

std::optional<Place> place_of(const Waypoint& waypoint) {
  if (!waypoint.has_latitude_i() || !waypoint.has_longitude_i()) return std::nullopt;
  return make_place(waypoint.latitude_i(), waypoint.longitude_i(), 0);
}

std::optional<Place> place_of(const MapReport& report) {
  return make_place(report.latitude_i(), report.longitude_i(), report.position_precision());
}

}  // namespace mmm::mesh
