#pragma once

#include "core/store/index/filter_term.h"
#include "core/store/index/rows.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

// Which packets a question is about, and its two evaluators: SQL for rows of the index, and code for a row in memory.
// They give the same answer for every row; a property test compares them.
namespace mmm::index {

enum class PacketField : std::uint8_t {
  kId,          // log id, which is the time it came to the log
  kFrom,        // node number
  kTo,          // node number
  kNode,        // sender or destination
  kPort,        // kPortNotDecoded: none
  kAgent,       // AgentRow::num of any reception, heard or not
  kHops,        // fewest of any reception over the air
  kSnr,         // hundredths of dB, best over the air
  kRssi,        // dBm, best over the air
  kReceptions,  // over the air
  kChannel,
  kSize,     // bytes
  kAirtime,  // microseconds
  kPacketId,
  kTrait,
  kText,  // part of the summary, ASCII letters in any case
};

enum class PacketTrait : std::uint8_t {
  kReplay,
  kMqtt,
  kOwn,
  kEncrypted,
  kDecrypted,
  kPki,
  kWantAck,
  kViaMqtt,
  kUdp,
  kDirect,     // to one node
  kBroadcast,  // to all
  kDecoded,
  kHeard,  // over the air by one agent at least
};

using PacketTerm = FilterTerm<PacketField, PacketTrait>;

// All terms hold. None: every packet.
struct PacketFilter {
  std::vector<PacketTerm> terms{};

  [[nodiscard]] bool asks_for(PacketField field) const;
  // The log ids that can match, from what the filter says of kId.
  [[nodiscard]] ValueRange ids() const;
  bool operator==(const PacketFilter&) const = default;
};

// `agents`: those of the packet's receptions; looked at when the filter asks for kAgent only.
bool matches(const PacketFilter& filter, const PacketRow& packet, std::span<const std::int64_t> agents);

// An expression over the columns of `packets p` that is 1 when the filter holds and 0 when not. Its values are appended
// to `values` and named by their place there: ?1 is the first.
std::string sql_condition(const PacketFilter& filter, std::vector<SqlValue>& values);

}  // namespace mmm::index
