#include "tests/unit/project/project_fixture.h"

namespace mmm::test {
namespace {

using index::GapCause;
using upload::AgentStatus;

// An agent whose uploads say how it fares.
class GapsFoldTest : public ProjectTest {
 protected:
  void say(double seconds, AgentStatus::LinkState state, std::string_view reason = {}, std::uint64_t started_us = 7) {
    AgentStatus status;
    status.set_link_state(state);
    status.set_link_reason(std::string(reason));
    status.set_started_us(started_us);
    upload(
        seconds,
        {{.arrival_us = at(seconds), .kind = upload::RECORD_KIND_AGENT_STATUS, .payload = status.SerializeAsString()}});
  }
  void hear_one(double seconds) { upload(seconds, {packet_record(made_text(1000, ++id_, "x"), at(seconds))}); }
  void upload(double seconds, const std::vector<MadeRecord>& records) {
    log_.append(header_, static_cast<store::LogId>(at(seconds + 0.5)), records);
  }
  std::vector<index::GapRow> gaps(std::int64_t since_us = 0, std::int64_t until_us = INT64_MAX) {
    auto found = reader().gaps(1, since_us, until_us, 100);
    EXPECT_TRUE(found) << found.error().message;
    return *found;
  }

  upload::UploadHeader header_ = made_header("a");
  std::uint32_t id_ = 0;
};

TEST_F(GapsFoldTest, ARadioThatIsAway) {
  say(0, AgentStatus::LINK_STATE_READY);
  hear_one(10);
  say(20, AgentStatus::LINK_STATE_DOWN, "unplugged");
  auto open = gaps();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].start_us, at(20));
  EXPECT_FALSE(open[0].until_us);
  // In other transactions, and the projection is opened anew for each.
  say(25, AgentStatus::LINK_STATE_DOWN, "not found");
  EXPECT_EQ(gaps().size(), 1U);
  say(50, AgentStatus::LINK_STATE_READY);
  const auto closed = gaps();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].cause, GapCause::kRadioAway);
  EXPECT_EQ(closed[0].start_us, at(20));
  EXPECT_EQ(closed[0].until_us, at(50));
  EXPECT_EQ(closed[0].reason, "not found");
  EXPECT_TRUE(gaps(at(50)).empty());
  EXPECT_TRUE(gaps(0, at(20)).empty());
  EXPECT_EQ(gaps(at(30), at(40)).size(), 1U);
}

TEST_F(GapsFoldTest, AnAgentThatDidNotRun) {
  say(0, AgentStatus::LINK_STATE_READY);
  hear_one(10);
  say(20, AgentStatus::LINK_STATE_DOWN, "unplugged");
  hear_one(30);
  say(100, AgentStatus::LINK_STATE_READY, "", 8);
  const auto found = gaps();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].cause, GapCause::kAgentStopped);
  EXPECT_EQ(found[0].start_us, at(30));
  EXPECT_EQ(found[0].until_us, at(100));
  EXPECT_EQ(found[1].cause, GapCause::kRadioAway);
  EXPECT_EQ(found[1].until_us, at(30));
}

TEST_F(GapsFoldTest, ASilentRadioAndALateUplinkAreNone) {
  say(0, AgentStatus::LINK_STATE_READY);
  hear_one(10);
  hear_one(5000);
  upload(9000, {packet_record(made_text(1000, 900, "late"), at(6000))});
  EXPECT_TRUE(gaps().empty());
}

TEST_F(GapsFoldTest, ABufferThatWasFull) {
  header_.mutable_ledger()->set_dropped(5);
  hear_one(10);
  header_.mutable_ledger()->set_dropped(12);
  header_.mutable_ledger()->set_set_aside(1);
  hear_one(100);
  hear_one(110);
  const auto found = gaps();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].cause, GapCause::kBufferFull);
  EXPECT_EQ(found[0].start_us, at(10));
  EXPECT_EQ(found[0].until_us, at(100));
  EXPECT_EQ(found[0].records, 7U);
  EXPECT_EQ(found[1].cause, GapCause::kSetAside);
  EXPECT_EQ(found[1].records, 1U);
  EXPECT_EQ(found[2].records, 5U);
}

TEST_F(GapsFoldTest, ABufferThatWasLost) {
  hear_one(10);
  header_.set_stream_id("another-stream-0");
  hear_one(500);
  const auto found = gaps();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].cause, GapCause::kNewBuffer);
  EXPECT_EQ(found[0].start_us, at(10));
  EXPECT_EQ(found[0].until_us, at(500));
  // One that took its place at once.
  header_.set_stream_id("another-stream-1");
  hear_one(501);
  EXPECT_EQ(gaps().size(), 1U);
}

}  // namespace
}  // namespace mmm::test
