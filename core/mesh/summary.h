#pragma once

#include "core/mesh/decode.h"
#include "core/mesh/packet.h"

#include <cstddef>
#include <string>

namespace mmm::mesh {

inline constexpr std::size_t kSummaryBytesMax = 240;

// One line for a list of packets: "battery 87 %, 4.05 V", "48.1371, 11.5754 ±364 m", the text itself, "ack for
// 1234abcd". `payload` is what packet.data carries (for a packet that we decrypted: set packet.data to view_data() of
// the result first); without data the line says only that it is encrypted. Valid UTF-8 without line breaks, at most
// kSummaryBytesMax bytes.
std::string summarize(const Packet& packet, const Payload& payload);

}  // namespace mmm::mesh
