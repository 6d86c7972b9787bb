#include "core/store/log_writer.h"

#include "core/store/free_space.h"
#include "tests/support/faulty_fs.h"
#include "tests/support/run_coroutine.h"
#include "tests/unit/store/store_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <semaphore>

namespace mmm::store {
namespace {

namespace asio = boost::asio;
using test::TempDir;

// The clocks of this machine, which may be set ahead.
class LateTime final : public TimeSource {
 public:
  [[nodiscard]] WallTime wall() const override { return real_.wall() + ahead_.load(); }
  [[nodiscard]] SteadyTime steady() const override { return real_.steady() + ahead_.load(); }
  asio::awaitable<void> sleep_until(SteadyTime when) override { return real_.sleep_until(when - ahead_.load()); }
  void set_ahead(std::chrono::seconds ahead) { ahead_ = ahead; }

 private:
  RealTime real_;
  std::atomic<std::chrono::seconds> ahead_ = std::chrono::seconds(0);
};

class LogWriterTest : public ::testing::Test {
 protected:
  LogWriterTest() {
    options_.free_bytes_min = 1000;
    options_.free_bytes = [this]() -> Result<std::uint64_t> { return free_.load(); };
    options_.on_failure = [this](const Error& error) { failures_.push_back(error); };
  }

  void start() {
    PacketLogOptions options = small_log_options();
    options.file_system = fs_;
    log_ = open_log(dir_ / "log", options);
    writer_ = std::make_unique<LogWriter>(*log_, time_, registry_, options_);
    writer_->on_durable([this](LogId last) { durable_ = last; });
    writer_->start();
  }

  Result<AppendOutcome> append(std::unique_ptr<PendingUpload> upload) {
    return test::run(context_, writer_->append(std::move(upload)));
  }

  // Starts an append; its result appears in results_.
  void spawn(std::unique_ptr<PendingUpload> upload) {
    auto task = [](LogWriterTest& test, std::unique_ptr<PendingUpload> own) -> asio::awaitable<void> {
      auto result = co_await test.writer_->append(std::move(own));
      test.results_.push_back(std::move(result));
    };
    asio::co_spawn(context_, task(*this, std::move(upload)), asio::detached);
  }

  bool run_until_results(std::size_t count) {
    return test::run_until(context_, [this, count] { return results_.size() >= count; });
  }

