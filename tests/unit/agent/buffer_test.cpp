#include "agent/buffer/buffer.h"

#include "core/sqlite/database.h"
#include "tests/support/full_disk_vfs.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/agent/buffer_fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace mmm::agent {
namespace {

using mmm::testing::FullDiskVfs;

class BufferTest : public ::testing::Test {
 protected:
  std::unique_ptr<Buffer> open(std::vector<std::string> servers = {"main"}, std::uint64_t max_bytes = 64U << 20U) {
    auto buffer = open_buffer(BufferOptions{.path = file(), .max_bytes = max_bytes, .servers = std::move(servers)});
    EXPECT_TRUE(buffer) << buffer.error().message;
    return buffer ? std::move(*buffer) : nullptr;
  }
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "deep" / "records.db"; }

  test::TempDir directory_;
};

std::vector<Record> records_of(int count, std::size_t size = 100) {
  std::vector<Record> records;
  for (int i = 0; i < count; ++i)
    records.push_back(packet_record(std::to_string(i) + std::string(size, 'x'), 1000 + i));
  return records;
}

TEST_F(BufferTest, GivesBackWhatWasCommittedInOrder) {
  auto buffer = open();
  auto records = records_of(3);
  records[1].kind = upload::RECORD_KIND_NODE_INFO;
  records[2].payload.clear();
  ASSERT_TRUE(buffer->commit(records, 0));
  const auto read = buffer->read(0, 10, 1 << 20);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*read)[i].seq, i + 1);
    EXPECT_EQ((*read)[i].record.kind, records[i].kind);
    EXPECT_EQ((*read)[i].record.arrival_us, records[i].arrival_us);
    EXPECT_EQ((*read)[i].record.payload, records[i].payload);
  }
  EXPECT_EQ(buffer->stream_id().size(), 16U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, DropsWhatIsTooOldAndCountsItForWhoHadNotGotIt) {
  auto buffer = open({"quick", "slow"});
  ASSERT_TRUE(buffer->commit(records_of(10), 0));  // captured at 1000 to 1009
  ASSERT_TRUE(buffer->acknowledge(0, {.upto = 6}, 0));
  EXPECT_EQ(buffer->expire(1000), 0U);
  EXPECT_EQ(buffer->expire(1004), 4U);
  EXPECT_EQ(buffer->read(0, 100, 1 << 20)->front().seq, 5U);
  EXPECT_EQ(buffer->state().servers[0].ledger.dropped, 0U);
  EXPECT_EQ(buffer->state().servers[1].ledger.dropped, 4U);
  EXPECT_EQ(buffer->state().servers[1].acknowledged_seq, 4U);
  expect_ledgers_hold(*buffer);
  // It stays so in the file.
  buffer.reset();
  buffer = open({"quick", "slow"});
  EXPECT_EQ(buffer->state().servers[1].ledger.dropped, 4U);
  EXPECT_EQ(buffer->expire(INT64_MAX), 6U);
  EXPECT_EQ(buffer->state().servers[0].ledger.dropped, 4U);
  EXPECT_TRUE(buffer->read(0, 100, 1 << 20)->empty());
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, DropsABacklogThatIsTooOldInPieces) {
  auto buffer = open();
  ASSERT_TRUE(buffer->commit(records_of(15'000), 0));
  EXPECT_EQ(buffer->expire(INT64_MAX), 10'000U);
  EXPECT_EQ(buffer->expire(INT64_MAX), 5'000U);
  EXPECT_EQ(buffer->expire(INT64_MAX), 0U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, BoundsABatchByRecordsAndByBytesButGivesAtLeastOne) {
  auto buffer = open();
  ASSERT_TRUE(buffer->commit(records_of(10, 1000), 0));
  EXPECT_EQ(buffer->read(0, 4, 1 << 20)->size(), 4U);
  EXPECT_EQ(buffer->read(0, 10, 2500)->size(), 2U);
  EXPECT_EQ(buffer->read(3, 10, 1)->front().seq, 4U);
}

TEST_F(BufferTest, ReopensWithTheSameStreamAndNeverGivesANumberTwice) {
  auto buffer = open();
  ASSERT_TRUE(buffer->commit(records_of(5), 2));
  const auto stream = buffer->stream_id();
  const auto before = buffer->state();
  buffer.reset();
  buffer = open();
  EXPECT_EQ(buffer->stream_id(), stream);
  EXPECT_EQ(buffer->state().servers[0].ledger, before.servers[0].ledger);
  ASSERT_TRUE(buffer->commit(records_of(1), 0));
  const auto read = buffer->read(0, 10, 1 << 20);
  ASSERT_EQ(read->size(), 6U);
  EXPECT_GT(read->back().seq, before.last_seq + 1000);
  EXPECT_EQ(buffer->state().servers[0].ledger.dropped, 2U);
  EXPECT_EQ(buffer->state().servers[0].ledger.captured, 8U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, KeepsARecordUntilEveryServerIsDoneWithIt) {
  auto buffer = open({"fast", "slow"});
  ASSERT_TRUE(buffer->commit(records_of(4), 0));
  ASSERT_TRUE(buffer->acknowledge(0, {.upto = 4}, 0));
  EXPECT_EQ(count_waiting(*buffer, 0), 0U);
  EXPECT_EQ(count_waiting(*buffer, 1), 4U);
  expect_ledgers_hold(*buffer);
  ASSERT_TRUE(buffer->acknowledge(1, {.upto = 3, .duplicate = 1}, 0));
  EXPECT_EQ(buffer->read(0, 10, 1 << 20)->size(), 1U);
  EXPECT_EQ(buffer->state().servers[1].ledger.duplicate, 1U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, SetsARefusedRecordAsideWithItsReason) {
  auto buffer = open();
  ASSERT_TRUE(buffer->commit(records_of(3), 0));
  Acknowledgement acknowledgement{.upto = 3, .filtered = 1};
  acknowledgement.set_aside.push_back({.seq = 2, .reason = "no such kind"});
  ASSERT_TRUE(buffer->acknowledge(0, acknowledgement, 77));
  const auto ledger = buffer->state().servers[0].ledger;
  EXPECT_EQ(ledger.delivered, 1U);
  EXPECT_EQ(ledger.filtered, 1U);
  EXPECT_EQ(ledger.set_aside, 1U);
  const auto kept = buffer->newest_set_aside(0, 5);
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(kept->front().seq, 2U);
  EXPECT_EQ(kept->front().reason, "no such kind");
  expect_ledgers_hold(*buffer);
  buffer.reset();
  auto database = sqlite::Database::open(file(), {.read_only = true});
  ASSERT_TRUE(database);
  EXPECT_EQ(*database->integer("SELECT count(*) FROM set_aside WHERE seq = 2 AND reason = 'no such kind' "
                               "AND refused_us = 77 AND length(payload) > 100"),
            1);
}

TEST_F(BufferTest, AnOlderAcknowledgementChangesNothing) {
  auto buffer = open();
  ASSERT_TRUE(buffer->commit(records_of(3), 0));
  ASSERT_TRUE(buffer->acknowledge(0, {.upto = 2}, 0));
  const auto before = buffer->state().servers[0].ledger;
  ASSERT_TRUE(buffer->acknowledge(0, {.upto = 1, .duplicate = 1}, 0));
  EXPECT_EQ(buffer->state().servers[0].ledger, before);
}

TEST_F(BufferTest, AServerAddedLaterBeginsAtTheOldestRecordLeft) {
  auto buffer = open({"first"});
  ASSERT_TRUE(buffer->commit(records_of(5), 0));
  ASSERT_TRUE(buffer->acknowledge(0, {.upto = 2}, 0));
  buffer.reset();
  buffer = open({"first", "second"});
  EXPECT_EQ(count_waiting(*buffer, 1), 3U);
  EXPECT_EQ(buffer->state().servers[1].ledger.captured, 3U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, AServerNoLongerConfiguredHoldsUpNothingAndKeepsItsCounts) {
  auto buffer = open({"kept", "gone"});
  ASSERT_TRUE(buffer->commit(records_of(4), 0));
  ASSERT_TRUE(buffer->acknowledge(1, {.upto = 1}, 0));
  buffer.reset();
  buffer = open({"kept"});
  ASSERT_TRUE(buffer->acknowledge(0, {.upto = 4}, 0));
  EXPECT_EQ(buffer->read(0, 10, 1 << 20)->size(), 0U);
  buffer.reset();
  buffer = open({"gone", "kept"});
  EXPECT_EQ(buffer->state().servers[0].ledger.delivered, 1U);
  EXPECT_EQ(buffer->state().servers[0].ledger.dropped, 3U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, AGroupTakesUpWhatItsServersHadNotYetGot) {
  auto buffer = open({"a", "b"});
  ASSERT_TRUE(buffer->commit(records_of(10), 0));
  ASSERT_TRUE(buffer->acknowledge(0, {.upto = 10}, 1));
  ASSERT_TRUE(buffer->acknowledge(1, {.upto = 4}, 1));
  // What one of them waits for is there for the group; the other calls it a duplicate.
  buffer.reset();
  buffer = open({"group:site"});
  EXPECT_EQ(buffer->state().servers.at(0).ledger.captured, 6U);
  expect_ledgers_hold(*buffer);
  ASSERT_TRUE(buffer->commit(records_of(5), 0));
  const auto last = buffer->state().last_seq;
  ASSERT_TRUE(buffer->acknowledge(0, {.upto = last, .duplicate = 6}, 1));
  expect_ledgers_hold(*buffer);
  // On their own again, they have what the group delivered in their books as dropped: they did not get it themselves.
  buffer.reset();
  buffer = open({"a", "b"});
  for (const auto& server : buffer->state().servers) {
    EXPECT_EQ(server.ledger.captured, 15U);
    EXPECT_EQ(server.ledger.waiting(), 0U);
  }
  EXPECT_EQ(buffer->state().servers[0].ledger.dropped, 5U);
  EXPECT_EQ(buffer->state().servers[1].ledger.dropped, 11U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, BeyondTheCapTheOldestGoAndAreCounted) {
  constexpr std::uint64_t kCap = 512U << 10U;
  auto buffer = open({"main"}, kCap);
  std::uint64_t committed = 0;
  std::uint64_t dropped = 0;
  for (int round = 0; round < 200; ++round) {
    const auto result = buffer->commit(records_of(100, 200), 0);
    ASSERT_TRUE(result) << result.error().message;
    dropped += *result;
    committed += 100;
    ASSERT_LE(buffer->state().file_bytes, kCap + (128U << 10U));
  }
  const auto read = buffer->read(0, 100'000, SIZE_MAX);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->back().seq, committed);
  EXPECT_EQ(read->size() + dropped, committed);
  EXPECT_GT(read->size(), 1000U);
  EXPECT_EQ(buffer->state().servers[0].ledger.dropped, dropped);
  expect_ledgers_hold(*buffer);
}

// A disk that is full for everybody: the file and its log can be written over, but not grow.
TEST_F(BufferTest, AFullDiskLosesTheOldestAndKeepsTheNewest) {
  FullDiskVfs disk;
  auto buffer = open();
  for (int round = 0; round < 60; ++round) ASSERT_TRUE(buffer->commit(records_of(100, 200), 0));
  disk.set_bytes_left(0);
  int kept = 0;
  for (int round = 0; round < 100; ++round) {
    if (buffer->commit(records_of(100, 200), 0)) ++kept;
    ASSERT_NO_FATAL_FAILURE(expect_ledgers_hold(*buffer));
  }
  EXPECT_GT(kept, 90);
  EXPECT_GT(buffer->state().servers[0].ledger.dropped, 1000U);
  EXPECT_EQ(buffer->read(0, 100'000, SIZE_MAX)->back().seq, buffer->state().last_seq);
  disk.set_bytes_left(1 << 30);
  const auto dropped = buffer->state().servers[0].ledger.dropped;
  ASSERT_TRUE(buffer->commit(records_of(100, 200), 0));
  EXPECT_EQ(buffer->state().servers[0].ledger.dropped, dropped);
}

TEST_F(BufferTest, AFailingDiskChangesNothingAndIsUsedAgainWhenItWorks) {
  FullDiskVfs disk;
  auto buffer = open();
  ASSERT_TRUE(buffer->commit(records_of(10), 0));
  const auto before = buffer->state();
  disk.set_broken(true);
  const auto failed = buffer->commit(records_of(10), 0);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::kIo);
  EXPECT_FALSE(buffer->acknowledge(0, {.upto = 5}, 0));
  EXPECT_EQ(buffer->state().last_seq, before.last_seq);
  disk.set_broken(false);
  ASSERT_TRUE(buffer->commit(records_of(10), 0));
  EXPECT_EQ(count_waiting(*buffer, 0), 20U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, ABacklogsDiskSpaceIsGivenBack) {
  auto buffer = open();
  for (int round = 0; round < 20; ++round) ASSERT_TRUE(buffer->commit(records_of(1000, 1000), 0));
  ASSERT_TRUE(buffer->checkpoint());
  const auto full = std::filesystem::file_size(file());
  EXPECT_GT(full, 16U << 20U);
  while (count_waiting(*buffer, 0) > 0) {
    const auto batch = buffer->read(buffer->state().servers[0].acknowledged_seq, 500, SIZE_MAX);
    ASSERT_TRUE(buffer->acknowledge(0, {.upto = batch->back().seq}, 0));
  }
  // Each further upload gives back a step.
  for (int round = 0; round < 40; ++round) {
    ASSERT_TRUE(buffer->commit(records_of(1), 0));
    ASSERT_TRUE(buffer->acknowledge(0, {.upto = buffer->state().last_seq}, 0));
  }
  ASSERT_TRUE(buffer->checkpoint());
  EXPECT_LT(std::filesystem::file_size(file()), 6U << 20U);
  expect_ledgers_hold(*buffer);
}

TEST_F(BufferTest, ACorruptFileIsMovedAsideAndANewStreamBegins) {
  auto buffer = open();
  ASSERT_TRUE(buffer->commit(records_of(500), 0));
  const auto stream = buffer->stream_id();
  buffer.reset();
  {
    std::fstream damage(file(), std::ios::in | std::ios::out | std::ios::binary);
    damage.seekp(4096);
    damage << std::string(20'000, '\x5A');
  }
  buffer = open();
  ASSERT_TRUE(buffer);
  EXPECT_NE(buffer->stream_id(), stream);
  EXPECT_EQ(count_waiting(*buffer, 0), 0U);
  std::size_t moved = 0;
  for (const auto& entry : std::filesystem::directory_iterator(file().parent_path())) {
    if (entry.path().filename().string().starts_with("records.db.corrupt-")) ++moved;
  }
  EXPECT_EQ(moved, 1U);
}

TEST_F(BufferTest, AFileThatIsNotSqliteIsMovedAside) {
  std::filesystem::create_directories(file().parent_path());
  std::ofstream(file()) << std::string(8192, 'j');
  auto buffer = open();
  ASSERT_TRUE(buffer);
  ASSERT_TRUE(buffer->commit(records_of(1), 0));
}

TEST_F(BufferTest, RefusesAnotherProgramsFileAndLeavesItAlone) {
  std::filesystem::create_directories(file().parent_path());
  {
    auto other = sqlite::Database::open(file(), {});
    ASSERT_TRUE(other->execute("CREATE TABLE packet_buffer(id INTEGER PRIMARY KEY)"));
  }
  const auto buffer = open_buffer(BufferOptions{.path = file(), .servers = {"main"}});
  ASSERT_FALSE(buffer);
  EXPECT_EQ(buffer.error().kind, ErrorKind::kInvalidArgument);
  EXPECT_NE(buffer.error().message.find("another program"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(file()));
}

TEST_F(BufferTest, RefusesANewerVersion) {
  open().reset();
  {
    auto database = sqlite::Database::open(file(), {});
    ASSERT_TRUE(database->execute("PRAGMA user_version=99"));
  }
  const auto buffer = open_buffer(BufferOptions{.path = file(), .servers = {"main"}});
  ASSERT_FALSE(buffer);
  EXPECT_EQ(buffer.error().kind, ErrorKind::kNewerVersion);
}

TEST_F(BufferTest, ASecondAgentOnTheSameFileIsTold) {
  auto first = open();
  const auto second = open_buffer(BufferOptions{.path = file(), .servers = {"main"}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(second.error().message.find("another mmm-agent"), std::string::npos);
}

TEST_F(BufferTest, ADirectoryThatCannotBeMadeIsSaidInOneLine) {
  std::ofstream(directory_.path() / "deep") << "a file where the directory should be";
  const auto buffer = open_buffer(BufferOptions{.path = file(), .servers = {"main"}});
  ASSERT_FALSE(buffer);
  EXPECT_EQ(buffer.error().message.find('\n'), std::string::npos);
  EXPECT_NE(buffer.error().message.find("database_dir"), std::string::npos);
}

// Whatever happens in whatever order, no record is in two places of a ledger or in none.
TEST_F(BufferTest, TheLedgerIdentityHoldsThroughRandomWork) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::mt19937 random(seed);
    std::filesystem::remove_all(file().parent_path());
    auto buffer = open({"a", "b"}, 256U << 10U);
    for (int step = 0; step < 250; ++step) {
      const auto server = random() % 2;
      switch (random() % 8) {
        case 0:
        case 1:
        case 2:
          ASSERT_TRUE(buffer->commit(records_of(static_cast<int>(random() % 60), random() % 400), random() % 3));
          break;
        case 3:
          buffer.reset();
          buffer = open(random() % 4 == 0 ? std::vector<std::string>{"b", "c"} : std::vector<std::string>{"a", "b"},
                        256U << 10U);
          break;
        default: {
          const auto cursor = buffer->state().servers[server].acknowledged_seq;
          const auto batch = buffer->read(cursor, 1 + random() % 50, SIZE_MAX);
          ASSERT_TRUE(batch);
          if (batch->empty()) break;
          Acknowledgement acknowledgement{.upto = batch->back().seq, .duplicate = random() % 3};
          if (random() % 4 == 0) acknowledgement.set_aside.push_back({batch->front().seq, "refused"});
          if (batch->size() > 4) acknowledgement.filtered = random() % 4;
          // Sometimes the cap overtakes the batch while it is on its way.
          if (random() % 3 == 0) ASSERT_TRUE(buffer->commit(records_of(150, 300), 0));
          ASSERT_TRUE(buffer->acknowledge(server, acknowledgement, step));
        }
      }
      ASSERT_NO_FATAL_FAILURE(expect_ledgers_hold(*buffer));
    }
  }
}

}  // namespace
}  // namespace mmm::agent
