#pragma once

#include "core/store/log_writer.h"
#include "core/store/packet_log.h"
#include "tests/support/sample_upload.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mmm::store {

// Tiny buffers, so that flushes and compactions happen in tests too.
inline PacketLogOptions small_log_options() {
  PacketLogOptions options;
  options.memtable_bytes = 64U << 10U;
  options.cache_bytes = 1U << 20U;
  return options;
}

inline std::unique_ptr<PacketLog> open_log(const std::filesystem::path& path,
                                           const PacketLogOptions& options = small_log_options()) {
  auto log = PacketLog::open(path, options);
  EXPECT_TRUE(log) << (log ? "" : log.error().message);
  return log ? std::move(*log) : nullptr;
}

inline std::unique_ptr<PendingUpload> sample_upload(std::size_t count, std::uint64_t first_seq = 1,
                                                    std::string_view agent = "agent-1", char stream = 's') {
  auto upload = PendingUpload::scan(test::sample_body(count, first_seq, agent, stream), {});
  EXPECT_TRUE(upload) << (upload ? "" : upload.error().message);
  return std::move(*upload);
}

// Everything durable.
inline std::vector<StoredChunk> read_all(const PacketLog& log) {
  std::vector<StoredChunk> chunks;
  LogId from = 0;
  while (true) {
    const std::size_t before = chunks.size();
    const auto read = log.read(from, 100'000, chunks);
    EXPECT_TRUE(read) << (read ? "" : read.error().message);
    if (!read || chunks.size() == before) return chunks;
    from = chunks.back().last_id() + 1;
  }
}

// How often each record of each stream stands in the log; checks payloads and that ids rise.
inline std::map<std::pair<std::string, std::uint64_t>, int> count_records(const PacketLog& log) {
  std::map<std::pair<std::string, std::uint64_t>, int> counts;
  LogId last = 0;
  for (const StoredChunk& chunk : read_all(log)) {
    EXPECT_EQ(chunk.damage, "");
    EXPECT_GT(chunk.first_id, last);
    last = chunk.last_id();
    for (const upload::RecordView& record : chunk.upload.records) {
      EXPECT_EQ(record.payload, test::sample_payload(record.seq));
      ++counts[{chunk.upload.header.agent_id() + chunk.upload.header.stream_id().substr(0, 1), record.seq}];
    }
  }
  return counts;
}

}  // namespace mmm::store
