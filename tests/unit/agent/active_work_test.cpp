#include "agent/active/active_work.h"

#include "agent/radio/link.h"
#include "core/async/task_group.h"
#include "core/mesh/admin.pb.h"
#include "core/mesh/packet.h"
#include "core/mesh/telemetry.pb.h"
#include "metrics/catalog_agent.h"
#include "tests/support/radio_messages.h"
#include "tests/support/virtual_time.h"
#include "tests/unit/agent/scripted_transport.h"

#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
namespace messages = test::radio_messages;

constexpr mesh::NodeNum kOther = 0x11223344;

struct CollectingSink final : RecordSink {
  void put(Record record) override { records.push_back(std::move(record)); }
  std::vector<Record> records;
};

// A link to a radio that behaves, with what the agent sent to it.
class ActiveWorkTest : public ::testing::Test {
 protected:
  ~ActiveWorkTest() override {
    group.cancel();
    time.run_ready(context);
  }
  void start(bool admit = true) {
    transport.on_sent = [this](std::string_view bytes) { answer(bytes); };
    work.emplace(config, ActiveProbe::make(registry, "radio"), 3, time.steady());
    if (admit) link.admit(*work);
    group.spawn("link", link.run());
    pass(2s);
    ASSERT_EQ(link.status().state, upload::AgentStatus::LINK_STATE_READY);
  }
  void answer(std::string_view bytes) {
    for (const auto& message : messages::sent_messages(bytes)) {
      if (message.payload_variant_case() == mesh::ToRadio::kWantConfigId) {
        for (const auto& reply : messages::dump(message.want_config_id())) deliver(reply);
      } else if (message.has_heartbeat()) {
        deliver(messages::queue_status());
      } else if (message.has_packet()) {
        packets.push_back(message.packet());
        if (answers) deliver(traced(message.packet()).SerializeAsString());
      } else {
        ++others;
      }
    }
  }
  static mesh::FromRadio traced(const mesh::MeshPacket& request) {
    mesh::FromRadio reply;
    auto* packet = reply.mutable_packet();
    packet->set_from(request.to());
    packet->set_to(messages::kNode);
    packet->set_id(request.id() + 1);
    packet->mutable_decoded()->set_portnum(mesh::TRACEROUTE_APP);
    packet->mutable_decoded()->set_request_id(request.id());
    return reply;
  }
  void hear(mesh::NodeNum node, bool via_mqtt = false, std::uint32_t rx_time = 0) {
    mesh::FromRadio message;
    auto* packet = message.mutable_packet();
    packet->set_from(node);
    packet->set_to(0xFFFFFFFF);
    packet->set_id(++next_id);
    packet->set_rx_rssi(-90);
    packet->set_rx_snr(5);
    packet->set_rx_time(rx_time);
    packet->set_via_mqtt(via_mqtt);
    packet->set_relay_node(0x44);
    packet->set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);
    packet->mutable_decoded()->set_portnum(mesh::TEXT_MESSAGE_APP);
    packet->mutable_decoded()->set_bitfield(0);
    deliver(message.SerializeAsString());
  }
  void tell_utilization(float percent) {
    mesh::Telemetry telemetry;
    telemetry.mutable_device_metrics()->set_channel_utilization(percent);
    mesh::FromRadio message;
    message.mutable_packet()->set_from(messages::kNode);
    message.mutable_packet()->set_id(++next_id);
    message.mutable_packet()->mutable_decoded()->set_portnum(mesh::TELEMETRY_APP);
    message.mutable_packet()->mutable_decoded()->set_payload(telemetry.SerializeAsString());
    deliver(message.SerializeAsString());
  }
  void deliver(std::string_view payload) { transport.deliver(*mesh::encode_frame(payload)); }
  void pass(test::VirtualTime::Duration duration) { time.run_for(context, duration); }
  [[nodiscard]] double traces(const char* outcome) {
    return registry.counter(metrics::agent::kTraceroutes, {{"radio", "radio"}, {"outcome", outcome}}).Value();
  }

  boost::asio::io_context context{1};
  test::VirtualTime time;
  metrics::Registry registry;
  CollectingSink sink;
  ScriptedTransport transport{context.get_executor(), time, true};
  RadioLink link{transport, sink, time, LinkProbe::make(registry, "radio"), 1};
  ActiveConfig config;
  std::optional<ActiveWork> work;
  TaskGroup group{context.get_executor()};
  std::vector<mesh::MeshPacket> packets;
  bool answers = true;
  int others = 0;
  std::uint32_t next_id = 100;
};

