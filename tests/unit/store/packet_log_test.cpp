#include "core/base/encoding.h"
#include "core/store/append_plan.h"
#include "tests/unit/store/store_fixture.h"

#include <gmock/gmock.h>
#include <rocksdb/db.h>

namespace mmm::store {
namespace {

using test::TempDir;
using ::testing::HasSubstr;

// Appends uploads as the writer does, one group each.
class Appender {
 public:
  explicit Appender(PacketLog& log) : log_(log), marks_(log, 100), plan_(marks_) { plan_.set_last_id(log.last_id()); }

  LogId append(const PendingUpload& upload, std::int64_t now_us, bool sync = true) {
    auto outcome = plan_.add(upload, now_us);
    EXPECT_TRUE(outcome);
    EXPECT_TRUE(log_.write(plan_.chunks()));
    plan_.clear();
    if (sync) {
      EXPECT_TRUE(log_.sync());
    }
    return outcome->first_id;
  }

 private:
  PacketLog& log_;
  StreamMarks marks_;
  AppendPlan plan_;
};

std::vector<LogId> ids_from(const PacketLog& log, LogId from, std::size_t max_bytes = 1U << 30U) {
  std::vector<StoredChunk> chunks;
  EXPECT_TRUE(log.read(from, max_bytes, chunks));
  std::vector<LogId> ids;
  for (const StoredChunk& chunk : chunks) ids.push_back(chunk.first_id);
  return ids;
}

TEST(PacketLog, ReadsWhatWasAppendedAlsoAfterReopening) {
  const TempDir dir;
  {
    const auto log = open_log(dir / "log");
    Appender appender(*log);
    for (std::uint64_t i = 0; i < 50; ++i) appender.append(*sample_upload(100, 1 + i * 100), 1'000'000);
    EXPECT_EQ(count_records(*log).size(), 5000U);
  }
  const auto log = open_log(dir / "log");
  const auto counts = count_records(*log);
  EXPECT_EQ(counts.size(), 5000U);
  for (const auto& [record, count] : counts) EXPECT_EQ(count, 1) << record.second;
  EXPECT_EQ(log->last_durable(), 1'000'000U + 4999U);
  EXPECT_EQ(*log->first_id(), 1'000'000U);
  EXPECT_EQ(*log->mark(mark_key("agent-1", std::string(16, 's'))), 5000U);
  EXPECT_EQ(*log->mark(mark_key("agent-1", std::string(16, 't'))), 0U);
}

TEST(PacketLog, ReadStartsWithTheChunkThatHoldsTheRecord) {
  const TempDir dir;
  const auto log = open_log(dir / "log");
  EXPECT_TRUE(ids_from(*log, 0).empty());
  Appender appender(*log);
  appender.append(*sample_upload(10, 1), 1000);   // 1000 to 1009
  appender.append(*sample_upload(10, 11), 2000);  // 2000 to 2009
  appender.append(*sample_upload(10, 21), 2000);  // 2010 to 2019
  using Ids = std::vector<LogId>;
  EXPECT_EQ(ids_from(*log, 0), (Ids{1000, 2000, 2010}));
  EXPECT_EQ(ids_from(*log, 1009), (Ids{1000, 2000, 2010}));
  EXPECT_EQ(ids_from(*log, 1010), (Ids{2000, 2010}));
  EXPECT_EQ(ids_from(*log, 2005), (Ids{2000, 2010}));
  EXPECT_EQ(ids_from(*log, 2010), (Ids{2010}));
  EXPECT_EQ(ids_from(*log, 2019), (Ids{2010}));
  EXPECT_EQ(ids_from(*log, 2020), Ids{});
  EXPECT_EQ(ids_from(*log, 0, 1), Ids{1000});
  EXPECT_EQ(ids_from(*log, 1005, sample_upload(10)->body.size() + 1), (Ids{1000, 2000}));
}

TEST(PacketLog, DoesNotShowWhatIsNotDurable) {
  const TempDir dir;
  const auto log = open_log(dir / "log");
  Appender appender(*log);
  appender.append(*sample_upload(10, 1), 1000);
  appender.append(*sample_upload(10, 11), 2000, false);
  EXPECT_EQ(ids_from(*log, 0), std::vector<LogId>{1000});
  EXPECT_TRUE(ids_from(*log, 2000).empty());
  EXPECT_EQ(log->last_durable(), 1009U);
  EXPECT_EQ(log->last_id(), 2009U);
  ASSERT_TRUE(log->sync());
  EXPECT_EQ(ids_from(*log, 0), (std::vector<LogId>{1000, 2000}));
}

TEST(PacketLog, TrimRemovesWholeChunksAndIdsGoOnRising) {
  const TempDir dir;
  {
    const auto log = open_log(dir / "log");
    Appender appender(*log);
    for (std::uint64_t i = 0; i < 20; ++i) {
      appender.append(*sample_upload(100, 1 + i * 100), static_cast<std::int64_t>(1000 * (i + 1)));
    }
    ASSERT_TRUE(log->trim(5050));  // inside the chunk from 5000 to 5099
    EXPECT_EQ(*log->first_id(), 5000U);
    ASSERT_TRUE(log->trim(5100));
    EXPECT_EQ(*log->first_id(), 6000U);
    EXPECT_EQ(ids_from(*log, 0).size(), 15U);
    ASSERT_TRUE(log->trim(1'000'000));
    EXPECT_EQ(*log->first_id(), 0U);
    EXPECT_TRUE(ids_from(*log, 0).empty());
  }
  const auto log = open_log(dir / "log");
  EXPECT_EQ(log->last_id(), 20'099U);
  Appender appender(*log);
  // The clock is behind what was given out before the trim; the stream's mark has outlived it.
  EXPECT_EQ(appender.append(*sample_upload(10, 2001), 5), 20'100U);
  EXPECT_EQ(*log->mark(mark_key("agent-1", std::string(16, 's'))), 2010U);
}

TEST(PacketLog, ASecondProcessIsToldThatItIsInUse) {
  const TempDir dir;
  const auto log = open_log(dir / "log");
  auto second = PacketLog::open(dir / "log", small_log_options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(second.error().message, HasSubstr("in use by another process"));
}

TEST(PacketLog, CanBeReadBesideAWriter) {
  const TempDir dir;
  const auto log = open_log(dir / "log");
  Appender appender(*log);
  appender.append(*sample_upload(10, 1), 1000);
  PacketLogOptions options = small_log_options();
  options.read_only = true;
  const auto reader = open_log(dir / "log", options);
  ASSERT_TRUE(reader);
  EXPECT_EQ(count_records(*reader).size(), 10U);
}

TEST(PacketLog, MissingIsSaid) {
  const TempDir dir;
  PacketLogOptions options = small_log_options();
  options.create = false;
  auto log = PacketLog::open(dir / "nothing", options);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().kind, ErrorKind::kNotFound) << log.error().message;
  options.read_only = true;
  log = PacketLog::open(dir / "nothing", options);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().kind, ErrorKind::kNotFound) << log.error().message;
}

// Opens the database under the log, as another version or a failing disk would change it.
void change_stored(const std::filesystem::path& path, std::size_t family, std::string_view key,
                   std::string_view value) {
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {{"default", {}}, {"marks", {}}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, path.string(), families, &handles, &raw).ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  ASSERT_TRUE(
      db->Put({}, handles[family], rocksdb::Slice(key.data(), key.size()), rocksdb::Slice(value.data(), value.size()))
          .ok());
  for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
}

std::string key_bytes(LogId id) {
  std::string key;
  append_u64_be(key, id);
  return key;
}

TEST(PacketLog, ALaterVersionIsRefused) {
  const TempDir dir;
  open_log(dir / "log").reset();
  change_stored(dir / "log", 1, std::string_view("\0version", 8), key_bytes(2));
  auto log = PacketLog::open(dir / "log", small_log_options());
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().kind, ErrorKind::kNewerVersion);
  EXPECT_THAT(log.error().message, HasSubstr("version 2"));
}

TEST(PacketLog, ADamagedChunkIsMarkedAndTheOthersAreRead) {
  const TempDir dir;
  {
    const auto log = open_log(dir / "log");
    Appender appender(*log);
    for (std::uint64_t i = 0; i < 3; ++i) appender.append(*sample_upload(10, 1 + i * 10), 1000);
  }
  const std::string body = test::sample_body(10);
  const ChunkParts parts = encode_chunk_parts(1010, {ChunkEncoding::kPlain, 10}, body);
  change_stored(dir / "log", 0, key_bytes(1010), parts.head + body + "checksum");
  const auto log = open_log(dir / "log");
  const std::vector<StoredChunk> chunks = read_all(*log);
  ASSERT_EQ(chunks.size(), 3U);
  EXPECT_EQ(chunks[0].damage, "");
  EXPECT_THAT(chunks[1].damage, HasSubstr("checksum"));
  EXPECT_EQ(chunks[1].last_id(), 1019U);
  EXPECT_EQ(chunks[2].damage, "");
}

TEST(PacketLog, IdsStayAboveADamagedLastChunk) {
  const TempDir dir;
  {
    const auto log = open_log(dir / "log");
    Appender appender(*log);
    appender.append(*sample_upload(10, 1), 1000);
  }
  change_stored(dir / "log", 0, key_bytes(1000), "\x01");
  const auto log = open_log(dir / "log");
  EXPECT_GE(log->last_id(), 1009U);
}

}  // namespace
}  // namespace mmm::store
