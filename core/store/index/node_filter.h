#pragma once

#include "core/store/index/filter_term.h"

#include <cstdint>
#include <string>
#include <vector>

// Which nodes a question is about: SQL for rows of the index.
namespace mmm::index {

enum class NodeField : std::uint8_t {
  kNumber,
  kRole,
  kHardware,
  kAgent,  // AgentRow::num of an agent that heard it over the air
  kHops,
  kSnr,         // hundredths of dB, as NodeRow::snr
  kRssi,        // dBm
  kBattery,     // percent; above 100: powered
  kVoltage,     // millivolts
  kChannelUse,  // hundredths of a percent
  kAirUse,      // hundredths of a percent
  kUptime,      // seconds
  kAltitude,    // metres
  kPackets,     // over the air
  kLastHeard,   // microseconds
  kFirstHeard,  // microseconds
  kTrait,
  kText,  // part of the long name, the short name or the id
};

enum class NodeTrait : std::uint8_t {
  kOnline,    // heard at NodeFilter::online_since_us or later
  kHeard,     // ever, over the air
  kPlaced,    // its position is known
  kNamed,     // its names are known
  kKeyed,     // its public key is known
  kLicensed,  // an amateur radio station
  kDirect,    // heard without a hop between
  kPowered,   // runs on mains
  kViaMqtt,   // its newest packet crossed MQTT
};

using NodeTerm = FilterTerm<NodeField, NodeTrait>;

// All terms hold. None: every node.
struct NodeFilter {
  std::vector<NodeTerm> terms{};
  std::int64_t online_since_us = 0;

  bool operator==(const NodeFilter&) const = default;
};

// An expression over the columns of `nodes` that is 1 when the filter holds and 0 when not; its values are appended to
// `values`.
std::string sql_condition(const NodeFilter& filter, std::vector<SqlValue>& values);

}  // namespace mmm::index
