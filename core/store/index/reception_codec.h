#pragma once

#include "core/store/index/rows.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A packet's receptions as the bytes of its row's column `receptions` (FORMAT.md): about 14 bytes each, where a row of
// its own with an index for agents takes 60.
namespace mmm::index {

// Appends one to packet.reception_list. It must belong to the packet, and its id not lie below the packet's.
void append_reception(PacketRow& packet, const ReceptionRow& reception);

// All of them in the order in which they were appended, which is that of their ids. What cannot be read, which only a
// damaged file has, ends the list. `packet_time_us` is the packet's PacketRow::time_us.
std::vector<ReceptionRow> read_receptions(LogId packet, std::int64_t packet_time_us, std::string_view bytes);

// Room for one reception: nine varints of ten bytes at most, and a byte.
inline constexpr int kReceptionBytesMax = 9 * 10 + 1;
// AgentRow::num of the first one's agent; empty when there is none that can be read. The first kReceptionBytesMax bytes
// of a list are enough.
std::optional<std::int64_t> first_agent(std::string_view bytes);

// Whether the agent has one among them.
bool is_received_by(std::string_view bytes, std::int64_t agent);

}  // namespace mmm::index
