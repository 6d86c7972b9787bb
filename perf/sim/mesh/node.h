#pragma once

#include "perf/sim/mesh/geo.h"
#include "perf/sim/mesh/keys.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::sim {

inline constexpr std::uint32_t kBroadcast = 0xFFFFFFFF;

// Config.DeviceConfig.Role, as far as the simulated nodes have them.
enum class Role : std::uint8_t {
  kClient = 0,
  kClientMute = 1,
  kRouter = 2,
  kTracker = 5,
  kSensor = 6,
  kClientHidden = 8,
  kRouterLate = 11,
  kClientBase = 12,
};

struct Battery {
  double level = 80;            // percent, 0..100
  double drain_per_hour = 1;    // percent
  double solar_per_hour = 0;    // percent gained at noon; 0 without a panel
  bool powered = false;         // from a supply: reports 101
  std::int64_t updated_us = 0;  // when `level` held
};

// Random waypoint: to a target, a rest, to the next target.
struct Motion {
  double speed_ms = 0;  // 0: fixed
  GeoPoint target;
  std::int64_t rest_until_us = 0;
};

// What a node has attached, beyond its battery.
struct Sensors {
  bool environment = false;
  bool air_quality = false;
  bool power = false;
  bool health = false;
  bool host = false;
  bool pax = false;
};

struct Node {
  std::uint32_t num = 0;
  std::string id;          // "!%08x"
  std::string long_name;   // bytes: not always UTF-8
  std::string short_name;  // bytes
  Role role = Role::kClient;
  std::uint32_t hw_model = 0;
  KeyPair keys;
  bool has_key = true;  // announces its public key (firmware 2.5 and later)
  bool licensed = false;
  bool sends_bitfield = true;  // Data.bitfield: firmware 2.5 and later
  bool ok_to_mqtt = false;
  std::uint8_t hop_limit = 3;

  GeoPoint home;
  GeoPoint position;
  int altitude_m = 0;
  bool shares_position = true;
  std::uint32_t precision_bits = 32;
  Motion motion;

  double tx_power_dbm = 20;
  double site_gain_db = 0;  // antenna and site against an average roof; indoors is negative
  Battery battery;
  Sensors sensors;
  std::int64_t boot_us = 0;

  // How often it sends against the others.
  double activity = 1;
  std::uint32_t packet_counter = 0;  // the low 10 bits of its packet ids
  std::uint32_t packets_sent = 0;
};

}  // namespace mmm::sim
