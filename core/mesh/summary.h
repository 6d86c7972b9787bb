#pragma once

#include "core/mesh/decode.h"
#include "core/mesh/packet.h"

#include <string>

namespace mmm::mesh {

// One line for a list of packets: "battery 87 %, 4.05 V", "48.1371, 11.5754 ±364 m", the text itself, "ack for
// 1234abcd". Valid UTF-8 without line breaks, at most kSummaryBytesMax bytes.
inline constexpr std::size_t kSummaryBytesMax = 240;
std::string summarize(const PacketData& data, const Payload& payload);
// For packets that carry no readable data.
std::string summarize_encrypted(const Packet& packet);

}  // namespace mmm::mesh
