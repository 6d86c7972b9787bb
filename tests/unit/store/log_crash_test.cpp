#include "core/store/append_plan.h"
#include "tests/support/faulty_fs.h"
#include "tests/support/run_coroutine.h"
#include "tests/unit/store/store_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <rocksdb/db.h>

#include <random>

namespace mmm::store {
namespace {

namespace asio = boost::asio;
using test::TempDir;

// An agent that uploads batches of random size, one at a time, and goes on from what was acknowledged.
struct Agent {
  std::string id;
  std::uint64_t acknowledged = 0;  // the highest seq that the log said is durable
};

// Until the power is gone: what is acknowledged after that does not reach the agent.
asio::awaitable<void> upload_until_cut(const test::FaultyFs& fs, LogWriter& writer, Agent& agent, std::mt19937& random,
                                       int& running) {
  while (true) {
    const std::size_t count = 1 + random() % 40;
    auto result = co_await writer.append(sample_upload(count, agent.acknowledged + 1, agent.id));
    if (!fs.powered()) break;
    if (!result) {
      ADD_FAILURE() << result.error().message;
      break;
    }
    EXPECT_GE(result->durable_seq, agent.acknowledged + 1);
    agent.acknowledged = std::max(agent.acknowledged, result->durable_seq);
  }
  --running;
}

void check_exactly_once(const PacketLog& log, const std::vector<Agent>& agents) {
  const auto counts = count_records(log);
  for (const auto& [record, count] : counts) ASSERT_EQ(count, 1) << record.first << " " << record.second;
  for (const Agent& agent : agents) {
    for (std::uint64_t seq = 1; seq <= agent.acknowledged; ++seq) {
      ASSERT_TRUE(counts.contains({agent.id + "s", seq})) << agent.id << " lost " << seq;
    }
  }
}

TEST(LogCrash, AfterPowerCutsEveryAcknowledgedRecordIsThereOnce) {
  const TempDir dir;
  auto fs = std::make_shared<test::FaultyFs>();
  std::mt19937 random(11);
  std::vector<Agent> agents;
  for (int i = 0; i < 8; ++i) agents.push_back({.id = "agent-" + std::to_string(i)});
  const auto acknowledged = [&agents] {
    std::uint64_t sum = 0;
    for (const Agent& agent : agents) sum += agent.acknowledged;
    return sum;
  };
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(round);
    {
      PacketLogOptions options = small_log_options();
      options.file_system = fs;
      const auto log = open_log(dir / "log", options);
      ASSERT_TRUE(log);
      check_exactly_once(*log, agents);
      RealTime time;
      metrics::Registry registry;
      LogWriter writer(*log, time, registry, {});
      writer.start();
      asio::io_context context(1);
      int running = 0;
      for (Agent& agent : agents) {
        ++running;
        asio::co_spawn(context, upload_until_cut(*fs, writer, agent, random, running), asio::detached);
      }
      const std::uint64_t cut_at = fs->wal_syncs() + 1 + random() % 30;
      const std::uint64_t before = acknowledged();
      ASSERT_TRUE(test::run_until(context, [&] { return fs->wal_syncs() >= cut_at && acknowledged() > before; }));
      fs->cut_power();
      ASSERT_TRUE(test::run_until(context, [&] { return running == 0; }));
      writer.stop();
    }
    fs->lose_unsynced(random() % 2000);
  }
}

TEST(LogCrash, ATornWriteAtTheEndNeedsNoHand) {
  const TempDir dir;
  std::mt19937 random(5);
  std::vector<Agent> agents = {{.id = "agent-1"}};
  for (int round = 0; round < 8; ++round) {
    SCOPED_TRACE(round);
    auto fs = std::make_shared<test::FaultyFs>();
    {
      PacketLogOptions options = small_log_options();
      options.file_system = fs;
      const auto log = open_log(dir / "log", options);
      ASSERT_TRUE(log);
      check_exactly_once(*log, agents);
      StreamMarks marks(*log, 10);
      AppendPlan plan(marks);
      plan.set_last_id(log->last_id());
      for (const bool sync : {true, false}) {
        const auto upload = sample_upload(20, agents[0].acknowledged + 1);
        auto outcome = plan.add(*upload, 1'000'000);
        ASSERT_TRUE(outcome);
        ASSERT_TRUE(log->write(plan.chunks()));
        plan.clear();
        if (!sync) break;
        ASSERT_TRUE(log->sync());
        agents[0].acknowledged = outcome->durable_seq;
      }
      fs->cut_power();
    }
    fs->lose_unsynced(1 + random() % 1500);
  }
}

// The write-ahead log is what a power cut tears; damage in what was synced long ago is another thing: it must be
// noticed instead of being read, and must not keep anybody from the rest.
class DamagedLog : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kChunks = 300;
  static constexpr std::uint64_t kRecordsEach = 100;

