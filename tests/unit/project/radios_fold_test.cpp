#include "tests/unit/project/project_fixture.h"

namespace mmm::test {
namespace {

using upload::AgentStatus;

// An agent with two radios, each with a buffer of its own.
class RadiosFoldTest : public ProjectTest {
 protected:
  static upload::UploadHeader of_radio(const std::string& name, char stream, std::uint64_t captured) {
    upload::UploadHeader header = made_header("a");
    header.set_stream_id(std::string(16, stream));
    header.set_radio(name);
    header.add_radios("meshtastic");
    header.add_radios("meshtastic_2");
    header.mutable_ledger()->set_captured(captured);
    header.mutable_ledger()->set_delivered(captured);
    return header;
  }
  void say(double seconds, const upload::UploadHeader& header, AgentStatus::LinkState state, mesh::NodeNum node,
           std::uint32_t preset) {
    AgentStatus status;
    status.set_link_state(state);
    status.set_link("tcp " + header.radio());
    if (state == AgentStatus::LINK_STATE_DOWN) status.set_link_reason("unplugged");
    status.set_my_node_num(node);
    status.set_use_preset(true);
    status.set_modem_preset(preset);
    status.set_started_us(7);
    upload(
        seconds, header,
        {{.arrival_us = at(seconds), .kind = upload::RECORD_KIND_AGENT_STATUS, .payload = status.SerializeAsString()}});
  }
  void upload(double seconds, const upload::UploadHeader& header, const std::vector<MadeRecord>& records) {
    log_.append(header, static_cast<store::LogId>(at(seconds + 0.5)), records);
  }
  index::AgentRow agent() {
    const auto agents = reader().agents(10).value();
    EXPECT_EQ(agents.size(), 1U);
    const auto one = reader().agent(1).value();
    EXPECT_EQ(one->radios.size(), agents[0].radios.size());
    return agents[0];
  }
  std::size_t gaps() { return reader().gaps(1, 0, INT64_MAX, 100).value().size(); }
};

TEST_F(RadiosFoldTest, AreShownEachAndSummedUp) {
  say(0, of_radio("meshtastic", '1', 10), AgentStatus::LINK_STATE_READY, 1000, 0);
  // Long after the first: it was added, and is no new buffer in the first one's place.
  say(500, of_radio("meshtastic_2", '2', 4), AgentStatus::LINK_STATE_DOWN, 2000, 1);
  say(510, of_radio("meshtastic", '1', 12), AgentStatus::LINK_STATE_READY, 1000, 0);
  const auto row = agent();
  EXPECT_EQ(row.stream_count, 2U);
  EXPECT_EQ(row.ledger.captured, 16U);
  EXPECT_EQ(row.ledger.delivered, 16U);
  EXPECT_EQ(row.radio.radio_num, 1000U);
  EXPECT_EQ(row.radio.link_state, static_cast<std::uint32_t>(AgentStatus::LINK_STATE_DOWN));
  EXPECT_EQ(row.radio.link, "meshtastic_2: tcp meshtastic_2");
  EXPECT_EQ(row.radio.link_reason, "unplugged");
  ASSERT_EQ(row.radios.size(), 2U);
  EXPECT_EQ(row.radios[0].name, "meshtastic");
  EXPECT_EQ(row.radios[0].radio.link_state, static_cast<std::uint32_t>(AgentStatus::LINK_STATE_READY));
  EXPECT_EQ(row.radios[0].ledger.captured, 12U);
  EXPECT_EQ(row.radios[1].name, "meshtastic_2");
  EXPECT_EQ(row.radios[1].radio.radio_num, 2000U);
  EXPECT_EQ(row.radios[1].ledger.captured, 4U);
  // The second is away.
  EXPECT_EQ(gaps(), 1U);
  EXPECT_EQ(reader().gaps(1, 0, INT64_MAX, 100).value()[0].radio, "meshtastic_2");
}

TEST_F(RadiosFoldTest, ABufferTakesThePlaceOfItsRadiosLastOne) {
  say(0, of_radio("meshtastic", '1', 10), AgentStatus::LINK_STATE_READY, 1000, 0);
  say(5, of_radio("meshtastic_2", '2', 4), AgentStatus::LINK_STATE_READY, 2000, 0);
  say(400, of_radio("meshtastic", '3', 1), AgentStatus::LINK_STATE_READY, 1000, 0);
  const auto row = agent();
  EXPECT_EQ(row.stream_count, 3U);
  EXPECT_EQ(row.radios.size(), 2U);
  EXPECT_EQ(row.ledger.captured, 5U);
  const auto found = reader().gaps(1, 0, INT64_MAX, 100).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].cause, index::GapCause::kNewBuffer);
  EXPECT_EQ(found[0].start_us, at(0));
  EXPECT_EQ(found[0].radio, "meshtastic");
}

TEST_F(RadiosFoldTest, OneThatTheAgentHasNoMoreIsLeftOut) {
  say(0, of_radio("meshtastic", '1', 10), AgentStatus::LINK_STATE_READY, 1000, 0);
  say(5, of_radio("meshtastic_2", '2', 4), AgentStatus::LINK_STATE_DOWN, 2000, 0);
  auto header = of_radio("meshtastic", '1', 11);
  header.clear_radios();
  header.add_radios("meshtastic");
  upload(10, header, {packet_record(made_text(1000, 1, "x"), at(10))});
  const auto row = agent();
  EXPECT_TRUE(row.radios.empty());
  EXPECT_EQ(row.ledger.captured, 11U);
  EXPECT_EQ(row.radio.link, "tcp meshtastic");
  EXPECT_EQ(row.radio.link_state, static_cast<std::uint32_t>(AgentStatus::LINK_STATE_READY));
}

TEST_F(RadiosFoldTest, AnAgentThatNamedNoneGoesOnWithItsFirst) {
  auto before = of_radio("", '1', 10);
  before.clear_radios();
  say(0, before, AgentStatus::LINK_STATE_READY, 1000, 0);
  say(400, of_radio("meshtastic", '1', 11), AgentStatus::LINK_STATE_READY, 1000, 0);
  EXPECT_EQ(agent().ledger.captured, 11U);
  EXPECT_EQ(agent().stream_count, 1U);
  EXPECT_EQ(gaps(), 0U);
  // And with a new buffer at the same time.
  say(800, of_radio("meshtastic", '3', 1), AgentStatus::LINK_STATE_READY, 1000, 0);
  EXPECT_TRUE(agent().radios.empty());
  EXPECT_EQ(agent().ledger.captured, 1U);
  EXPECT_EQ(gaps(), 1U);
}

TEST_F(RadiosFoldTest, AirtimeIsThatOfTheRadioThatHeard) {
  constexpr std::uint32_t kLongFast = 0;
  constexpr std::uint32_t kShortFast = 6;
  say(0, of_radio("meshtastic", '1', 1), AgentStatus::LINK_STATE_READY, 1000, kLongFast);
  say(1, of_radio("meshtastic_2", '2', 1), AgentStatus::LINK_STATE_READY, 2000, kShortFast);
  upload(2, of_radio("meshtastic", '1', 2), {packet_record(made_text(3000, 1, "hello"), at(2))});
  upload(3, of_radio("meshtastic_2", '2', 2), {packet_record(made_text(3000, 2, "hello"), at(3))});
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 2U);
  ASSERT_TRUE(rows[0].airtime_us && rows[1].airtime_us);
  EXPECT_NE(*rows[0].airtime_us, *rows[1].airtime_us);
}

}  // namespace
}  // namespace mmm::test
