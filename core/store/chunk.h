#pragma once

#include "core/base/result.h"
#include "core/store/log_id.h"
#include "core/upload/upload_codec.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

// The value of the packet log: the records of one accepted upload. FORMAT.md beside this file has the byte layout.
namespace mmm::store {

inline constexpr std::uint8_t kChunkVersion = 1;

// How the upload's body is kept in the chunk. Stored: append only.
enum class ChunkEncoding : std::uint8_t {
  kPlain = 0,  // UploadRequest as bytes
  kZstd = 1,   // one zstd frame of it, as the agent sent it
};

// A chunk that was read. The records' views point into `body`, so the chunk may be moved but not copied.
struct StoredChunk {
  LogId first_id = 0;
  // How many ids it takes: at least 1, also without records. Of a damaged stretch: up to the next chunk that can be
  // read.
  LogId span = 1;
  // Not empty: the stored value is damaged, this says how, and there are neither header nor records.
  std::string damage;
  std::unique_ptr<const std::string> body;
  upload::UploadView upload;

  // The id of upload.records[index].
  [[nodiscard]] LogId id(std::size_t index) const { return first_id + index; }
  [[nodiscard]] LogId last_id() const { return first_id + span - 1; }
};

// The fixed front of a chunk's value.
struct ChunkHead {
  ChunkEncoding encoding = ChunkEncoding::kPlain;
  std::uint32_t records = 0;
};
inline constexpr std::size_t kChunkHeadBytes = 6;
inline constexpr std::size_t kChunkChecksumBytes = 8;

// The three parts of a value, so that the body need not be copied to be written: head, body, checksum.
struct ChunkParts {
  std::string head;
  std::string checksum;
};
ChunkParts encode_chunk_parts(LogId first_id, ChunkHead head, std::string_view body);

// The front alone, without looking at the body: what finding a record needs.
// Fails with kNewerVersion (a later version of the program wrote it) or kCorrupt.
Result<ChunkHead> decode_chunk_head(std::string_view value);

// What stands for a stretch of the log that cannot be read.
StoredChunk damaged_chunk(LogId first_id, LogId span, std::string why);

// The whole value: verifies the checksum, decompresses and scans. A damaged value gives a chunk with `damage`.
// Fails with kNewerVersion only.
Result<StoredChunk> decode_chunk(LogId first_id, std::string_view value);

}  // namespace mmm::store
