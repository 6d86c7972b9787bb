#include "agent/radio/session.h"

#include "tests/support/radio_messages.h"

#include <gtest/gtest.h>

#include <random>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
namespace messages = test::radio_messages;

// A session with a clock in the test's hand, and everything it has put out.
class SessionTest : public ::testing::Test {
 protected:
  void connect(bool serial = true) { connect(LineTraits{.is_network = !serial, .carries_text = serial}); }
  void connect(const LineTraits& line) {
    session.emplace(line, [this] { return next_nonce++; });
    session->connected(now);
    collect();
  }
  // Lets time pass, ticking at each deadline as an owner does.
  void pass(SteadyTime::duration duration) {
    const auto end = now + duration;
    while (session->deadline() <= end && !ended) {
      now = std::max(now, session->deadline());
      session->tick(now);
      collect();
    }
    now = end;
  }
  MessageKind receive(std::string_view payload) {
    const auto kind = session->frame(payload, from_micros(1'700'000'000'000'000), now);
    collect();
    return kind;
  }
  void collect() {
    auto output = session->take();
    for (const auto& message : messages::sent_messages(output.bytes)) sent.push_back(message);
    raw += output.bytes;
    for (auto& record : output.records) records.push_back(std::move(record));
    for (auto& notice : output.notices) notices.push_back(std::move(notice));
    if (output.end) ended = output.end;
  }
  // The nonce of the last request for the configuration.
  [[nodiscard]] std::uint32_t asked() const {
    for (auto message = sent.rbegin(); message != sent.rend(); ++message) {
      if (message->want_config_id() != 0) return message->want_config_id();
    }
    return 0;
  }
  [[nodiscard]] std::size_t count_sent(mesh::ToRadio::PayloadVariantCase kind) const {
    return static_cast<std::size_t>(
        std::ranges::count(sent, kind, [](const auto& message) { return message.payload_variant_case(); }));
  }
  void go_live(bool serial = true) {
    connect(serial);
    pass(100ms);
    for (const auto& message : messages::dump(asked())) receive(message);
    receive(messages::queue_status());
    ASSERT_EQ(session->phase(), Session::Phase::kLive);
  }

  std::uint32_t next_nonce = 1000;
  SteadyTime now{1h};
  std::optional<Session> session;
  std::string raw;
  std::vector<mesh::ToRadio> sent;
  std::vector<Record> records;
  std::vector<std::string> notices;
  std::optional<std::string> ended;
};

TEST_F(SessionTest, WakesTheBoardThenAsksForTheConfiguration) {
  connect();
  EXPECT_EQ(raw, std::string(32, '\xC3'));
  pass(99ms);
  EXPECT_TRUE(sent.empty());
  pass(1ms);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].want_config_id(), 1000U);
}

TEST_F(SessionTest, AvoidsTheNoncesThatMeanSomethingElse) {
  std::vector<std::uint32_t> given{0, 69, 69420, 69421, 7};
  std::size_t next = 0;
  session.emplace(LineTraits{}, [&] { return given[next++]; });
  session->connected(now);
  pass(100ms);
  EXPECT_EQ(asked(), 7U);
}

// A radio on BLE drops a message that equals the one before it.
TEST_F(SessionTest, NeverSaysTheSameTwiceInARowWhereRepeatsAreDropped) {
  std::vector<std::uint32_t> given{7, 7, 7, 8, 9, 10, 11, 12, 13};
  std::size_t next = 0;
  session.emplace(LineTraits{.drops_repeats = true}, [&] { return given[next++]; });
  session->connected(now);
  pass(20s);
  ASSERT_GE(sent.size(), 2U);
  for (const auto& message : messages::dump(asked())) receive(message);
  for (int minute = 0; minute < 200; ++minute) {
    receive(messages::packet(static_cast<std::uint32_t>(minute)));
    pass(50s);
    receive(messages::queue_status());
    pass(10s);
  }
  ASSERT_GT(count_sent(mesh::ToRadio::kHeartbeat), 190U);
  for (std::size_t i = 1; i < sent.size(); ++i) {
    EXPECT_NE(sent[i].SerializeAsString(), sent[i - 1].SerializeAsString());
    if (sent[i].has_heartbeat()) EXPECT_GT(sent[i].heartbeat().nonce(), 1U);
  }
}

TEST_F(SessionTest, AsksAgainOnlyAfterTheTimeThatTheLineNeeds) {
  connect(LineTraits{.answer_max = 25s});
  pass(25s);
  EXPECT_EQ(sent.size(), 1U);
  pass(1s);
  EXPECT_EQ(sent.size(), 2U);
}

