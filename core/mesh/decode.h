#pragma once

#include "core/base/result.h"
#include "core/mesh/admin.pb.h"
#include "core/mesh/application.pb.h"
#include "core/mesh/from_radio.pb.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/mqtt.pb.h"
#include "core/mesh/node.pb.h"
#include "core/mesh/position.pb.h"
#include "core/mesh/telemetry.pb.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mmm::mesh {

// Parses one frame's payload. Unknown fields and variants are kept in the message. kMalformed when it is not a
// FromRadio.
Result<FromRadio> decode_from_radio(std::string_view bytes);
// The same into a message that is used again and again, to save its allocations.
Result<> decode_from_radio(std::string_view bytes, FromRadio& out);

// Why a payload stays as bytes. The names (to_string) are stable: they are metric labels and stored in the index.
enum class RawReason : std::uint8_t {
  kUnknownPort,     // a private or later port: anybody's format
  kNoSchema,        // a known port whose format is not public or not decoded here (audio, serial, ATAK …)
  kCompressedText,  // text compressed with Unishox2
  kMalformed,       // does not parse as what the port carries
};
std::string_view to_string(RawReason reason);

struct RawPayload {
  std::string bytes;
  RawReason reason = RawReason::kUnknownPort;
};

// A text on one of the text ports: the bytes as they came over the air, which need not be UTF-8 (sanitize on output).
struct TextPayload {
  std::string text;
};

// What a packet carries, by its port. RawPayload is never an error of ours: the packet is kept and shown as bytes.
using Payload = std::variant<RawPayload, TextPayload, Position, User, Routing, AdminMessage, Waypoint, KeyVerification,
                             Paxcount, StoreForwardPlusPlus, StatusMessage, MeshBeacon, StoreAndForward, Telemetry,
                             Compressed, RouteDiscovery, NeighborInfo, MapReport>;

// Decodes a payload by its port number; total: any bytes give some Payload.
Payload decode_payload(std::uint32_t port, std::string_view bytes);

// A place of a position or waypoint in degrees, absent when the sender hides it. (0, 0) is how old firmware says "no
// fix".
struct Place {
  double latitude = 0;
  double longitude = 0;
  // Half of the side of the cell that the sender rounds to, in metres at the equator; 0: exact or not told.
  double uncertainty_m = 0;
};
std::optional<Place> place_of(const Position& position);
std::optional<Place> place_of(const Waypoint& waypoint);
std::optional<Place> place_of(const MapReport& report);

}  // namespace mmm::mesh