TEST_F(ActiveWorkTest, TracesAHeardNodeAndRecordsWhatItSends) {
  config.traceroutes = true;
  config.hop_limit = 4;
  start();
  hear(kOther);
  pass(6min);
  ASSERT_EQ(packets.size(), 1U);
  const auto& sent = packets.front();
  EXPECT_EQ(sent.to(), kOther);
  EXPECT_EQ(sent.from(), 0U);
  EXPECT_NE(sent.id(), 0U);
  EXPECT_EQ(sent.hop_limit(), 4U);
  EXPECT_EQ(sent.decoded().portnum(), mesh::TRACEROUTE_APP);
  EXPECT_TRUE(sent.decoded().want_response());
  EXPECT_EQ(traces("sent"), 1);
  EXPECT_EQ(traces("answered"), 1);
  int own = 0;
  for (const auto& record : sink.records) {
    mesh::FromRadio message;
    if (record.kind != upload::RECORD_KIND_MESH_PACKET || !message.ParseFromString(record.payload)) continue;
    if (message.packet().id() != sent.id()) continue;
    ++own;
    const auto view = mesh::view_packet(message.packet(), messages::kNode);
    EXPECT_EQ(view.from, messages::kNode);
    EXPECT_TRUE(view.from_own_node);
    EXPECT_FALSE(view.is_heard());
  }
  EXPECT_EQ(own, 1);
}

TEST_F(ActiveWorkTest, SendsNothingWithoutBeingConfigured) {
  config.priority_nodes = {kOther};
  start();
  for (int hour = 0; hour < 24; ++hour) {
    hear(kOther);
    pass(1h);
  }
  EXPECT_TRUE(packets.empty());
  EXPECT_EQ(others, 0);
}

TEST_F(ActiveWorkTest, DoesNotTraceNodesThatCameOverMqtt) {
  config.traceroutes = true;
  start();
  hear(kOther, true);
  pass(1h);
  EXPECT_TRUE(packets.empty());
}

TEST_F(ActiveWorkTest, ABusyChannelIsLeftAlone) {
  config.traceroutes = true;
  start();
  hear(kOther);
  tell_utilization(40);
  pass(1h);
  EXPECT_TRUE(packets.empty());
  tell_utilization(10);
  pass(2min);
  EXPECT_EQ(packets.size(), 1U);
}

TEST_F(ActiveWorkTest, AFullQueueOfTheRadioIsWaitedFor) {
  config.traceroutes = true;
  start();
  hear(kOther);
  pass(100ms);
  mesh::QueueStatus full;
  full.set_maxlen(16);
  mesh::FromRadio message;
  *message.mutable_queue_status() = full;
  deliver(message.SerializeAsString());
  pass(100ms);
  EXPECT_TRUE(packets.empty());
  // The next heartbeat is answered with an empty queue.
  pass(10min);
  EXPECT_EQ(packets.size(), 1U);
}

TEST_F(ActiveWorkTest, StaysWithinItsAirtimeForADayOfManyNodes) {
  config.traceroutes = true;
  start();
  for (mesh::NodeNum node = 0; node < 100; ++node) hear(1000 + node);
  pass(12h);
  const auto cost = traceroute_airtime_us(config.hop_limit, 0);
  EXPECT_LE(static_cast<std::int64_t>(packets.size()) * cost, 13 * 36'000'000LL);
  EXPECT_GE(packets.size(), 20U);
}

TEST_F(ActiveWorkTest, SilenceAndRefusalsAreToldApart) {
  config.traceroutes = true;
  answers = false;
  start();
  hear(kOther);
  pass(9min);
  EXPECT_EQ(traces("unanswered"), 1);
  hear(kOther + 1);
  for (int i = 0; i < 600 && packets.size() < 2; ++i) pass(1s);
  ASSERT_EQ(packets.size(), 2U);
  mesh::FromRadio message;
  message.mutable_queue_status()->set_res(39);
  message.mutable_queue_status()->set_mesh_packet_id(packets.back().id());
  deliver(message.SerializeAsString());
  pass(1s);
  EXPECT_EQ(traces("refused"), 1);
}

TEST_F(ActiveWorkTest, TellsARadioWithoutAClockTheTimeOnceAnHour) {
  config.set_time = true;
  start();
  hear(kOther);
  pass(1s);
  EXPECT_TRUE(packets.empty());  // what was queued before the handshake proves nothing
  pass(1min);
  const auto records = sink.records.size();
  hear(kOther);
  pass(1s);
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].to(), messages::kNode);
  EXPECT_EQ(packets[0].decoded().portnum(), mesh::ADMIN_APP);
  mesh::AdminMessage request;
  ASSERT_TRUE(request.ParseFromString(packets[0].decoded().payload()));
  EXPECT_NEAR(static_cast<double>(request.set_time_only()), static_cast<double>(to_micros(time.wall())) / 1e6, 3);
  hear(kOther);
  pass(10min);
  EXPECT_EQ(packets.size(), 1U);
  EXPECT_EQ(sink.records.size(),
            records + 3);  // two heard, and the radio's answer: what stays in the radio is not recorded
}

TEST_F(ActiveWorkTest, ARightClockIsLeftAlone) {
  config.set_time = true;
  start();
  pass(1min);
  hear(kOther, false, static_cast<std::uint32_t>(to_micros(time.wall()) / 1'000'000 - 20));
  pass(1min);
  EXPECT_TRUE(packets.empty());
}

}  // namespace
}  // namespace mmm::agent
