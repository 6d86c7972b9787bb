// The body of an upload, plain and compressed, on any bytes: what the scanner accepts keeps its promises and can be
// written anew; decompression keeps its bound.
//
// The input's first byte says how the rest is taken: as a body, as a zstd frame or as a gzip member.

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/upload/compression.h"
#include "core/upload/upload_codec.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace mmm::upload;

// Small, so that bombs are met soon.
constexpr std::size_t kContentBytesMax = 256U << 10U;

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void check_records(const UploadView& view, std::string_view body) {
  MMM_CHECK(view.records.size() == view.record_fields.size());
  MMM_CHECK(view.records.size() + view.refused.size() <= mmm::limits::kUploadRecordsMax);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < view.records.size(); ++i) {
    const RecordView& record = view.records[i];
    MMM_CHECK(record.seq > before && record.seq <= view.last_seq);
    before = record.seq;
    MMM_CHECK(!record.payload.empty() && record.kind != RECORD_KIND_UNSPECIFIED);
    MMM_CHECK(lies_in(record.payload, body) && lies_in(view.record_fields[i], body));
  }
  before = 0;
  for (const Refusal& refusal : view.refused) {
    MMM_CHECK(refusal.seq > before && refusal.seq <= view.last_seq && !refusal.reason.empty());
    before = refusal.seq;
  }
}

void check_same(const UploadView& view, std::string_view body) {
  const auto again = scan_upload(body);
  MMM_CHECK(again && again->records.size() == view.records.size() && again->refused.empty());
  MMM_CHECK(again->header.SerializeAsString() == view.header.SerializeAsString());
  for (std::size_t i = 0; i < view.records.size(); ++i) {
    MMM_CHECK(again->records[i].seq == view.records[i].seq && again->records[i].kind == view.records[i].kind);
    MMM_CHECK(again->records[i].arrival_us == view.records[i].arrival_us);
    MMM_CHECK(again->records[i].payload == view.records[i].payload);
  }
}

void check_body(std::string_view body) {
  const auto view = scan_upload(body);
  if (!view) {
    MMM_CHECK(!view.error().message.empty());
    return;
  }
  MMM_CHECK(is_valid_agent_id(view->header.agent_id()));
  check_records(*view, body);
  check_same(*view, encode_upload(view->header, view->records));
  check_same(*view, copy_upload(view->header_bytes, view->record_fields));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      check_body(bytes);
      break;
    case 1:
      if (const auto content = zstd_decompress(bytes, kContentBytesMax)) {
        MMM_CHECK(content->size() <= kContentBytesMax);
        check_body(*content);
      }
      break;
    default:
      if (const auto content = gzip_decompress(bytes, kContentBytesMax)) {
        MMM_CHECK(content->size() <= kContentBytesMax);
        check_body(*content);
      }
  }
  return 0;
}
