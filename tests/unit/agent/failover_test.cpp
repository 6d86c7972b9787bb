#include "tests/unit/agent/uploader_fixture.h"

#include <random>
#include <set>

// Several servers that get each record once between them.
namespace mmm::agent {
namespace {

using Fault = FakeServer::Fault;

class FailoverTest : public UploaderTest {
 protected:
  void goes_away(std::size_t server, Fault fault = Fault::kUnreachable) {
    fake[server].next_fault = [fault] { return fault; };
  }
  void comes_back(std::size_t server) { fake[server].next_fault = nullptr; }
  [[nodiscard]] std::size_t stored(std::size_t server) const { return fake[server].stored.size(); }
  // Everything put so far is at one of the servers, and the destination's ledger says so.
  void expect_all_delivered() {
    std::set<std::string> all;
    for (const auto& server : fake) {
      for (const auto& [payload, times] : server.stored) {
        EXPECT_EQ(times, 1) << payload;
        all.insert(payload);
      }
    }
    EXPECT_EQ(all.size(), static_cast<std::size_t>(next));
    EXPECT_EQ(ledger().captured, static_cast<std::uint64_t>(next));
    EXPECT_EQ(ledger().delivered, static_cast<std::uint64_t>(next));
    EXPECT_EQ(ledger().waiting(), 0U);
  }
  bool metric(const std::string& line) { return registry.text().contains(line + "\n"); }
};

TEST_F(FailoverTest, OnlyTheFirstHealthyServerGetsRecords) {
  start_group(3);
  put(10);
  pass(5s);
  EXPECT_EQ(stored(0), 10U);
  EXPECT_EQ(fake[1].requests + fake[2].requests, 0);
  EXPECT_TRUE(metric("mmm_agent_server_serving{radio=\"meshtastic\",server=\"s0\"} 1"));
  EXPECT_TRUE(metric("mmm_agent_server_serving{radio=\"meshtastic\",server=\"s1\"} 0"));
  EXPECT_TRUE(metric("mmm_agent_server_healthy{radio=\"meshtastic\",server=\"s1\"} 1"));
}

TEST_F(FailoverTest, AfterMaxRetriesRecordsGoToTheNextAndThenBack) {
  start_group(2);
  put(10);
  pass(5s);
  goes_away(0);
  put(10);
  pass(15s);
  EXPECT_EQ(stored(1), 10U);
  EXPECT_TRUE(metric("mmm_agent_server_healthy{radio=\"meshtastic\",server=\"s0\"} 0"));
  EXPECT_TRUE(metric("mmm_agent_server_serving{radio=\"meshtastic\",server=\"s1\"} 1"));
  comes_back(0);
  // Also when nothing waits: the better one is asked without a record.
  pass(2min);
  put(10);
  pass(5s);
  EXPECT_EQ(stored(0), 20U);
  EXPECT_EQ(stored(1), 10U);
  EXPECT_TRUE(metric("mmm_agent_server_serving{radio=\"meshtastic\",server=\"s0\"} 1"));
  expect_all_delivered();
}

TEST_F(FailoverTest, TwoFailuresOfThreeAreNoReasonToLeave) {
  start_group(2);
  int failures = 2;
  fake[0].next_fault = [&] { return failures-- > 0 ? Fault::kServerError : Fault::kNone; };
  put(10);
  pass(1min);
  EXPECT_EQ(stored(0), 10U);
  EXPECT_EQ(fake[1].requests, 0);
}

TEST_F(FailoverTest, ARefusedKeyIsLeftAtOnceAndAskedRarely) {
  start_group(2);
  goes_away(0, Fault::kUnauthorized);
  put(10);
  pass(3s);
  EXPECT_EQ(stored(1), 10U);
  EXPECT_EQ(fake[0].requests, 1);
  pass(1h);
  EXPECT_LE(fake[0].requests, 40);
  EXPECT_GE(fake[0].requests, 5);
  comes_back(0);
  pass(11min);
  put(10);
  pass(3s);
  EXPECT_EQ(stored(0), 10U);
}

TEST_F(FailoverTest, AServerThatWantsToBeLeftAloneForLongIsLeftAtOnce) {
  start_group(2);
  goes_away(0, Fault::kBusy);
  fake[0].retry_after = "1800";
  put(10);
  pass(3s);
  EXPECT_EQ(stored(1), 10U);
  comes_back(0);
  pass(29min);
  EXPECT_EQ(fake[0].requests, 1);
  pass(2min);
  put(10);
  pass(3s);
  EXPECT_EQ(stored(0), 10U);
}

TEST_F(FailoverTest, AServerThatIsBusyForAMomentIsWaitedFor) {
  start_group(2);
  int busy = 2;
  fake[0].next_fault = [&] { return busy-- > 0 ? Fault::kBusy : Fault::kNone; };
  put(10);
  pass(20s);
  EXPECT_EQ(stored(0), 10U);
  EXPECT_EQ(fake[1].requests, 0);
}

TEST_F(FailoverTest, ServersThatAreAwayAreProbedBoundedlyAndDelayNobody) {
  start_group(2);
  goes_away(0, Fault::kTimeout);
  put(1);
  pass(1min);
  for (int i = 0; i < 60; ++i) {
    put(10);
    pass(3s);
    EXPECT_EQ(ledger().waiting(), 0U);
  }
  // At most one each half a minute once the pause has grown: the shortest of 60 s with jitter.
  const int before = fake[0].requests;
  pass(1h);
  EXPECT_LE(fake[0].requests - before, 130);
  EXPECT_GE(fake[0].requests - before, 55);
  expect_all_delivered();
}

TEST_F(FailoverTest, WithNobodyHealthyWhoeverComesBackFirstGetsTheRecords) {
  start_group(3);
  for (std::size_t i = 0; i < 3; ++i) goes_away(i);
  put(1000);
  pass(20min);
  EXPECT_EQ(ledger().waiting(), 1000U);
  comes_back(1);
  pass(2min);
  EXPECT_EQ(stored(1), 1000U);
  comes_back(0);
  comes_back(2);
  pass(2min);
  put(5);
  pass(5s);
  EXPECT_EQ(stored(0), 5U);
  EXPECT_EQ(stored(2), 0U);
  expect_all_delivered();
}

TEST_F(FailoverTest, ALostAnswerLeavesTwoServersWithARecordButNoneWithout) {
  start_group(2);
  goes_away(0, Fault::kAnswerLost);
  put(20);
  pass(1min);
  EXPECT_EQ(stored(0), 20U);
  EXPECT_EQ(stored(1), 20U);
  EXPECT_EQ(ledger().delivered, 20U);
  comes_back(0);
  pass(2min);
  put(20);
  pass(5s);
  EXPECT_EQ(stored(0), 40U);
  expect_all_delivered();
}

TEST_F(FailoverTest, FiltersAndRefusalsCountForTheGroup) {
  start_group(2);
  fake[0].is_bad = [](std::string_view payload) { return payload == "payload 3"; };
  fake[1].is_refused = [](std::string_view payload) { return payload == "payload 13"; };
  put(10);
  pass(1min);
  goes_away(0);
  put(10);
  pass(1min);
  EXPECT_EQ(ledger().set_aside, 2U);
  EXPECT_EQ(ledger().delivered, 18U);
  EXPECT_EQ(ledger().waiting(), 0U);
}

TEST_F(FailoverTest, TheEndGoesToWhoeverServes) {
  start_group(2);
  goes_away(0);
  put(5);
  pass(30s);
  put(5);
  pass(200ms);
  group->cancel();
  time.run(context, group->join());
  time.run(context, uploaders[0]->drain(time.steady() + 5s));
  EXPECT_EQ(stored(1), 10U);
}

// Whatever each of three servers does, no record is lost and the ledger adds up all the time.
TEST_F(FailoverTest, RandomFaultsLoseNothing) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    fake.clear();
    next = 0;
    std::filesystem::remove(directory / "records.db");
    start_group(3);
    for (auto& server : fake) {
      server.next_fault = [&random] { return random() % 3 == 0 ? Fault::kNone : static_cast<Fault>(random() % 9); };
    }
    for (int step = 0; step < 60; ++step) {
      put(static_cast<int>(random() % 40));
      pass(std::chrono::milliseconds(random() % 30'000));
      const auto now = ledger();
      ASSERT_LE(now.delivered + now.set_aside + now.filtered + now.dropped, now.captured);
    }
    for (auto& server : fake) server.next_fault = nullptr;
    pass(30min);
    expect_all_delivered();
    stop();
  }
}

}  // namespace
}  // namespace mmm::agent
