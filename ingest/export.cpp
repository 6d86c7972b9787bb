#include "ingest/export.h"

#include "core/base/encoding.h"

#include <algorithm>
#include <vector>

namespace mmm::ingest {
namespace {

constexpr std::size_t kReadBytes = 4U << 20U;

// "mesh_packet"; a kind of a later version is shown as its number.
std::string kind_name(upload::RecordKind kind) {
  constexpr std::string_view kPrefix = "RECORD_KIND_";
  const std::string& name = upload::RecordKind_Name(kind);
  if (!name.starts_with(kPrefix)) return std::to_string(static_cast<int>(kind));
  std::string lower = name.substr(kPrefix.size());
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

// Every text in a line is hex, a kind's name or an agent id, so none needs escaping; damage is our own words.
void append_line(std::string& out, const store::StoredChunk& chunk, std::size_t index) {
  const upload::UploadHeader& header = chunk.upload.header;
  const upload::RecordView& record = chunk.upload.records[index];
  fmt::format_to(std::back_inserter(out),
                 R"({{"id":{},"agent":"{}","stream":"{}","seq":{},"arrival_us":{},"kind":"{}","payload_hex":"{}"}})"
                 "\n",
                 chunk.id(index), header.agent_id(), to_hex(header.stream_id()), record.seq, record.arrival_us,
                 kind_name(record.kind), to_hex(record.payload));
}

}  // namespace

Result<std::uint64_t> export_records(const store::PacketLog& log, store::LogId from, store::LogId to,
                                     const ExportSink& sink) {
  std::uint64_t count = 0;
  std::vector<store::StoredChunk> chunks;
  std::string out;
  while (from <= to) {
    chunks.clear();
    if (auto read = log.read(from, kReadBytes, chunks); !read) return fail(std::move(read).error());
    if (chunks.empty()) break;
    out.clear();
    for (const store::StoredChunk& chunk : chunks) {
      if (!chunk.damage.empty() && chunk.first_id <= to) {
        fmt::format_to(std::back_inserter(out),
                       R"({{"id":{},"damage":"{}"}})"
                       "\n",
                       chunk.first_id, chunk.damage);
      }
      for (std::size_t i = 0; i < chunk.upload.records.size(); ++i) {
        if (chunk.id(i) < from || chunk.id(i) > to) continue;
        append_line(out, chunk, i);
        ++count;
      }
    }
    if (!sink(out)) break;
    from = chunks.back().last_id() + 1;
  }
  return count;
}

}  // namespace mmm::ingest