  TempDir dir_;
  std::shared_ptr<test::FaultyFs> fs_ = std::make_shared<test::FaultyFs>();
  LateTime time_;
  metrics::Registry registry_;
  LogWriterOptions options_;
  std::atomic<std::uint64_t> free_{1U << 30U};
  std::vector<Error> failures_;
  std::atomic<LogId> durable_{0};
  std::vector<Result<AppendOutcome>> results_;
  asio::io_context context_{1};
  std::unique_ptr<PacketLog> log_;
  std::unique_ptr<LogWriter> writer_;
};

TEST_F(LogWriterTest, AcknowledgesWhatIsSyncedAndTellsSubscribers) {
  start();
  const std::uint64_t syncs = fs_->wal_syncs();
  auto outcome = append(sample_upload(10));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->stored, 10U);
  EXPECT_EQ(fs_->wal_syncs(), syncs + 1);
  EXPECT_EQ(durable_, outcome->first_id + 9);
  EXPECT_EQ(log_->last_durable(), outcome->first_id + 9);
  EXPECT_EQ(count_records(*log_).size(), 10U);
}

TEST_F(LogWriterTest, OneSyncCoversWhatWaits) {
  std::binary_semaphore entered(0);
  std::binary_semaphore go_on(0);
  options_.free_bytes = [&, first = true]() mutable -> Result<std::uint64_t> {
    if (std::exchange(first, false)) {
      entered.release();
      go_on.acquire();
    }
    return 1U << 30U;
  };
  start();
  spawn(sample_upload(1, 1, "agent-0"));
  context_.poll();
  entered.acquire();  // the writer has taken the first one and waits
  for (int i = 1; i <= 50; ++i) spawn(sample_upload(1, 1, "agent-" + std::to_string(i)));
  context_.poll();
  const std::uint64_t syncs = fs_->wal_syncs();
  go_on.release();
  ASSERT_TRUE(run_until_results(51));
  EXPECT_EQ(fs_->wal_syncs(), syncs + 2);
  EXPECT_EQ(count_records(*log_).size(), 51U);
}

TEST_F(LogWriterTest, TheSameBatchOnTwoConnectionsIsStoredOnce) {
  start();
  for (int round = 0; round < 50; ++round) {
    const auto first_seq = 1 + static_cast<std::uint64_t>(round) * 20;
    results_.clear();
    for (int i = 0; i < 4; ++i) spawn(sample_upload(20, first_seq));
    ASSERT_TRUE(run_until_results(4));
    std::uint32_t stored = 0;
    for (const auto& result : results_) {
      ASSERT_TRUE(result);
      stored += result->stored;
      EXPECT_EQ(result->stored + result->duplicates, 20U);
      EXPECT_EQ(result->durable_seq, first_seq + 19);
    }
    EXPECT_EQ(stored, 20U);
  }
  const auto counts = count_records(*log_);
  EXPECT_EQ(counts.size(), 1000U);
  for (const auto& [record, count] : counts) EXPECT_EQ(count, 1) << record.second;
}

TEST_F(LogWriterTest, AFullQueueRefusesAtOnce) {
  std::binary_semaphore entered(0);
  std::binary_semaphore go_on(0);
  options_.queue_uploads_max = 3;
  options_.free_bytes = [&, first = true]() mutable -> Result<std::uint64_t> {
    if (std::exchange(first, false)) {
      entered.release();
      go_on.acquire();
    }
    return 1U << 30U;
  };
  start();
  spawn(sample_upload(1, 1, "agent-0"));
  context_.poll();
  entered.acquire();
  for (int i = 1; i <= 5; ++i) spawn(sample_upload(1, 1, "agent-" + std::to_string(i)));
  context_.poll();
  ASSERT_EQ(results_.size(), 2U);
  for (const auto& result : results_) EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
  go_on.release();
  ASSERT_TRUE(run_until_results(6));
  EXPECT_EQ(count_records(*log_).size(), 4U);
}

TEST_F(LogWriterTest, RefusesUploadsWhenLittleSpaceIsLeft) {
  free_ = 999;
  start();
  auto refused = append(sample_upload(10));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDiskFull);
  EXPECT_FALSE(writer_->failed());
  EXPECT_EQ(log_->last_id(), 0U);
}

TEST(FreeSpaceGuard, ClosesOpensWithAMarginAndMeasuresOnceASecond) {
  int measured = 0;
  std::uint64_t free = 1000;
  FreeSpaceGuard guard(
      [&]() -> Result<std::uint64_t> {
        ++measured;
        return free;
      },
      1000);
  SteadyTime now{};
  EXPECT_TRUE(guard.has_room(now));
  free = 999;
  EXPECT_TRUE(guard.has_room(now + std::chrono::milliseconds{999}));
  EXPECT_EQ(measured, 1);
  now += std::chrono::seconds{1};
  EXPECT_FALSE(guard.has_room(now));
  free = 1249;
  EXPECT_FALSE(guard.has_room(now += std::chrono::seconds{1}));
  free = 1250;
  EXPECT_TRUE(guard.has_room(now += std::chrono::seconds{1}));
  EXPECT_EQ(guard.last_measured(), 1250U);
}

TEST(FreeSpace, IsAskedOfTheRealFileSystem) {
  const TempDir dir;
  EXPECT_GT(free_bytes(dir.path()).value_or(0), 0U);
  EXPECT_EQ(free_bytes(dir / "nothing" / "there").error().kind, ErrorKind::kIo);
}

TEST_F(LogWriterTest, AFullDiskIsWaitedOut) {
  start();
  ASSERT_TRUE(append(sample_upload(10, 1)));
  const LogId before = log_->last_durable();
  fs_->set_full(true);
  for (int i = 0; i < 3; ++i) {
    auto refused = append(sample_upload(10, 11));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kDiskFull) << refused.error().message;
  }
  EXPECT_FALSE(writer_->failed());
  // Reads go on, and nothing of what was refused shows.
  EXPECT_EQ(count_records(*log_).size(), 10U);
  EXPECT_EQ(log_->last_durable(), before);
  fs_->set_full(false);
  // RocksDB looks for room on its own thread, every few seconds.
  Result<AppendOutcome> taken = AppendOutcome{};
  const auto deadline = std::chrono::steady_clock::now() + test::kRunMax;
  do {
    taken = append(sample_upload(10, 11));
    if (!taken) {
      ASSERT_EQ(taken.error().kind, ErrorKind::kDiskFull) << taken.error().message;
    }
  } while (!taken && std::chrono::steady_clock::now() < deadline);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->stored, 10U);
  EXPECT_TRUE(failures_.empty());
  writer_->stop();
  writer_.reset();
  log_.reset();
  const auto counts = count_records(*open_log(dir_ / "log"));
  EXPECT_EQ(counts.size(), 20U);
  for (const auto& [record, count] : counts) EXPECT_EQ(count, 1) << record.second;
}

