#pragma once

#include "core/store/index/histogram.h"
#include "core/store/log_id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Who hears whom. SNR and RSSI of a reception tell of the last transmitter, never of the packet's sender, unless the
// packet came without a hop between.
namespace mmm::index {

using store::LogId;

// What says that one node hears another. Stored by number: append only.
enum class LinkEvidence : std::uint8_t {
  kDirect = 1,        // an agent's radio received the node's packet without a hop between
  kNeighborInfo = 2,  // the receiver named it among its neighbours
  kTraceroute = 3,    // a traceroute went this way
};
// Stable names for the API.
const char* to_string(LinkEvidence evidence);

struct LinkKey {
  std::uint32_t from = 0;  // transmits
  std::uint32_t to = 0;    // receives
  LinkEvidence evidence = LinkEvidence::kDirect;
  bool operator==(const LinkKey&) const = default;
};

struct LinkRow {
  LinkKey key;
  std::int64_t first_us = 0;
  std::int64_t last_us = 0;
  std::uint64_t count = 0;             // receptions, reports or traceroutes
  std::optional<double> snr{};         // dB, the newest that was told
  std::optional<std::int32_t> rssi{};  // dBm, likewise
  // Filled by queries only.
  std::string from_name{};
  std::string to_name{};
};

// Bins of a half decibel: a radio tells quarters, its measurement is worth less.
inline constexpr double kSnrBinsPerDecibel = 2;

// A link in one hour of the time it was heard.
struct LinkHourRow {
  LinkKey key;
  std::int64_t start_us = 0;
  std::uint64_t count = 0;
  Histogram snr;   // in bins of kSnrBinsPerDecibel
  Histogram rssi;  // dBm
};

// Packets that an agent's radio received from a relay of which only the last byte of the number is known.
struct RelayRow {
  std::int64_t agent = 0;
  std::uint32_t relay = 0;  // 1 to 255
  std::int64_t last_us = 0;
  std::uint64_t count = 0;
  std::optional<double> snr{};  // dB, of the newest
  std::optional<std::int32_t> rssi{};
};

inline constexpr std::int32_t kSnrUnknown = -128;  // in quarters of a decibel, as traceroutes have it
inline constexpr std::uint32_t kHopUnknown = 0xFFFFFFFF;

struct TracerouteRow {
  LogId packet = 0;        // or of the report of an agent of the Python version
  std::int64_t agent = 0;  // that told it first
  std::int64_t time_us = 0;
  std::uint32_t from = 0;  // asked for the route
  std::uint32_t to = 0;    // its end
  std::uint32_t request_id = 0;
  bool is_reply = false;                    // false: the question on its way
  std::vector<std::uint32_t> route{};       // nodes between, from `from` on; kHopUnknown: one that did not say
  std::vector<std::int32_t> snr_towards{};  // quarters of a decibel at each hop's receiver; kSnrUnknown
  std::vector<std::uint32_t> route_back{};  // from `to` on
  std::vector<std::int32_t> snr_back{};
};

}  // namespace mmm::index
