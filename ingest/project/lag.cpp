#include "ingest/project/lag.h"

#include <algorithm>

namespace mmm::ingest {

void Lag::read(std::span<const store::StoredChunk> chunks, store::LogId last) {
  std::uint64_t records = 0;
  for (const store::StoredChunk& chunk : chunks) records += chunk.upload.records.size();
  oldest_ = chunks.front().first_id;
  const store::LogId read_to = chunks.back().last_id();
  last = std::max(last, read_to);
  const double density = static_cast<double>(records) / static_cast<double>(read_to - chunks.front().first_id + 1);
  records_ = records + static_cast<std::uint64_t>(density * static_cast<double>(last - read_to));
}

void Lag::committed(std::uint64_t records) {
  records_ -= std::min<std::uint64_t>(records_, records);
}

void Lag::clear() {
  oldest_ = 0;
  records_ = 0;
}

}  // namespace mmm::ingest