TEST_F(SessionTest, RecordsWhatMayBeRecordedByteForByteAndGoesLive) {
  go_live();
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].kind, upload::RECORD_KIND_OWN_INFO);
  EXPECT_EQ(records[0].payload, messages::my_info());
  EXPECT_EQ(records[1].kind, upload::RECORD_KIND_NODE_INFO);
  EXPECT_EQ(records[1].payload, messages::node_info());
  EXPECT_EQ(records[2].kind, upload::RECORD_KIND_METADATA);
  EXPECT_EQ(records[3].kind, upload::RECORD_KIND_NODE_INFO);
  EXPECT_EQ(receive(messages::packet(5)), MessageKind::kPacket);
  EXPECT_EQ(records[4].kind, upload::RECORD_KIND_MESH_PACKET);
  EXPECT_EQ(records[4].payload, messages::packet(5));
  EXPECT_EQ(records[4].arrival_us, 1'700'000'000'000'000);
  EXPECT_EQ(session->profile().node(), messages::kNode);
  EXPECT_EQ(session->profile().hop_limit(), 5U);
  ASSERT_EQ(session->profile().channels().size(), 1U);
  EXPECT_EQ(session->profile().channels()[0].name, "Hill");
}

TEST_F(SessionTest, NoSecretOfTheDumpLeavesIt) {
  go_live();
  mesh::FromRadio admin;
  admin.mutable_packet()->set_from(messages::kNode);
  admin.mutable_packet()->set_id(9);
  admin.mutable_packet()->mutable_decoded()->set_portnum(mesh::ADMIN_APP);
  admin.mutable_packet()->mutable_decoded()->set_payload(std::string(messages::kPrivateKey));
  receive(admin.SerializeAsString());
  std::string everything;
  for (const auto& record : records) everything += record.payload;
  for (const auto& notice : notices) everything += notice;
  EXPECT_EQ(everything.find("SECRET"), std::string::npos);
  EXPECT_EQ(records.back().kind, upload::RECORD_KIND_MESH_PACKET);
}

// "my_info first, config_complete_id last" is all that firmwares promise, and not even that is needed.
TEST_F(SessionTest, AcceptsTheDumpInEveryOrder) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    records.clear();
    sent.clear();
    connect();
    pass(100ms);
    auto dump = messages::dump(asked());
    dump.push_back(messages::config_complete(asked() + 77));  // stale
    dump.push_back(messages::queue_status());
    dump.push_back(messages::packet(3));
    std::ranges::shuffle(dump, random);
    for (const auto& message : dump) receive(message);
    EXPECT_EQ(session->phase(), Session::Phase::kLive);
    EXPECT_EQ(records.size(), 5U);
    EXPECT_EQ(session->profile().channels().size(), 1U);
    EXPECT_FALSE(ended);
  }
}

TEST_F(SessionTest, IgnoresTheEndOfAnEarlierRequest) {
  connect();
  pass(100ms);
  receive(messages::my_info());
  receive(messages::config_complete(asked() + 1));
  EXPECT_EQ(session->phase(), Session::Phase::kConfiguring);
  receive(messages::config_complete(asked()));
  EXPECT_EQ(session->phase(), Session::Phase::kLive);
}

TEST_F(SessionTest, RepeatsTheRequestWithANewNonceUntilTheRadioAnswersAndGivesUpInTheEnd) {
  connect();
  pass(30s);
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 5U);
  EXPECT_EQ(asked(), 1004U);
  EXPECT_FALSE(ended);
  receive(messages::my_info());
  receive(messages::config_complete(1002));
  EXPECT_NE(session->phase(), Session::Phase::kLive);
  pass(61s);
  ASSERT_TRUE(ended);
  EXPECT_NE(ended->find("is it a Meshtastic radio"), std::string::npos);
}

TEST_F(SessionTest, ASlowDumpIsNotInterrupted) {
  connect();
  pass(100ms);
  receive(messages::my_info());
  for (std::uint32_t node = 1; node < 100; ++node) {
    pass(3s);
    receive(messages::node_info(node + 100));
  }
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 1U);
  receive(messages::config_complete(asked()));
  EXPECT_EQ(session->phase(), Session::Phase::kLive);
}

