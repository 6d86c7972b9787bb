#include "core/mesh/node_id.h"
#include "tests/unit/project/project_fixture.h"

// What agents of the Python version wrote, folded like what radios deliver.
namespace mmm::test {
namespace {

constexpr std::uint32_t kNode = 0xa1b2c3d4;

std::string packet_json(std::string_view id, std::string_view type, std::string_view payload,
                        std::string_view from = "\"!a1b2c3d4\"") {
  return fmt::format(
      R"({{"from_node": {}, "to_node": "^all", "packet_id": {}, "channel": 0, "hop_limit": 3, "want_ack": false, "rssi": null, "snr": null, "type": "{}", "payload": {}}})",
      from, id, type, payload);
}

class PythonFold : public ProjectTest {
 protected:
  void append_json(upload::RecordKind kind, double seconds, std::string json, std::string_view agent = "py",
                   std::int64_t arrival_us = 0) {
    append(
        agent, seconds,
        {{.arrival_us = arrival_us != 0 ? arrival_us : at(seconds) - 1000, .kind = kind, .payload = std::move(json)}});
  }
  void hear_json(double seconds, std::string json, std::string_view agent = "py") {
    append_json(upload::RECORD_KIND_LEGACY_DATA, seconds, std::move(json), agent);
  }
};

TEST_F(PythonFold, AnAgentOfEitherKindHearsTheSamePacket) {
  hear_json(1, packet_json("77", "text_message", "\"hi\""));
  hear("new", 2, made_text(kNode, 77, "hi"));
  hear("new", 2000, made_text(kNode, 78, "hi"));
  hear_json(2002, packet_json("78", "text_message", "\"hi\""));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 2U);
  for (const index::PacketRow& row : rows) {
    EXPECT_EQ(row.receptions, 2U);
    EXPECT_EQ(row.summary, "hi");
    EXPECT_EQ(row.best_rssi, -80) << "a signal that is not told is no signal of 0";
  }
  EXPECT_EQ(counter(index::Counter::kPackets), 2);
  EXPECT_EQ(counter(index::Counter::kMessages), 2);
  EXPECT_EQ(node(kNode).packets, 2U);
  const auto receptions = reader_->receptions(rows[1].id).value();
  EXPECT_FALSE(receptions[0].snr);
  EXPECT_FALSE(receptions[0].hops);
}

TEST_F(PythonFold, AnEncryptedPacketIsReadWhenAnotherAgentHasItsBytes) {
  hear_json(1, packet_json("5", "encrypted", "null"));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_FALSE(rows[0].port);
  EXPECT_EQ(counter(index::Counter::kPackets), 1);
  hear("new", 2, encrypted_on_default_channel(made_text(kNode, 5, "secret")));
  const auto later = packets();
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(later[0].port, static_cast<std::uint32_t>(mesh::TEXT_MESSAGE_APP));
  EXPECT_EQ(later[0].summary, "secret");
  EXPECT_NE(later[0].flags & index::kDecrypted, 0U);
  EXPECT_EQ(counter(index::Counter::kMessages), 1);
}

TEST_F(PythonFold, AnUnknownSenderMakesNoNode) {
  hear_json(1, packet_json("5", "encrypted", "null", "null"));
  hear_json(2, packet_json("0", "position", R"({"latitude":47,"longitude":8})", "\"\""));
  hear_json(3, packet_json("0", "position", R"({"latitude":47,"longitude":9})", "\"\""));
  hear_json(4, packet_json("0", "encrypted", "null", "null"));
  hear_json(5, packet_json("0", "encrypted", "null", "null"));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 5U) << "what has no id, and other or no content, is another packet";
  EXPECT_EQ(rows[0].from, 0U);
  EXPECT_EQ(rows[0].flags & index::kNotHeard, 0U);
  EXPECT_TRUE(reader_->nodes({.limit = 10}).value().empty());
}

TEST_F(PythonFold, NullsEraseNothing) {
  mesh::User user;
  user.set_long_name("Known");
  user.set_short_name("KN");
  user.set_hw_model(mesh::RAK4631);
  user.set_role(mesh::Config::DeviceConfig::ROUTER);
  hear("new", 1, made_packet(kNode, 1, mesh::NODEINFO_APP, user.SerializeAsString()));
  hear_json(2, packet_json("2", "user_info", R"({"id":"!a1b2c3d4","long_name":null,"short_name":null})"));
  hear_json(3, packet_json("3", "user_info", R"({"id":"!a1b2c3d4","long_name":"Renamed","short_name":null})"));
  hear_json(4, packet_json("4", "position", R"({"latitude":0,"longitude":0})"));
  append_json(upload::RECORD_KIND_LEGACY_NODEDB, 5,
              R"({"!a1b2c3d4":{"user":{},"position":{},"deviceMetrics":{},"lastHeard":1767225602,"hopsAway":null}})");
  reader();
  const index::NodeRow row = node(kNode);
  EXPECT_EQ(row.long_name, "Renamed");
  EXPECT_EQ(row.short_name, "KN");
  EXPECT_EQ(row.hw_model, static_cast<std::uint32_t>(mesh::RAK4631));
  EXPECT_EQ(row.role, static_cast<std::uint32_t>(mesh::Config::DeviceConfig::ROUTER));
  EXPECT_FALSE(row.position);
}

