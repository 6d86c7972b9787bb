#include "core/store/chunk.h"

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/upload/compression.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace mmm::store {
namespace {

constexpr std::size_t kEncodingOffset = 1;
constexpr std::size_t kCountOffset = 2;
constexpr std::size_t kCountBytes = 4;
static_assert(kCountOffset + kCountBytes == kChunkHeadBytes);

// Over key, front and body, chained so that the body is read once and need not stand beside the rest.
std::uint64_t checksum(LogId first_id, std::string_view head, std::string_view body) {
  const XXH64_hash_t front = XXH3_64bits_withSeed(head.data(), head.size(), first_id);
  return XXH3_64bits_withSeed(body.data(), body.size(), front);
}

}  // namespace

StoredChunk damaged_chunk(LogId first_id, LogId span, std::string why) {
  StoredChunk chunk;
  chunk.first_id = first_id;
  chunk.span = std::max<LogId>(span, 1);
  chunk.damage = std::move(why);
  return chunk;
}

ChunkParts encode_chunk_parts(LogId first_id, ChunkHead head, std::string_view body) {
  ChunkParts parts;
  parts.head.push_back(static_cast<char>(kChunkVersion));
  parts.head.push_back(static_cast<char>(head.encoding));
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    parts.head.push_back(static_cast<char>((head.records >> (shift - 8)) & 0xFFU));
  }
  append_u64_be(parts.checksum, checksum(first_id, parts.head, body));
  MMM_CHECK(parts.head.size() == kChunkHeadBytes && parts.checksum.size() == kChunkChecksumBytes);
  return parts;
}

Result<ChunkHead> decode_chunk_head(std::string_view value) {
  if (value.empty()) return fail(ErrorKind::kCorrupt, "the chunk is empty");
  const auto version = static_cast<std::uint8_t>(value[0]);
  if (version > kChunkVersion) {
    return fail(ErrorKind::kNewerVersion,
                "the chunk has version {}, this program reads up to version {}: start the newer program that wrote it",
                version, kChunkVersion);
  }
  if (version == 0 || value.size() < kChunkHeadBytes + kChunkChecksumBytes) {
    return fail(ErrorKind::kCorrupt, "the chunk has version {} and {} bytes", version, value.size());
  }
  ChunkHead head;
  head.encoding = static_cast<ChunkEncoding>(value[kEncodingOffset]);
  for (const char byte : value.substr(kCountOffset, kCountBytes)) {
    head.records = (head.records << 8U) | static_cast<std::uint8_t>(byte);
  }
  if (head.encoding > ChunkEncoding::kZstd || head.records > limits::kUploadRecordsMax) {
    return fail(ErrorKind::kCorrupt, "the chunk says encoding {} and {} records", static_cast<int>(head.encoding),
                head.records);
  }
  return head;
}

Result<StoredChunk> decode_chunk(LogId first_id, std::string_view value) {
  auto head = decode_chunk_head(value);
  if (!head) {
    if (head.error().kind == ErrorKind::kNewerVersion) return fail(head.error().with("record {}", first_id));
    return damaged_chunk(first_id, 1, head.error().message);
  }
  const std::string_view front = value.substr(0, kChunkHeadBytes);
  const std::string_view stored = value.substr(kChunkHeadBytes, value.size() - kChunkHeadBytes - kChunkChecksumBytes);
  if (load_u64_be(value.substr(value.size() - kChunkChecksumBytes)) != checksum(first_id, front, stored)) {
    return damaged_chunk(first_id, head->records, "the checksum does not fit the bytes");
  }
  StoredChunk chunk;
  chunk.first_id = first_id;
  chunk.span = std::max(head->records, 1U);
  if (head->encoding == ChunkEncoding::kZstd) {
    auto body = upload::zstd_decompress(stored, limits::kUploadDecodedBytesMax);
    if (!body) return damaged_chunk(first_id, head->records, body.error().message);
    chunk.body = std::make_unique<const std::string>(std::move(*body));
  } else {
    chunk.body = std::make_unique<const std::string>(stored);
  }
  auto view = upload::scan_upload(*chunk.body);
  if (!view) return damaged_chunk(first_id, head->records, view.error().message);
  if (view->records.size() != head->records) {
    return damaged_chunk(first_id, head->records,
                         fmt::format("it holds {} records instead of {}", view->records.size(), head->records));
  }
  chunk.upload = std::move(*view);
  return chunk;
}

}  // namespace mmm::store