TEST_F(SessionTest, ADumpWhoseEndWasLostIsAskedForAgain) {
  connect();
  pass(100ms);
  receive(messages::my_info());
  for (std::uint32_t node = 1; node <= 201; ++node) {
    pass(3s);
    receive(messages::node_info(node + 100));
  }
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 2U);
  EXPECT_FALSE(ended);
  receive(messages::config_complete(asked()));
  EXPECT_EQ(session->phase(), Session::Phase::kLive);
}

TEST_F(SessionTest, SendsHeartbeatsThatCostNoAirTime) {
  go_live();
  for (int minute = 0; minute < 10; ++minute) {
    pass(60s);
    receive(messages::queue_status());
  }
  EXPECT_EQ(count_sent(mesh::ToRadio::kHeartbeat), 11U);
  for (const auto& message : sent) EXPECT_EQ(message.heartbeat().nonce(), 0U);
  EXPECT_FALSE(ended);
}

TEST_F(SessionTest, EndsWhenAHeartbeatIsNotAnswered) {
  go_live();
  pass(60s);
  pass(14s);
  EXPECT_FALSE(ended);
  pass(1s);
  ASSERT_TRUE(ended);
  EXPECT_NE(ended->find("heartbeat"), std::string::npos);
}

TEST_F(SessionTest, OldFirmwareThatAnswersNoHeartbeatIsAskedOtherwise) {
  connect();
  pass(100ms);
  for (const auto& message : messages::dump(asked())) receive(message);
  pass(15s);
  EXPECT_FALSE(ended);
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 2U);
  for (const auto& message : messages::dump(asked())) receive(message);
  EXPECT_EQ(session->phase(), Session::Phase::kLive);
}

TEST_F(SessionTest, AsksAgainWhenTheRadioSaysThatItRestarted) {
  go_live();
  pass(20s);
  mesh::FromRadio rebooted;
  rebooted.set_rebooted(true);
  receive(rebooted.SerializeAsString());
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 2U);
  EXPECT_EQ(session->phase(), Session::Phase::kHandshake);
  for (const auto& message : messages::dump(asked())) receive(message);
  EXPECT_EQ(session->phase(), Session::Phase::kLive);
}

TEST_F(SessionTest, BootTextOnASerialLineMeansARestartButOnlyOnceInAWhile) {
  go_live();
  pass(20s);
  session->text(now);
  collect();
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 2U);
  for (const auto& message : messages::dump(asked())) receive(message);
  for (int i = 0; i < 100; ++i) session->text(now);
  collect();
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 2U);
}

TEST_F(SessionTest, TextOnANetworkLineMeansNothing) {
  go_live(false);
  pass(20s);
  session->text(now);
  collect();
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 1U);
}

TEST_F(SessionTest, ASilentRestartIsFoundByAskingAgain) {
  go_live();
  for (int minute = 0; minute < 15; ++minute) {
    pass(60s);
    receive(messages::queue_status());
  }
  EXPECT_EQ(count_sent(mesh::ToRadio::kWantConfigId), 2U);
}

TEST_F(SessionTest, ShowsALockedRadioInWordsAndStaysConnected) {
  go_live();
  mesh::FromRadio status;
  status.mutable_lockdown_status()->set_state(mesh::LockdownStatus::LOCKED);
  receive(status.SerializeAsString());
  ASSERT_TRUE(session->locked());
  EXPECT_NE(session->locked()->find("locked"), std::string::npos);
  EXPECT_FALSE(ended);
  status.mutable_lockdown_status()->set_state(mesh::LockdownStatus::UNLOCKED);
  receive(status.SerializeAsString());
  EXPECT_FALSE(session->locked());
}

TEST_F(SessionTest, SaysThatAFrameIsNoMessage) {
  go_live();
  EXPECT_EQ(receive("\xff\xff\xff\xff not protobuf"), MessageKind::kNotAMessage);
  EXPECT_EQ(session->phase(), Session::Phase::kLive);
}

// Random frames and times: never a crash, a record of a kind that may not be, or a busy loop.
TEST_F(SessionTest, SurvivesRandomMessages) {
  std::mt19937 random(3);
  connect();
  for (int step = 0; step < 20'000 && !ended; ++step) {
    std::string payload(random() % 60, '\0');
    for (auto& byte : payload) byte = static_cast<char>(random());
    receive(payload);
    if (random() % 10 == 0) pass(std::chrono::milliseconds(random() % 5000));
    if (random() % 50 == 0) session->text(now);
    ASSERT_GE(session->deadline(), now - 1h);
  }
  for (const auto& record : records) EXPECT_NE(record.kind, upload::RECORD_KIND_UNSPECIFIED);
}

}  // namespace
}  // namespace mmm::agent
