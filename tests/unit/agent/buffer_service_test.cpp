#include "agent/buffer/buffer_service.h"

#include "core/async/task_group.h"
#include "core/base/limits.h"
#include "core/sqlite/database.h"
#include "tests/support/full_disk_vfs.h"
#include "tests/support/temp_dir.h"
#include "tests/support/virtual_time.h"
#include "tests/unit/agent/buffer_fixture.h"

#include <gtest/gtest.h>

#include <fstream>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class BufferServiceTest : public ::testing::Test {
 protected:
  ~BufferServiceTest() override { stop(); }

  void start(std::chrono::milliseconds commit_interval = 100ms) {
    auto opened = open_buffer(options());
    ASSERT_TRUE(opened) << opened.error().message;
    start_with(std::move(*opened), commit_interval);
  }
  void start_with(std::unique_ptr<Buffer> opened, std::chrono::milliseconds commit_interval = 100ms) {
    pool = std::make_unique<asio::thread_pool>(1);
    group = std::make_unique<TaskGroup>(context.get_executor());
    service = std::make_unique<BufferService>(context.get_executor(), *pool, time, options(), std::move(opened),
                                              commit_interval, BufferProbe(registry, "meshtastic", options().servers));
    group->spawn("buffer", service->run());
  }
  void stop() {
    if (!group) return;
    group->cancel();
    time.run(context, group->join());
    service.reset();
    pool->join();
    group.reset();
  }
  void put(std::size_t count, std::size_t size = 10) {
    for (std::size_t i = 0; i < count; ++i) service->put(packet_record(std::string(size, 'p')));
  }
  void pass(test::VirtualTime::Duration duration) { time.run_for(context, duration); }
  Result<Batch> read() { return time.run(context, service->read(0, 100'000, SIZE_MAX)); }
  [[nodiscard]] Ledger ledger() const { return service->state().servers.at(0).ledger; }
  [[nodiscard]] BufferOptions options() const { return {.path = file(), .max_bytes = 64U << 20U, .servers = {"main"}}; }
  [[nodiscard]] std::filesystem::path file() const { return directory / "records.db"; }
  // The commits so far, as the metrics count them.
  [[nodiscard]] std::size_t commits() const {
    const auto text = registry.text();
    const std::string key = "mmm_agent_buffer_commit_seconds_count{radio=\"meshtastic\"} ";
    return std::stoul(text.substr(text.find(key) + key.size()));
  }

  test::TempDir directory;
  asio::io_context context{1};
  test::VirtualTime time;
  metrics::Registry registry;
  std::unique_ptr<asio::thread_pool> pool;
  std::unique_ptr<TaskGroup> group;
  std::unique_ptr<BufferService> service;
};

TEST_F(BufferServiceTest, GroupsWhatComesWithinTheIntervalIntoOneCommit) {
  start();
  for (int i = 0; i < 9; ++i) {
    put(1);
    pass(10ms);
  }
  EXPECT_EQ(ledger().captured, 0U);
  pass(20ms);
  EXPECT_EQ(ledger().captured, 9U);
  EXPECT_EQ(commits(), 1U);
}

TEST_F(BufferServiceTest, CommitsAtOnceWhenToldTo) {
  start(0ms);
  put(1);
  pass(5ms);
  put(1);
  pass(5ms);
  EXPECT_EQ(ledger().captured, 2U);
  EXPECT_EQ(commits(), 2U);
}

TEST_F(BufferServiceTest, TellsTheUploadOfNewRecords) {
  start();
  put(1);
  pass(200ms);
  EXPECT_TRUE(time.run(context, service->new_records(0).wait_until(time, time.steady())));
}

TEST_F(BufferServiceTest, AStalledDiskCostsTheOldestBeyondTheBoundAndTheLedgerSaysSo) {
  mmm::testing::FullDiskVfs disk;
  start();
  disk.set_broken(true);
  put(limits::kAgentPendingRecordsMax + 100);
  pass(10s);
  put(50);
  pass(10s);
  EXPECT_EQ(service->pending(), limits::kAgentPendingRecordsMax);
  disk.set_broken(false);
  pass(10s);
  EXPECT_EQ(ledger().captured, limits::kAgentPendingRecordsMax + 150);
  EXPECT_EQ(ledger().dropped, 150U);
  EXPECT_EQ(read()->records.size(), limits::kAgentPendingRecordsMax);
  stop();
}

TEST_F(BufferServiceTest, StartsOnAFullDiskAndGoesOnWhenThereIsRoom) {
  mmm::testing::FullDiskVfs disk;
  disk.set_bytes_left(0);
  const auto opened = open_buffer(options());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kDiskFull) << opened.error().message;
  start_with(nullptr);
  put(20);
  pass(10s);
  EXPECT_EQ(service->pending(), 20U);
  EXPECT_NE(service->failure(), "");
  disk.set_bytes_left(1 << 30);
  pass(10s);
  EXPECT_EQ(service->failure(), "");
  EXPECT_EQ(ledger().captured, 20U);
  stop();
}

TEST_F(BufferServiceTest, BoundsTheBytesInMemoryToo) {
  mmm::testing::FullDiskVfs disk;
  start();
  disk.set_broken(true);
  put(100, limits::kAgentPendingBytesMax / 10);
  EXPECT_LE(service->pending(), 10U);
  disk.set_broken(false);
  pass(10s);
  EXPECT_EQ(ledger().captured, 100U);
  EXPECT_EQ(ledger().waiting(), read()->records.size());
  stop();
}

TEST_F(BufferServiceTest, WhatIsPendingAtTheEndIsCommittedByFlush) {
  start();
  pass(1s);
  put(7);
  group->cancel();
  time.run(context, group->join());
  EXPECT_TRUE(time.run(context, service->flush()));
  EXPECT_EQ(ledger().captured, 7U);
}

TEST_F(BufferServiceTest, DropsWhatWaitedTooLong) {
  start();
  group->spawn("expire", service->expire(1h));
  for (int i = 0; i < 2; ++i) {
    service->put(packet_record("p", to_micros(time.wall())));
    pass(30min);
  }
  EXPECT_EQ(ledger().dropped, 0U);
  pass(1min);
  EXPECT_EQ(ledger().dropped, 1U);
  pass(30min);
  EXPECT_EQ(ledger().dropped, 2U);
  EXPECT_EQ(ledger().waiting(), 0U);
}

TEST_F(BufferServiceTest, DamageFoundInUseBeginsANewStreamAndLosesNothingThatIsNotInTheFile) {
  start();
  // More than what is checked at start, so that the damage is met by a read.
  for (int i = 0; i < 10; ++i) {
    put(3000, 1000);
    pass(200ms);
  }
  ASSERT_EQ(ledger().captured, 30'000U);
  stop();
  {
    std::fstream damage(file(), std::ios::in | std::ios::out | std::ios::binary);
    damage.seekp(40 * 4096);
    damage << std::string(2000 * 4096, '\x5A');
  }
  start();
  const auto first_read = time.run(context, service->read(0, 100'000, SIZE_MAX));
  ASSERT_FALSE(first_read);
  EXPECT_EQ(first_read.error().kind, ErrorKind::kCorrupt);
  put(5);
  pass(2s);
  const auto batch = read();
  ASSERT_TRUE(batch) << batch.error().message;
  EXPECT_EQ(batch->records.size(), 5U);
  // An answer that belongs to the old file must not move the new one's cursor.
  Acknowledgement stale;
  stale.upto = batch->records.back().seq;
  EXPECT_TRUE(time.run(context, service->acknowledge(0, batch->generation - 1, stale)));
  EXPECT_EQ(ledger().waiting(), 5U);
  EXPECT_TRUE(time.run(context, service->acknowledge(0, batch->generation, stale)));
  EXPECT_EQ(ledger().waiting(), 0U);
}

}  // namespace
}  // namespace mmm::agent
