#pragma once

#include "core/store/log_id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The rows of the index as values. Times are microseconds since the epoch, by the server's clock as far as it can be
// known (FORMAT.md). What is not known is empty, never zero.
namespace mmm::index {

using store::LogId;

inline constexpr std::int64_t kSecondUs = 1'000'000;

// Bits of PacketRow::flags and ReceptionRow::flags. A packet has kReplay, kMqtt and kOwn only as long as each of its
// receptions has one of them: the first one over the air clears them.
enum Flag : std::uint32_t {
  kReplay = 1U << 0U,     // cached data that a radio handed out after connecting
  kMqtt = 1U << 1U,       // came to the radio by MQTT, not over the air
  kOwn = 1U << 2U,        // from the agent's own radio
  kEncrypted = 1U << 3U,  // delivered encrypted
  kDecrypted = 1U << 4U,  // delivered encrypted, and one of our keys fits
  kPki = 1U << 5U,        // direct message between two nodes' keys, decrypted by the radio
  kWantAck = 1U << 6U,
  kViaMqtt = 1U << 7U,  // crossed MQTT somewhere on its way, though the last step was over the air
  kUdp = 1U << 8U,      // came to the radio by UDP multicast, not over the air
};
// Receptions with one of these are kept and shown, but the packet was not heard.
inline constexpr std::uint32_t kNotHeard = kReplay | kMqtt | kOwn | kUdp;

// Why a packet's payload is not decoded. Stored as a number: append only.
enum class DecodeError : std::uint8_t {
  kNone = 0,
  kNoKey = 1,             // encrypted, and no key of ours fits
  kEmpty = 2,             // neither decoded nor encrypted
  kUnknownPort = 3,       // a private or later port
  kNoSchema = 4,          // a known port whose format is not decoded here
  kCompressedText = 5,    // text compressed in a way that no firmware produces any more
  kMalformedPayload = 6,  // the port is known, the payload does not parse
  kMalformedRecord = 7,   // the record is not a FromRadio message, or not of its kind
  kMalformedStatus = 8,   // an agent's status record that does not parse
};
inline constexpr std::size_t kDecodeErrors = 9;
// Stable names: metric labels and values in the API.
const char* to_string(DecodeError error);

struct PacketRow {
  LogId id = 0;              // of its first reception
  std::int64_t time_us = 0;  // when the first reception was heard
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t packet_id = 0;
  std::optional<std::uint32_t> port{};  // empty: not decoded
  std::uint32_t channel = 0;            // the radio's channel index, or the channel's hash when encrypted
  std::uint32_t hop_start = 0;
  std::uint32_t hop_limit = 0;          // of the first reception
  std::optional<std::uint32_t> hops{};  // the fewest of any reception over the air
  std::uint32_t size = 0;               // bytes of the Data message or of the ciphertext: on air 16 more
  std::uint32_t flags = 0;
  DecodeError error = DecodeError::kNone;
  std::uint32_t receptions = 0;             // over the air
  std::optional<double> best_snr{};         // dB, of any reception over the air
  std::optional<std::int32_t> best_rssi{};  // dBm, likewise
  // Of one transmission, by the modem preset of the first agent that heard it; empty: that is not known.
  std::optional<std::uint32_t> airtime_us{};
  // Of a packet without an id, what it is recognized by; empty: by its id.
  std::optional<std::uint64_t> content_key{};
  std::string summary{};         // one line for people; may be empty
  std::string reception_list{};  // all its receptions, see reception_codec.h; empty in what lists answer
  // Filled by queries only.
  std::string from_name{};
  std::string to_name{};
  std::string first_agent{};  // AgentRow::id of the first reception's; empty: not asked for
};

struct ReceptionRow {
  LogId packet = 0;
  LogId id = 0;
  std::int64_t agent = 0;  // AgentRow::num
  std::int64_t time_us = 0;
  std::optional<double> snr{};
  std::optional<std::int32_t> rssi{};
  std::optional<std::uint32_t> hops{};
  std::uint32_t hop_limit = 0;
  std::uint32_t relay_node = 0;  // last byte of the transmitter's number; 0 unknown
  std::uint32_t flags = 0;
  std::string agent_id{};  // filled by queries only
};

// A place. Missing coordinates are no row: never 0, 0.
// Coordinates are stored as the protocol has them. Divided, not multiplied: 10^-7 is no exact number.
inline constexpr double kUnitsPerDegree = 1e7;

struct Position {
  std::int32_t latitude_i = 0;  // degrees × 1e7
  std::int32_t longitude_i = 0;
  std::optional<std::int32_t> altitude{};  // metres above sea level
  std::uint32_t precision_bits = 0;        // 0 unknown, 32 exact
  std::int64_t time_us = 0;                // of the fix when the sender says it, else when heard

