#include "core/upload/upload_codec.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/upload/wire_reader.h"
#include "core/upload/wire_writer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mmm::upload {
namespace {

// Field numbers of upload.proto.
constexpr std::uint32_t kRequestHeader = 1;
constexpr std::uint32_t kRequestRecords = 2;
constexpr std::uint32_t kRecordSeq = 1;
constexpr std::uint32_t kRecordArrival = 2;
constexpr std::uint32_t kRecordKind = 3;
constexpr std::uint32_t kRecordPayload = 4;

// A record field takes at least this many bytes: its tag, its length, and a seq.
constexpr std::size_t kRecordBytesMin = 4;

bool scan_record(std::string_view bytes, RecordView& record) {
  WireReader reader(bytes);
  WireField field;
  while (!reader.at_end()) {
    if (!reader.read(field)) return false;
    if (field.type == kWireVarint) {
      if (field.number == kRecordSeq) record.seq = field.varint;
      if (field.number == kRecordArrival) record.arrival_us = static_cast<std::int64_t>(field.varint);
      // An enum on the wire is the low 32 bits of the varint, as protobuf reads it.
      if (field.number == kRecordKind) {
        record.kind = static_cast<RecordKind>(static_cast<std::int32_t>(static_cast<std::uint32_t>(field.varint)));
      }
    } else if (field.type == kWireBytes && field.number == kRecordPayload) {
      record.payload = field.bytes;
    }
  }
  return true;
}

bool is_valid_degrees(double value, double max) {
  return std::isfinite(value) && std::abs(value) <= max;
}

Result<> check_location(const Location& location) {
  if (location.name().size() > limits::kLocationNameBytesMax) {
    return fail(ErrorKind::kTooLarge, "the location's name has {} bytes, at most {} are allowed",
                location.name().size(), limits::kLocationNameBytesMax);
  }
  if (location.has_latitude() && !is_valid_degrees(location.latitude(), 90)) {
    return fail(ErrorKind::kMalformed, "the location's latitude must be between -90 and 90 degrees");
  }
  if (location.has_longitude() && !is_valid_degrees(location.longitude(), 180)) {
    return fail(ErrorKind::kMalformed, "the location's longitude must be between -180 and 180 degrees");
  }
  return {};
}

bool has_plain_characters(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

Result<> parse_header(std::string_view bytes, UploadHeader& header) {
  if (bytes.size() > limits::kUploadHeaderBytesMax) {
    return fail(ErrorKind::kTooLarge, "the header has {} bytes, at most {} are allowed", bytes.size(),
                limits::kUploadHeaderBytesMax);
  }
  if (!header.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorKind::kMalformed, "the header is not a valid UploadHeader message");
  }
  if (!is_valid_agent_id(header.agent_id())) {
    return fail(ErrorKind::kMalformed,
                "the agent id must have 1 to {} characters out of letters, digits, dot, underscore and dash",
                limits::kAgentIdBytesMax);
  }
  if (header.stream_id().size() != limits::kStreamIdBytes) {
    return fail(ErrorKind::kMalformed, "the stream id has {} bytes, it must have {}", header.stream_id().size(),
                limits::kStreamIdBytes);
  }
  if (!header.radio().empty() && !is_valid_radio_name(header.radio())) {
    return fail(ErrorKind::kMalformed,
                "the radio's name must have at most {} characters out of letters, digits, dot, underscore and dash",
                limits::kRadioNameBytesMax);
  }
  if (static_cast<std::size_t>(header.radios_size()) > limits::kRadiosMax ||
      !std::ranges::all_of(header.radios(), is_valid_radio_name)) {
    return fail(ErrorKind::kMalformed, "radios must name at most {}, each as radio does", limits::kRadiosMax);
  }
  return header.has_location() ? check_location(header.location()) : Result<>{};
}

// Why the server does not take this one record; empty: it does.
std::string refusal_reason(const RecordView& record) {
  if (record.kind == RECORD_KIND_UNSPECIFIED) return "the record has no kind";
  if (record.payload.empty()) return "the record's payload is empty";
  if (record.payload.size() > limits::kRecordPayloadBytesMax) {
    return fmt::format("the record's payload has {} bytes, at most {} are allowed", record.payload.size(),
                       limits::kRecordPayloadBytesMax);
  }
  return {};
}

Result<> take_record(UploadView& view, std::string_view bytes, std::string_view field) {
  const std::size_t place = view.records.size() + view.refused.size();
  if (place == limits::kUploadRecordsMax) {
    return fail(ErrorKind::kTooLarge, "the upload has more than {} records: send them in several uploads",
                limits::kUploadRecordsMax);
  }
  RecordView record;
  if (!scan_record(bytes, record)) {
    return fail(ErrorKind::kMalformed, "record {} is not a valid Record message", place);
  }
  if (record.seq <= view.last_seq) {
    return fail(ErrorKind::kInvalidArgument, "record {} has seq {} after seq {}: seq must rise, starting with 1", place,
                record.seq, view.last_seq);
  }
  view.last_seq = record.seq;
  if (std::string reason = refusal_reason(record); !reason.empty()) {
    view.refused.push_back(Refusal{record.seq, std::move(reason)});
  } else {
    view.records.push_back(record);
    view.record_fields.push_back(field);
  }
  return {};
}

std::size_t record_body_size(const RecordView& record) {
  const auto kind = static_cast<std::uint64_t>(static_cast<std::int64_t>(record.kind));
  return 1 + varint_size(record.seq) + 1 + varint_size(static_cast<std::uint64_t>(record.arrival_us)) + 1 +
         varint_size(kind) + 1 + varint_size(record.payload.size()) + record.payload.size();
}

void append_record(std::string& out, const RecordView& record) {
  append_tag(out, kRequestRecords, kWireBytes);
  append_varint(out, record_body_size(record));
  append_tag(out, kRecordSeq, kWireVarint);
  append_varint(out, record.seq);
  append_tag(out, kRecordArrival, kWireVarint);
  append_varint(out, static_cast<std::uint64_t>(record.arrival_us));
  append_tag(out, kRecordKind, kWireVarint);
  append_varint(out, static_cast<std::uint64_t>(static_cast<std::int64_t>(record.kind)));
  append_bytes_field(out, kRecordPayload, record.payload);
}

}  // namespace

