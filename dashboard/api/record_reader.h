#pragma once

#include "core/mesh/from_radio.pb.h"
#include "core/python/entry_reader.h"
#include "core/store/packet_log.h"

#include <string>
#include <string_view>
#include <vector>

namespace mmm::dashboard {

// Reads packets' records from the log. Keeps the chunk that it read last, since neighbours in a list are most often
// neighbours in the log. Blocks. One thread.
class RecordReader {
 public:
  explicit RecordReader(const store::PacketLog& log) : log_(log) {}

  // The record's payload as it is stored; empty when the log no longer has it. Valid until the next call.
  Result<std::string_view> payload(store::LogId id);

  // The record as the radio's message; null when the log no longer has it, or when it is no packet. Valid until the
  // next call.
  Result<const mesh::MeshPacket*> packet(store::LogId id);

 private:
  Result<const upload::RecordView*> find(store::LogId id);

  const store::PacketLog& log_;
  std::vector<store::StoredChunk> chunks_;  // one, or none
  mesh::FromRadio message_;
  mmm::python::EntryReader python_;
};

}  // namespace mmm::dashboard
