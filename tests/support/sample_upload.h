#pragma once

#include "core/upload/upload_codec.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Uploads as an agent sends them, with contents that differ from record to record.
namespace mmm::test {

inline upload::UploadHeader sample_header(std::string_view agent_id = "agent-1", char stream = 's') {
  upload::UploadHeader header;
  header.set_agent_id(std::string(agent_id));
  header.set_stream_id(std::string(16, stream));
  header.mutable_location()->set_name("Hill");
  header.mutable_location()->set_latitude(46.5);
  header.mutable_location()->set_longitude(7.25);
  header.set_agent_version("1.2.3");
  header.mutable_ledger()->set_captured(1000);
  header.set_sent_us(1'700'000'000'000'000);
  return header;
}

// The payload of a record: the same for the same seq, so that a reader can tell what must stand there.
inline std::string_view sample_payload(std::uint64_t seq) {
  static const std::string bytes = [] {
    std::string text;
    for (int i = 0; i < 4096; ++i) text += static_cast<char>(i * 31 + i / 7);
    return text;
  }();
  return std::string_view(bytes).substr(seq * 7 % 3900, 60 + seq % 80);
}

// Records first_seq, first_seq + 1, …
inline std::vector<upload::RecordView> sample_records(std::size_t count, std::uint64_t first_seq = 1) {
  std::vector<upload::RecordView> records;
  for (std::uint64_t seq = first_seq; seq < first_seq + count; ++seq) {
    records.push_back({.seq = seq,
                       .arrival_us = 1'700'000'000'000'000 + static_cast<std::int64_t>(seq) * 1000,
                       .kind = upload::RECORD_KIND_MESH_PACKET,
                       .payload = sample_payload(seq)});
  }
  return records;
}

inline std::string sample_body(std::size_t count, std::uint64_t first_seq = 1, std::string_view agent_id = "agent-1",
                               char stream = 's') {
  return upload::encode_upload(sample_header(agent_id, stream), sample_records(count, first_seq));
}

}  // namespace mmm::test