TEST_F(PythonFold, ANodeListIsNotHearing) {
  append_json(upload::RECORD_KIND_LEGACY_NODEDB, 100,
              R"({"!a1b2c3d4":{"user":{"longName":"Base","shortName":"BS","hwModel":"HELTEC_V3","role":"ROUTER"},
                  "position":{"latitude":47.5,"longitude":8.5,"altitude":400},"deviceMetrics":{"batteryLevel":101},
                  "hopsAway":2,"lastHeard":1767225590}})");
  append_json(upload::RECORD_KIND_LEGACY_NODE_STATUS, 101,
              R"({"node_id":"!a1b2c3d4","last_seen":"2026-01-01T00:00:30+00:00","battery_level":87,"position":null})");
  reader();
  const index::NodeRow row = node(kNode);
  EXPECT_EQ(row.long_name, "Base");
  EXPECT_EQ(row.role, static_cast<std::uint32_t>(mesh::Config::DeviceConfig::ROUTER));
  EXPECT_EQ(row.position->latitude_i, 475000000);
  EXPECT_EQ(row.metrics.battery_level, 87U);
  EXPECT_EQ(row.metrics_us, at(30)) << "known since the node was heard, not since the agent said so";
  EXPECT_EQ(row.hops_away, 2U);
  EXPECT_FALSE(row.last_heard_us);
  EXPECT_EQ(row.packets, 0U);
}

TEST_F(PythonFold, TimesThatCannotBeAreTheLogs) {
  constexpr std::int64_t kYear2099 = 4'070'908'800'000'000;
  append_json(upload::RECORD_KIND_LEGACY_DATA, 10, packet_json("1", "text_message", "\"x\""), "py", kYear2099);
  append_json(upload::RECORD_KIND_LEGACY_DATA, 20, packet_json("2", "text_message", "\"x\""), "py", at(15));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].time_us, at(15));
  EXPECT_EQ(rows[1].time_us, at(10));
}

TEST_F(PythonFold, ARouteIsATraceroute) {
  append_json(upload::RECORD_KIND_LEGACY_ROUTES, 1,
              R"({"discovery_id":"x","source_node_id":"!11111111","target_node_id":"!33333333","success":true,)"
              R"("route_path":["!11111111","!22222222","!11111111"],"route_back":[],"snr_towards":[6.0,-32.0]})");
  append_json(upload::RECORD_KIND_LEGACY_ROUTES, 2,
              R"({"discovery_id":"y","source_node_id":"!11111111","target_node_id":"!44444444","success":false,)"
              R"("route_path":[]})");
  const auto routes = reader().traceroutes({.limit = 10}).value();
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_EQ(routes[0].from, 0x11111111U);
  EXPECT_EQ(routes[0].to, 0x33333333U);
  EXPECT_EQ(routes[0].route, std::vector<std::uint32_t>{0x22222222});
  EXPECT_EQ(routes[0].snr_towards, (std::vector<std::int32_t>{24, index::kSnrUnknown}));
  const auto links = reader_->links({.limit = 10}).value();
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0].snr, 6.0);
  EXPECT_FALSE(links[1].snr);
}

TEST_F(PythonFold, WhatIsNoEntryIsKeptAsUnreadable) {
  hear_json(1, "[1]");
  append_json(upload::RECORD_KIND_LEGACY_NODEDB, 2, R"({"nobody":{}})");
  append_json(upload::RECORD_KIND_LEGACY_NODE_STATUS, 3, "garbage");
  append_json(upload::RECORD_KIND_LEGACY_ROUTES, 4, "{}");
  append_json(upload::RECORD_KIND_LEGACY_REGISTER, 5, "{}");
  EXPECT_TRUE(packets().empty());
  const auto errors = static_cast<std::size_t>(index::Counter::kErrorsFirst) +
                      static_cast<std::size_t>(index::DecodeError::kMalformedRecord);
  EXPECT_EQ(counter(static_cast<index::Counter>(errors)), 4);
  EXPECT_EQ(counter(index::Counter::kOtherRecords), 1);
}

TEST_F(PythonFold, FoldsEachTypeOfPacket) {
  hear_json(1, packet_json("1", "position", R"({"latitude":47.5,"longitude":8.5,"altitude":400,"time":1767225500})"));
  hear_json(2, packet_json("2", "telemetry", R"({"device_metrics":{"battery_level":50,"voltage":3.7}})"));
  hear_json(3, packet_json("3", "routing", R"({"error_reason":null})"));
  hear_json(4, packet_json("4", "traceroute", R"({"route":["!00000011"],"back":[]})"));
  hear_json(5, packet_json("5", "other", R"({"portnum":"NEIGHBORINFO_APP","payload":"0811"})"));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 5U);
  const std::uint32_t ports[] = {mesh::NEIGHBORINFO_APP, mesh::TRACEROUTE_APP, mesh::ROUTING_APP, mesh::TELEMETRY_APP,
                                 mesh::POSITION_APP};
  for (std::size_t i = 0; i < std::size(ports); ++i) EXPECT_EQ(rows[i].port, ports[i]);
  const index::NodeDetail detail = reader_->node_detail(kNode).value();
  ASSERT_EQ(detail.positions.size(), 1U);
  EXPECT_EQ(detail.positions[0].position.time_us, 1'767'225'500'000'000);
  ASSERT_EQ(detail.telemetry.size(), 1U);
  EXPECT_EQ(detail.telemetry[0].device.battery_level, 50U);
  ASSERT_EQ(detail.heard_by.size(), 1U);
  EXPECT_EQ(detail.heard_by[0].receptions, 5U);
}

}  // namespace
}  // namespace mmm::test