  [[nodiscard]] double latitude() const { return latitude_i / kUnitsPerDegree; }
  [[nodiscard]] double longitude() const { return longitude_i / kUnitsPerDegree; }
};

struct PositionRow {
  LogId packet = 0;
  std::uint32_t node = 0;
  Position position;
  std::optional<std::uint32_t> ground_speed{};  // km/h
  std::optional<std::uint32_t> sats_in_view{};
};

struct DeviceMetrics {
  std::optional<std::uint32_t> battery_level{};  // percent; above 100: external power
  std::optional<double> voltage{};
  std::optional<double> channel_utilization{};  // percent
  std::optional<double> air_util_tx{};          // percent
  std::optional<std::uint32_t> uptime_seconds{};
};

struct TelemetryRow {
  LogId packet = 0;
  std::uint32_t node = 0;
  std::int64_t time_us = 0;
  std::uint32_t kind = 0;  // field number of Telemetry's variant: 2 device, 3 environment, …
  DeviceMetrics device;    // kind 2
  std::string metrics{};   // other kinds: a JSON object, field name to number
};

struct MessageRow {
  LogId packet = 0;
  std::int64_t time_us = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t packet_id = 0;
  std::uint32_t channel = 0;
  std::string text{};
  std::uint32_t reply_id = 0;  // packet id of the message this answers; 0 none
  bool emoji = false;          // the text is a reaction to reply_id
  // The answer that the sender asked for; empty: none was heard.
  std::optional<std::int64_t> ack_us{};
  std::uint32_t ack_from = 0;
  std::uint32_t ack_error = 0;  // Routing.Error; 0: delivered
  // Filled by queries only: how many receptions over the air, and the fewest and most hops that one told.
  std::uint32_t receptions = 0;
  std::optional<std::uint32_t> hops_min{};
  std::optional<std::uint32_t> hops_max{};
  std::string from_name{};
};

struct NodeRow {
  std::uint32_t num = 0;
  std::string short_name{};
  std::string long_name{};
  std::optional<std::uint32_t> hw_model{};
  std::optional<std::uint32_t> role{};
  std::string public_key{};  // 32 bytes or empty
  bool is_licensed = false;
  std::int64_t user_us = 0;  // how fresh names, role and hardware are
  std::optional<std::int64_t> first_heard_us{};
  std::optional<std::int64_t> last_heard_us{};
  std::optional<Position> position{};
  std::int64_t position_us = 0;  // when the position was learnt
  DeviceMetrics metrics;
  std::int64_t metrics_us = 0;
  // Of the newest direct reception: SNR and RSSI tell of the last transmitter, which is the sender only then.
  std::optional<double> snr{};
  std::optional<std::int32_t> rssi{};
  std::int64_t signal_us = 0;
  // Fewest hops of the receptions within about an hour of hops_us.
  std::optional<std::uint32_t> hops_away{};
  std::int64_t hops_us = 0;
  std::uint64_t packets = 0;  // unique, over the air
  bool via_mqtt = false;      // its newest packet crossed MQTT
};

// How one agent hears one node, over the air.
struct HeardByRow {
  std::uint32_t node = 0;
  std::int64_t agent = 0;
  std::int64_t last_us = 0;
  std::optional<double> snr{};  // newest direct reception
  std::optional<std::int32_t> rssi{};
  std::optional<std::uint32_t> hops{};  // of the newest reception
  std::uint64_t receptions = 0;
  std::string agent_id{};  // filled by queries only
};

// What stands for the port of a packet that was not decoded, in counts by port and in filters.
inline constexpr std::int64_t kPortNotDecoded = -1;
// Ports that the protocol does not have (above 511) share one line, so that a hostile sender cannot make thousands.
inline constexpr std::int64_t kPortOther = 512;

// What one node sent in one hour of the time it was heard.
struct NodeHourRow {
  std::uint32_t node = 0;
  std::int64_t start_us = 0;
  std::uint64_t packets = 0;  // unique, over the air
  std::uint64_t receptions = 0;
  std::uint64_t airtime_us = 0;  // of those packets, each sent once: repetitions by relays are not in it
  std::uint64_t kept = 0;        // that have a row, heard or not
  std::uint64_t flooded = 0;     // receptions that have none, since the node had sent too much
};

// In how many receptions of one hour's packets an agent took part, by the packets' log ids.
struct AgentHourRow {
  std::int64_t agent = 0;
  std::int64_t start_us = 0;
  std::uint64_t receptions = 0;
};

struct LedgerRow {
  std::uint64_t captured = 0;
  std::uint64_t delivered = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t set_aside = 0;
  std::uint64_t dropped = 0;
  std::uint64_t filtered = 0;
  std::uint64_t waiting = 0;
};

// A radio and the link to it, as its agent last said.
struct RadioFacts {
  std::uint32_t link_state = 0;  // AgentStatus.LinkState
  std::string link{};
  std::string link_reason{};
  std::string channels = "[]";  // a JSON array of {index, name, hash, role}
  std::optional<std::uint32_t> region{};
  std::optional<std::uint32_t> modem_preset{};
  std::optional<std::uint32_t> radio_num{};
  std::string firmware{};
  std::optional<std::uint32_t> hw_model{};
  std::optional<std::uint32_t> role{};
};

// One buffer of one agent, and which radio is attached to it.
struct StreamRow {
  std::int64_t agent = 0;
  std::string stream{};        // 16 bytes
  std::uint32_t own_node = 0;  // 0 unknown
  // What the agent's gaps are told from.
  std::int64_t last_us = 0;     // the newest record's time
  std::int64_t started_us = 0;  // when the agent's program was started, by its clock; 0 unknown
  std::int64_t away_us = 0;     // since when its radio is away; 0: it is not
  std::string away_reason{};
  std::string name{};       // the agent's name for the radio; empty: of an agent that names none
  bool is_current = false;  // false: another buffer took its place, or the agent has that radio no more
  RadioFacts radio{};
  LedgerRow ledger{};
};

struct AgentRow {
  std::int64_t num = 0;  // in order of appearance in the log, from 1
  std::string id{};
  std::string location_name{};
  std::optional<double> latitude{};
  std::optional<double> longitude{};
  std::string version{};
  std::uint32_t stream_count = 0;
  std::int64_t first_seen_us = 0;
  std::int64_t last_upload_us = 0;
  std::optional<std::int64_t> clock_skew_us{};  // agent's clock minus ours, the way of the upload included
  std::uint64_t receptions = 0;
  RadioFacts radio{};  // of the first by name; the link is the worst of all its radios
  LedgerRow ledger{};  // sum over its radios
  // The current ones, by name; only where an agent is read to be shown, and only when there are several.
  std::vector<StreamRow> radios{};
};

// Why records of a time are missing. Stored by number: append only.
enum class GapCause : std::uint8_t {
  kRadioAway = 1,     // the agent ran without a radio
  kAgentStopped = 2,  // the agent's program did not run
  kNewBuffer = 3,     // the agent began a new buffer: what the old one held is gone
  kBufferFull = 4,    // the buffer gave up its oldest records
  kSetAside = 5,      // this server refused them for good; the agent has them still
};
// Stable names for the API.
const char* to_string(GapCause cause);

// A time of which an agent's records are missing, all or some.
struct GapRow {
  std::int64_t agent = 0;
  std::int64_t start_us = 0;
  GapCause cause = GapCause::kRadioAway;
  std::optional<std::int64_t> until_us{};  // empty: it goes on
  std::uint64_t records = 0;               // that are known to be missing
  std::string reason{};
  std::string radio{};  // the agent's name for it; empty: of an agent that names none
};

// A record that is kept in the log but tells nothing that we understand.
struct UnreadableRow {
  LogId id = 0;
  std::int64_t agent = 0;
  std::uint32_t kind = 0;
  DecodeError error = DecodeError::kMalformedRecord;
  std::uint32_t size = 0;
};

// Totals since the first record. Stored by number: append only.
enum class Counter : std::uint8_t {
  kRecords = 0,     // applied, of every kind
  kPackets = 1,     // unique, over the air
  kReceptions = 2,  // over the air
  kMessages = 3,
  kReplayed = 4,  // receptions that were not heard, by reason
  kMqtt = 5,
  kOwn = 6,
  kUdp = 7,
  kSimulated = 8,  // records of the simulated radio's port, ignored
  kNodeInfos = 9,  // entries of radios' node lists
  kAgentStatuses = 10,
  kDecrypted = 11,
  kOtherRecords = 12,  // of kinds that the projection keeps but does not read
  kFlooded = 13,       // receptions of nodes that sent too much, counted only
  kCrowded = 14,       // receptions beyond those that a packet's row keeps
  kHidden = 15,        // receptions of packets from or for nodes that privacy hides
  kErrorsFirst = 16,   // packets and records by decode error: kErrorsFirst + DecodeError
};
inline constexpr std::size_t kCounters = 32;

}  // namespace mmm::index
