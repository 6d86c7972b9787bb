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

// The write-ahead log is what a power cut tears; damage in what was synced long ago is another thing, and must be
// noticed instead of being read.
TEST(LogCrash, AFlippedBitInATableFileIsNoticed) {
  const TempDir dir;
  {
    const auto log = open_log(dir / "log");
    StreamMarks marks(*log, 10);
    AppendPlan plan(marks);
    for (std::uint64_t i = 0; i < 100; ++i) {
      const auto upload = sample_upload(100, 1 + i * 100);
      ASSERT_TRUE(plan.add(*upload, 1000));
      ASSERT_TRUE(log->write(plan.chunks()));
      plan.clear();
    }
    ASSERT_TRUE(log->sync());
  }
  std::filesystem::path largest;
  for (const auto& entry : std::filesystem::directory_iterator(dir / "log")) {
    if (entry.path().extension() != ".sst") continue;
    if (largest.empty() || entry.file_size() > std::filesystem::file_size(largest)) largest = entry.path();
  }
  ASSERT_FALSE(largest.empty());
  test::flip_bit(largest, std::filesystem::file_size(largest) / 2);
  const auto log = open_log(dir / "log");
  ASSERT_TRUE(log);
  std::vector<StoredChunk> chunks;
  Result<> read = {};
  LogId from = 0;
  std::size_t before = 1;
  while (read && before != chunks.size()) {
    before = chunks.size();
    read = log->read(from, 1U << 20U, chunks);
    if (!chunks.empty()) from = chunks.back().last_id() + 1;
  }
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kCorrupt) << read.error().message;
}

}  // namespace
}  // namespace mmm::store
