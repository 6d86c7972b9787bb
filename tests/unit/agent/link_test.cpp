#include "agent/radio/link.h"

#include "core/async/task_group.h"
#include "tests/support/radio_messages.h"
#include "tests/support/virtual_time.h"
#include "tests/unit/agent/scripted_transport.h"

#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace messages = test::radio_messages;
using State = upload::AgentStatus;

struct CollectingSink final : RecordSink {
  void put(Record record) override { records.push_back(std::move(record)); }
  [[nodiscard]] std::vector<std::string> packets() const {
    std::vector<std::string> payloads;
    for (const auto& record : records) {
      if (record.kind == upload::RECORD_KIND_MESH_PACKET) payloads.push_back(record.payload);
    }
    return payloads;
  }
  std::vector<Record> records;
};

class LinkTest : public ::testing::Test {
 protected:
  explicit LinkTest(bool network = false)
      : transport(context.get_executor(), time, network),
        link(transport, sink, time, LinkProbe::make(registry, "radio"), 1) {
    transport.on_sent = [this](std::string_view bytes) { answer(bytes); };
    link.on_change([this] {
      const auto& status = link.status();
      if (status.state == State::LINK_STATE_DOWN) reasons.push_back(status.reason);
    });
    group.spawn("link", link.run());
  }
  ~LinkTest() override {
    group.cancel();
    time.run_ready(context);
  }

  // A radio that behaves.
  void answer(std::string_view bytes) {
    for (const auto& message : messages::sent_messages(bytes)) {
      if (message.payload_variant_case() == mesh::ToRadio::kWantConfigId) {
        ++requests;
        if (mute) continue;
        for (const auto& reply : messages::dump(message.want_config_id())) deliver(reply);
      }
      if (message.has_heartbeat() && !mute) deliver(messages::queue_status());
    }
  }
  void deliver(std::string_view payload) { transport.deliver(*mesh::encode_frame(payload)); }
  void pass(test::VirtualTime::Duration duration) { time.run_for(context, duration); }
  [[nodiscard]] bool ready() const { return link.status().state == State::LINK_STATE_READY; }

  asio::io_context context{1};
  test::VirtualTime time;
  metrics::Registry registry;
  CollectingSink sink;
  ScriptedTransport transport;
  RadioLink link;
  TaskGroup group{context.get_executor()};
  bool mute = false;
  int requests = 0;
  std::vector<std::string> reasons;  // of each time the link went down
};

class NetworkLinkTest : public LinkTest {
 protected:
  NetworkLinkTest() : LinkTest(true) {}
};

TEST_F(LinkTest, ConnectsAndRecordsInOrder) {
  pass(1s);
  EXPECT_TRUE(ready());
  for (std::uint32_t id = 1; id <= 50; ++id) deliver(messages::packet(id));
  pass(1s);
  const auto packets = sink.packets();
  ASSERT_EQ(packets.size(), 50U);
  for (std::uint32_t id = 1; id <= 50; ++id) EXPECT_EQ(packets[id - 1], messages::packet(id));
  EXPECT_EQ(link.status().profile.node(), messages::kNode);
}

TEST_F(LinkTest, ReadsOfOneByteGiveTheSame) {
  transport.set_piece(1);
  pass(5s);
  EXPECT_TRUE(ready());
  for (std::uint32_t id = 1; id <= 20; ++id) deliver(messages::packet(id));
  pass(5s);
  EXPECT_EQ(sink.packets().size(), 20U);
}

TEST_F(LinkTest, GarbageBetweenFramesCostsNothing) {
  pass(1s);
  std::string garbage;
  for (int i = 0; i < 997; ++i) garbage += static_cast<char>(i * 31 % 251);
  for (std::uint32_t id = 1; id <= 20; ++id) {
    transport.deliver(garbage);
    pass(2s);  // a false header at the end of the garbage is given up after a silence
    deliver(messages::packet(id));
    pass(2s);
  }
  EXPECT_EQ(sink.packets().size(), 20U);
}

TEST_F(LinkTest, AStallInsideAFrameIsWaitedForOnlyShortly) {
  pass(1s);
  const auto frame = *mesh::encode_frame(messages::packet(1));
  transport.deliver(frame.substr(0, 10));
  pass(1s);
  transport.deliver(frame.substr(10));
  pass(1s);
  EXPECT_EQ(sink.packets().size(), 1U);
  // A header that promises what never comes.
  transport.deliver("\x94\xC3\x01\xF0");
  pass(2s);
  deliver(messages::packet(2));
  pass(10ms);
  EXPECT_EQ(sink.packets().size(), 2U);
}

TEST_F(LinkTest, ADeadLineIsOpenedAnew) {
  pass(1s);
  mute = true;
  pass(80s);
  EXPECT_FALSE(ready());
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_NE(reasons[0].find("heartbeat"), std::string::npos);
  mute = false;
  pass(10s);
  EXPECT_TRUE(ready());
  EXPECT_EQ(transport.opens(), 2);
}

TEST_F(LinkTest, AnUnpluggedRadioIsFoundAgain) {
  pass(1s);
  transport.hang_up();
  transport.fail_next_opens(20);
  pass(10min);
  EXPECT_EQ(link.status().state, State::LINK_STATE_DOWN);
  EXPECT_LT(transport.opens(), 22);
  pass(30min);
  EXPECT_TRUE(ready());
  deliver(messages::packet(1));
  pass(1s);
  EXPECT_EQ(sink.packets().size(), 1U);
}

TEST_F(LinkTest, BootTextStartsTheHandshakeAgain) {
  pass(20s);
  EXPECT_EQ(requests, 1);
  transport.deliver("INFO  | 00:00:01 1 Booting the firmware\r\n");
  pass(2s);
  EXPECT_EQ(requests, 2);
  EXPECT_TRUE(ready());
  EXPECT_EQ(transport.opens(), 1);
}

TEST_F(LinkTest, ARadioThatNeverAnswersIsSaidInWords) {
  mute = true;
  pass(62s);
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_NE(reasons[0].find("is it a Meshtastic radio"), std::string::npos);
  EXPECT_GE(requests, 6);
}

TEST_F(LinkTest, PacketsJustBeforeTheEndAreKept) {
  pass(1s);
  deliver(messages::packet(1));
  transport.hang_up();
  pass(100ms);
  EXPECT_EQ(sink.packets().size(), 1U);
}

TEST_F(NetworkLinkTest, SaysThatAnotherClientKicksIt) {
  for (int round = 0; round < 4; ++round) {
    pass(70s);
    EXPECT_TRUE(ready());
    transport.hang_up();
    pass(1ms);
  }
  EXPECT_EQ(link.status().reason.find("kicked by another client"), 0U);
}

TEST_F(NetworkLinkTest, AHostileRadioCostsNeitherMemoryNorTheLink) {
  pass(1s);
  std::uint64_t seed = 1;
  for (int round = 0; round < 600; ++round) {
    std::string noise(4096, '\0');
    for (auto& byte : noise)
      byte = static_cast<char>((seed = seed * 6364136223846793005U + 1442695040888963407U) >> 56U);
    transport.deliver(noise);
    pass(100ms);
  }
  pass(2s);
  deliver(messages::packet(1));
  pass(1s);
  EXPECT_EQ(sink.packets().back(), messages::packet(1));
  const auto text = registry.text();
  EXPECT_NE(text.find("mmm_agent_link_decode_errors_total{radio=\"radio\",reason=\"false_header\"}"),
            std::string::npos);
}

}  // namespace
}  // namespace mmm::agent
