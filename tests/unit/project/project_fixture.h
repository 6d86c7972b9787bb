#pragma once

#include "core/mesh/channel_key.h"
#include "core/mesh/decrypt.h"
#include "core/sqlite/database.h"
#include "core/store/index/index_reader.h"
#include "core/store/index/index_writer.h"
#include "ingest/project/projection.h"
#include "tests/support/mesh_log.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <functional>

namespace mmm::test {

inline std::unique_ptr<mesh::Keyring> default_keys() {
  auto keys = std::make_unique<mesh::Keyring>();
  keys->add_default_channels();
  return keys;
}

// Folds a log into an index. `commit_after(records)` says after which chunk to commit, `restart()` whether to open
// everything anew after that.
inline void project(
    const store::PacketLog& log, const std::filesystem::path& index_path,
    const std::function<bool()>& commit_after = [] { return false; },
    const std::function<bool()>& restart = [] { return false; }, const ingest::ProjectionOptions& options = {}) {
  auto keys = default_keys();
  std::unique_ptr<index::IndexWriter> writer;
  std::unique_ptr<ingest::Projection> projection;
  const auto open = [&] {
    projection.reset();
    writer.reset();
    auto opened = index::IndexWriter::open(index_path);
    ASSERT_TRUE(opened) << opened.error().message;
    writer = std::move(*opened);
    auto made = ingest::Projection::open(*writer, *keys, options);
    ASSERT_TRUE(made) << made.error().message;
    projection = std::move(*made);
  };
  open();
  for (;;) {
    std::vector<store::StoredChunk> chunks;
    ASSERT_TRUE(log.read(projection->cursor() + 1, 1U << 20U, chunks));
    if (chunks.empty()) break;
    for (const store::StoredChunk& chunk : chunks) {
      const auto applied = projection->apply(chunk);
      ASSERT_TRUE(applied) << applied.error().message;
      if (!commit_after()) continue;
      const auto committed = projection->commit(nullptr);
      ASSERT_TRUE(committed) << committed.error().message;
      if (restart()) {
        open();
        break;
      }
    }
  }
  const auto committed = projection->commit(nullptr);
  ASSERT_TRUE(committed) << committed.error().message;
}

// A log, and the index that follows from it.
class ProjectTest : public testing::Test {
 protected:
  // Seconds after the test's epoch, as a time of the log.
  static std::int64_t at(double seconds) { return kTestEpochUs + static_cast<std::int64_t>(seconds * 1e6); }

  void append(std::string_view agent, double seconds, const std::vector<MadeRecord>& records) {
    log_.append(agent, static_cast<store::LogId>(at(seconds)), records);
  }
  // One record, uploaded right after it was heard.
  void hear(std::string_view agent, double seconds, const mesh::MeshPacket& packet) {
    append(agent, seconds + 0.5, {packet_record(packet, at(seconds))});
  }

  index::IndexReader& reader() {
    const auto never = [] { return false; };
    project(log_.log(), index_path_, never, never, options_);
    auto opened = index::IndexReader::open(index_path_);
    if (!opened) throw std::runtime_error(opened.error().message);
    reader_ = std::move(*opened);
    return *reader_;
  }
  std::vector<index::PacketRow> packets() { return reader().find_packets({}, {.limit = 1000}).value().rows; }
  index::NodeRow node(std::uint32_t num) { return reader().node(num).value().value(); }
  std::int64_t counter(index::Counter counter) {
    return reader().stats(at(0)).value().counters[static_cast<std::size_t>(counter)];
  }

  TempDir dir_;
  MeshLog log_{dir_ / "log"};
  std::filesystem::path index_path_ = dir_ / "index.db";
  ingest::ProjectionOptions options_;
  std::unique_ptr<index::IndexReader> reader_;
};

}  // namespace mmm::test
