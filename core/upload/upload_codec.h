#pragma once

#include "core/base/result.h"
#include "core/upload/upload.pb.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The body of an upload (core/upload/upload.proto) without building a protobuf object for each record: the scanner
// gives views into the body, the encoder writes straight from views. Only the header goes through protobuf.
namespace mmm::upload {

// One record; `payload` points into bytes that somebody else owns.
struct RecordView {
  std::uint64_t seq = 0;
  std::int64_t arrival_us = 0;
  RecordKind kind = RECORD_KIND_UNSPECIFIED;  // open: may have a value that this version has no name for
  std::string_view payload;
};

// A record that the server does not take, while it takes the others of the upload.
struct Refusal {
  std::uint64_t seq = 0;
  std::string reason;  // for the person who reads the agent's log
};

// A scanned upload. Every view points into the scanned body, which must outlive this and not move.
struct UploadView {
  UploadHeader header;
  std::string_view header_bytes;  // the header as it came, without tag and length
  std::vector<RecordView> records;
  // The field of each record as it came, tag and length included; same order as records.
  std::vector<std::string_view> record_fields;
  std::vector<Refusal> refused;  // rising by seq; not in records
  std::uint64_t last_seq = 0;    // the highest in the upload, refused ones included; 0 without records
};

// Reads and checks a whole body (UploadRequest). An upload without records is valid: it carries the agent's ledger.
//
// Fails with kMalformed (not an UploadRequest; no header; bad agent id, stream id or location), kInvalidArgument (seq
// zero or not strictly rising) or kTooLarge (more than limits::kUploadRecordsMax records, a name over its limit). A
// record with an empty or too large payload or without kind goes to `refused`. Unknown fields are skipped. Allocates
// nothing that the body's size does not bound.
Result<UploadView> scan_upload(std::string_view body);

// The reverse: a whole body. Records must be in strictly rising order of seq.
std::string encode_upload(const UploadHeader& header, std::span<const RecordView> records);

// A body of the header and some of the records of a scanned upload, byte for byte as they came (unknown fields too).
std::string copy_upload(std::string_view header_bytes, std::span<const std::string_view> record_fields);

// 1 to 64 of A-Z a-z 0-9 . _ -, so that an id can be a key, a label and a file name.
bool is_valid_agent_id(std::string_view id);
// The same of the name of a radio.
bool is_valid_radio_name(std::string_view name);

}  // namespace mmm::upload