TEST_F(LogWriterTest, AfterAFailedSyncNothingIsAcknowledged) {
  start();
  ASSERT_TRUE(append(sample_upload(10, 1)));
  const LogId before = log_->last_durable();
  fs_->set_sync_fails(true);
  EXPECT_EQ(append(sample_upload(10, 11)).error().kind, ErrorKind::kIo);
  EXPECT_TRUE(writer_->failed());
  EXPECT_EQ(writer_->trouble(), "the packet log has failed");
  fs_->set_sync_fails(false);  // a later sync would say yes, and mean nothing
  EXPECT_EQ(append(sample_upload(10, 11)).error().kind, ErrorKind::kIo);
  EXPECT_EQ(append(sample_upload(10, 1)).error().kind, ErrorKind::kIo);
  ASSERT_EQ(failures_.size(), 1U);
  EXPECT_EQ(failures_[0].kind, ErrorKind::kIo);
  EXPECT_EQ(log_->last_durable(), before);
  EXPECT_EQ(count_records(*log_).size(), 10U);
}

TEST_F(LogWriterTest, ADiskThatHangsIsToldAfterAMinuteAndForgottenWhenItGoesOn) {
  start();
  EXPECT_EQ(writer_->trouble(), "");
  fs_->hold_syncs(true);
  spawn(sample_upload(10));
  context_.poll();  // it is queued
  fs_->wait_for_held_sync();
  EXPECT_EQ(writer_->trouble(), "");
  time_.set_ahead(limits::kLogStalled + std::chrono::seconds(3));
  EXPECT_EQ(writer_->trouble().find("the disk has not finished a write of the packet log for 6"), 0U)
      << writer_->trouble();
  fs_->hold_syncs(false);
  ASSERT_TRUE(run_until_results(1));
  EXPECT_TRUE(results_[0]);
  EXPECT_EQ(writer_->trouble(), "");
}

TEST_F(LogWriterTest, OneStreamTooManyIsRefusedAlone) {
  options_.census = {.agents = 1, .streams_per_agent = 1, .streams = 1};
  start();
  ASSERT_TRUE(append(sample_upload(3, 1)));
  const auto refused = append(sample_upload(3, 1, "another"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kTooMany);
  EXPECT_TRUE(append(sample_upload(3, 4)));
  EXPECT_EQ(count_records(*log_).size(), 6U);
  EXPECT_TRUE(failures_.empty());
  EXPECT_NE(registry_.text().find("reason=\"too_many_streams\"} 1"), std::string::npos);
}

TEST_F(LogWriterTest, StopWritesWhatIsQueuedAndThenRefuses) {
  start();
  for (int i = 0; i < 20; ++i) spawn(sample_upload(5, 1, "agent-" + std::to_string(i)));
  context_.poll();
  writer_->stop();
  ASSERT_TRUE(run_until_results(20));
  for (const auto& result : results_) EXPECT_TRUE(result);
  EXPECT_EQ(count_records(*log_).size(), 100U);
  EXPECT_EQ(append(sample_upload(1, 6)).error().kind, ErrorKind::kClosed);
  writer_->stop();
}

TEST_F(LogWriterTest, CountsWhatItDoes) {
  start();
  ASSERT_TRUE(append(sample_upload(10)));
  free_ = 0;
  writer_->stop();
  EXPECT_FALSE(append(sample_upload(10)));
  const std::string text = registry_.text();
  EXPECT_NE(text.find("mmm_server_log_append_seconds_count 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("mmm_server_log_sync_seconds_count 1\n"), std::string::npos);
  EXPECT_NE(text.find("mmm_server_log_failures_total{reason=\"closed\"} 1\n"), std::string::npos);
}

}  // namespace
}  // namespace mmm::store