  void SetUp() override {
    const auto log = open_log(dir / "log");
    StreamMarks marks(*log, 10);
    AppendPlan plan(marks);
    for (std::uint64_t i = 0; i < kChunks; ++i) {
      const auto upload = sample_upload(kRecordsEach, 1 + i * kRecordsEach);
      ASSERT_TRUE(plan.add(*upload, 1000));
      ASSERT_TRUE(log->write(plan.chunks()));
      plan.clear();
    }
    ASSERT_TRUE(log->sync());
    last_id = log->last_id();
  }
  // Table files of the log, the oldest first.
  [[nodiscard]] std::vector<std::filesystem::path> tables() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(dir / "log")) {
      if (entry.path().extension() == ".sst" && entry.file_size() > 10'000) found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }
  struct Found {
    std::uint64_t records = 0;
    std::uint64_t damaged_stretches = 0;
  };
  // Reads everything, and checks that ids rise without a hole or a repetition.
  [[nodiscard]] static Found read_all(const PacketLog& log) {
    Found found;
    LogId from = 1;
    for (int turn = 0; turn < 100'000; ++turn) {
      std::vector<StoredChunk> chunks;
      const auto read = log.read(from, 64U << 10U, chunks);
      EXPECT_TRUE(read) << read.error().message;
      if (chunks.empty()) return found;
      for (const StoredChunk& chunk : chunks) {
        EXPECT_GE(chunk.first_id, from);
        from = chunk.last_id() + 1;
        found.records += chunk.upload.records.size();
        if (!chunk.damage.empty()) ++found.damaged_stretches;
      }
    }
    ADD_FAILURE() << "reading does not end";
    return found;
  }

  TempDir dir;
  LogId last_id = 0;
};

TEST_F(DamagedLog, ABlockThatCannotBeReadIsSteppedOver) {
  const auto files = tables();
  ASSERT_GE(files.size(), 2U);
  test::flip_bit(files.front(), std::filesystem::file_size(files.front()) / 2);
  const auto log = open_log(dir / "log");
  ASSERT_TRUE(log);
  const Found found = read_all(*log);
  EXPECT_EQ(found.damaged_stretches, 1U);
  EXPECT_LT(found.records, kChunks * kRecordsEach);
  EXPECT_GT(found.records, kChunks * kRecordsEach / 2);
  EXPECT_EQ(log->last_id(), last_id);
}

TEST_F(DamagedLog, ADamagedEndIsNoEndOfTheLog) {
  {
    const auto log = open_log(dir / "log");  // the write-ahead log goes to a table
    ASSERT_TRUE(log);
  }
  const auto files = tables();
  std::uint64_t at = std::filesystem::file_size(files.back());
  // Index, filter and footer stand at the end: the last block with data is looked for from behind.
  bool hit = false;
  for (std::uint64_t back = 2000; back < at && !hit; back += 200) {
    test::flip_bit(files.back(), at - back);
    const auto log = PacketLog::open(dir / "log", small_log_options());
    if (log) {
      const Found found = read_all(**log);
      hit = found.damaged_stretches > 0;
      if (hit) {
        EXPECT_GE((*log)->last_id(), last_id);
        EXPECT_GT(found.records, kChunks * kRecordsEach / 2);
      }
    }
    if (!hit) test::flip_bit(files.back(), at - back);
  }
  EXPECT_TRUE(hit);
}

}  // namespace
}  // namespace mmm::store
