#pragma once

#include "core/mesh/field_ranges.h"
#include "core/store/index/rows.h"
#include "dashboard/api/api.h"
#include "dashboard/api/json_writer.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mmm::dashboard {

// What the index does not keep of a packet: its bytes, read from the log and decoded again.
struct PacketContent {
  std::string
      raw;  // the record's payload: a FromRadio message, or JSON of the Python version. Empty: the log no longer has it
  std::vector<mesh::FieldRange> raw_fields;  // in raw, of a FromRadio message
  std::string payload;                       // JSON; empty when there is nothing readable
  // What the payload's JSON was made from, decrypted; empty when it holds secrets, too.
  std::string payload_bytes;
  std::vector<mesh::FieldRange> payload_fields;
  std::optional<std::size_t> payload_offset;  // of payload_bytes in raw; empty when they do not stand there
  std::string mesh_packet;                    // JSON: the packet's header fields
  // Privacy took something out of the payload, and with it all bytes that have it.
  bool is_kept_back = false;
};

// Blocks. A record that the log no longer has gives an empty content.
Result<PacketContent> read_content(Api& api, const index::PacketRow& packet,
                                   std::span<const index::ReceptionRow> receptions);

void write_packet_detail(JsonWriter& json, const index::PacketRow& packet,
                         std::span<const index::ReceptionRow> receptions, const PacketContent& content);

}  // namespace mmm::dashboard
