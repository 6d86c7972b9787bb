#include "perf/ingest/sample_upload.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/upload/upload_codec.h"

#include <random>

namespace mmm::perf {
namespace {

// From here to 2^35 a varint has five bytes, so that a number can be replaced in place.
constexpr std::uint64_t kFirstSeq = 1ULL << 28U;
constexpr std::size_t kSeqBytes = 5;
// A serialized MeshPacket of ordinary traffic, within its FromRadio.
constexpr std::size_t kPayloadBytes = 98;

void put_seq(char* at, std::uint64_t seq) {
  for (std::size_t i = 0; i + 1 < kSeqBytes; ++i, seq >>= 7U) at[i] = static_cast<char>((seq & 0x7FU) | 0x80U);
  at[kSeqBytes - 1] = static_cast<char>(seq);
}

std::string sample_payload(std::mt19937& random, std::size_t record) {
  // What repeats from packet to packet (tags, destination, channel), then what does not (id, ciphertext).
  std::string payload("\x12\x60\x0d\x11\x22\x33\x44\x15\xff\xff\xff\xff\x18\x08\x48\x03\x50\x01\x60\x46\x78\x07", 22);
  while (payload.size() < kPayloadBytes) {
    const bool encrypted = record % 5 < 3;
    payload.push_back(static_cast<char>(encrypted ? random() : payload.size() % 16));
  }
  return payload;
}

}  // namespace

SampleUpload::SampleUpload(unsigned agent, std::size_t records) : next_seq_(kFirstSeq) {
  std::mt19937 random(agent);
  upload::UploadHeader header;
  header.set_agent_id("bench-" + std::to_string(agent));
  std::string stream(limits::kStreamIdBytes, '\0');
  for (char& byte : stream) byte = static_cast<char>(random());
  // Another one in each run, so that a server may be measured twice on the same data.
  std::random_device entropy;
  stream[0] = static_cast<char>(entropy());
  stream[1] = static_cast<char>(entropy());
  stream[2] = static_cast<char>(entropy());
  header.set_stream_id(stream);
  header.set_agent_version("bench");
  std::vector<std::string> payloads;
  std::vector<upload::RecordView> views;
  for (std::size_t i = 0; i < records; ++i) payloads.push_back(sample_payload(random, i));
  for (std::size_t i = 0; i < records; ++i) {
    views.push_back({.seq = kFirstSeq + i,
                     .arrival_us = 1'790'000'000'000'000 + static_cast<std::int64_t>(i) * 100'000,
                     .kind = upload::RECORD_KIND_MESH_PACKET,
                     .payload = payloads[i]});
  }
  body_ = upload::encode_upload(header, views);
  auto scanned = upload::scan_upload(body_);
  MMM_CHECK(scanned && scanned->record_fields.size() == records);
  for (const std::string_view field : scanned->record_fields) {
    // A record is: tag, length, tag of seq, seq. Both tags have one byte.
    const std::size_t length_bytes = (static_cast<unsigned char>(field[1]) & 0x80U) != 0 ? 2 : 1;
    seq_offsets_.push_back(static_cast<std::size_t>(field.data() - body_.data()) + 1 + length_bytes + 1);
  }
}

std::string_view SampleUpload::next() {
  for (const std::size_t offset : seq_offsets_) put_seq(body_.data() + offset, next_seq_++);
  return body_;
}

}  // namespace mmm::perf
