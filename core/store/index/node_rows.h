#pragma once

#include "core/store/log_id.h"

#include <cstdint>
#include <optional>
#include <string>

// What nodes told beside positions, telemetry and messages.
namespace mmm::index {

using store::LogId;

// What of a node's identity changed. Stored by number: append only.
enum class IdentityField : std::uint8_t {
  kLongName = 1,
  kShortName = 2,
  kRole = 3,
  kHwModel = 4,
  kPublicKey = 5,
};
// Stable names for the API.
const char* to_string(IdentityField field);

// From then on the node had this value; the first value that was learnt is a change too.
struct IdentityChangeRow {
  std::uint32_t node = 0;
  std::int64_t time_us = 0;
  IdentityField field = IdentityField::kLongName;
  std::string value{};  // text; role and hardware in decimal; the key in hex
};

struct WaypointRow {
  std::uint32_t id = 0;  // chosen by its creator; sent again to change it
  LogId packet = 0;      // the newest that told it
  std::int64_t time_us = 0;
  std::uint32_t from = 0;
  std::string name{};
  std::string description{};
  std::optional<std::int32_t> latitude_i{};  // degrees × 1e7
  std::optional<std::int32_t> longitude_i{};
  std::uint32_t icon = 0;       // a Unicode code point, 0 none
  std::uint32_t expire_s = 0;   // seconds since the epoch, 0 never
  std::uint32_t locked_to = 0;  // the node that may change it, 0 any
};

// What a node reports to public maps, over MQTT.
struct MapReportRow {
  std::uint32_t node = 0;
  std::int64_t time_us = 0;
  std::string firmware{};
  std::uint32_t region = 0;
  std::uint32_t modem_preset = 0;
  std::uint32_t online_nodes = 0;
  bool default_channel = false;
};

// The answer to a message that asked for one.
struct AckRow {
  LogId packet = 0;  // the message
  std::int64_t time_us = 0;
  std::uint32_t from = 0;   // its addressee, or a relay that could not deliver it
  std::uint32_t error = 0;  // Routing.Error; 0: delivered
};

}  // namespace mmm::index