bool is_valid_agent_id(std::string_view id) {
  return !id.empty() && id.size() <= limits::kAgentIdBytesMax && has_plain_characters(id);
}

bool is_valid_radio_name(std::string_view name) {
  return !name.empty() && name.size() <= limits::kRadioNameBytesMax && has_plain_characters(name);
}

Result<UploadView> scan_upload(std::string_view body) {
  UploadView view;
  bool has_header = false;
  const std::size_t records_max = std::min(limits::kUploadRecordsDefault, body.size() / kRecordBytesMin);
  view.records.reserve(records_max);
  view.record_fields.reserve(records_max);
  WireReader reader(body);
  WireField field;
  while (!reader.at_end()) {
    const char* start = reader.position();
    if (!reader.read(field)) return fail(ErrorKind::kMalformed, "the body is not a valid UploadRequest message");
    if (field.type != kWireBytes) continue;
    if (field.number == kRequestHeader) {
      // Protobuf would merge two headers; nobody sends two, and stored bytes must have one meaning.
      if (has_header) return fail(ErrorKind::kMalformed, "the body has more than one header");
      has_header = true;
      view.header_bytes = field.bytes;
      if (auto parsed = parse_header(field.bytes, view.header); !parsed) return fail(std::move(parsed).error());
    } else if (field.number == kRequestRecords) {
      const std::string_view whole(start, static_cast<std::size_t>(reader.position() - start));
      if (auto taken = take_record(view, field.bytes, whole); !taken) return fail(std::move(taken).error());
    }
  }
  if (!has_header) return fail(ErrorKind::kMalformed, "the body has no header");
  return view;
}

std::string encode_upload(const UploadHeader& header, std::span<const RecordView> records) {
  const std::string header_bytes = header.SerializeAsString();
  std::size_t size = header_bytes.size() + 8;
  for (const RecordView& record : records) size += record_body_size(record) + 6;
  std::string out;
  out.reserve(size);
  append_bytes_field(out, kRequestHeader, header_bytes);
  std::uint64_t last_seq = 0;
  for (const RecordView& record : records) {
    MMM_CHECK(record.seq > last_seq);
    last_seq = record.seq;
    append_record(out, record);
  }
  return out;
}

std::string copy_upload(std::string_view header_bytes, std::span<const std::string_view> record_fields) {
  std::size_t size = header_bytes.size() + 8;
  for (const std::string_view field : record_fields) size += field.size();
  std::string out;
  out.reserve(size);
  append_bytes_field(out, kRequestHeader, header_bytes);
  for (const std::string_view field : record_fields) out.append(field);
  return out;
}

}  // namespace mmm::upload
