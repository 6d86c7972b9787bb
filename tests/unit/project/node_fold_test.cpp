#include "tests/unit/project/project_fixture.h"

#include <limits>

namespace mmm::test {
namespace {

constexpr std::uint32_t kNode = 0x11111111;

mesh::User user(std::string_view long_name, std::string_view short_name) {
  mesh::User user;
  user.set_long_name(std::string(long_name));
  user.set_short_name(std::string(short_name));
  user.set_hw_model(mesh::RAK4631);
  user.set_public_key(std::string(32, 'k'));
  return user;
}

mesh::MeshPacket user_packet(std::uint32_t id, const mesh::User& user) {
  return made_packet(kNode, id, mesh::NODEINFO_APP, user.SerializeAsString());
}

mesh::MeshPacket position_packet(std::uint32_t id, const mesh::Position& position) {
  return made_packet(kNode, id, mesh::POSITION_APP, position.SerializeAsString());
}

TEST_F(ProjectTest, ANodeListIsNotHearing) {
  mesh::NodeInfo info;
  info.set_num(kNode);
  *info.mutable_user() = user("From a list", "LIST");
  info.set_last_heard(static_cast<std::uint32_t>(at(-100) / 1'000'000));
  append("a", 1, {node_info_record(info, at(0))});
  reader();
  const index::NodeRow known = node(kNode);
  EXPECT_EQ(known.long_name, "From a list");
  EXPECT_EQ(known.hw_model, static_cast<std::uint32_t>(mesh::RAK4631));
  EXPECT_FALSE(known.last_heard_us);
  EXPECT_EQ(known.packets, 0U);
}

TEST_F(ProjectTest, OlderKnowledgeOnlyFillsGapsAndNothingErases) {
  mesh::User fresh = user("Fresh", "FR");
  fresh.clear_public_key();
  hear("a", 0, user_packet(1, fresh));
  mesh::NodeInfo old;
  old.set_num(kNode);
  *old.mutable_user() = user("Old", "OLD");
  old.set_last_heard(static_cast<std::uint32_t>(at(-1000) / 1'000'000));
  append("b", 10, {node_info_record(old, at(10))});
  hear("a", 20, user_packet(2, mesh::User()));
  const index::NodeRow known = node(kNode);
  EXPECT_EQ(known.long_name, "Fresh");
  EXPECT_EQ(known.public_key, std::string(32, 'k'));
  EXPECT_EQ(known.hw_model, static_cast<std::uint32_t>(mesh::RAK4631));
  hear("a", 30, user_packet(3, user("New\xff name", "N")));
  EXPECT_EQ(node(kNode).long_name, "New\xef\xbf\xbd name");
}

TEST_F(ProjectTest, APositionWithoutFixIsNone) {
  mesh::Position hidden;
  hidden.set_time(1'700'000'000);
  hear("a", 0, position_packet(1, hidden));
  mesh::Position null_island;
  null_island.set_latitude_i(0);
  null_island.set_longitude_i(0);
  hear("a", 1, position_packet(2, null_island));
  mesh::Position beyond;
  beyond.set_latitude_i(2'000'000'000);
  beyond.set_longitude_i(1);
  hear("a", 2, position_packet(3, beyond));
  reader();
  EXPECT_FALSE(node(kNode).position);
  EXPECT_TRUE(reader_->node_detail(kNode).value().positions.empty());

  mesh::Position fix;
  fix.set_latitude_i(481'234'567);
  fix.set_longitude_i(-115'000'000);
  fix.set_altitude(520);
  fix.set_precision_bits(16);
  fix.set_time(static_cast<std::uint32_t>(at(3) / 1'000'000));
  hear("a", 5, position_packet(4, fix));
  hear("a", 6, position_packet(5, hidden));
  const index::NodeRow known = node(kNode);
  ASSERT_TRUE(known.position);
  EXPECT_EQ(known.position->latitude_i, 481'234'567);
  EXPECT_EQ(known.position->longitude_i, -115'000'000);
  EXPECT_EQ(known.position->altitude, 520);
  EXPECT_EQ(known.position->precision_bits, 16U);
  EXPECT_EQ(known.position->time_us, at(3));
  EXPECT_EQ(reader_->node_detail(kNode).value().positions.size(), 1U);
}

TEST_F(ProjectTest, SignalIsThatOfTheNewestDirectReception) {
  hear("a", 0, made_text(kNode, 1, "direct"));
  mesh::MeshPacket relayed = made_text(kNode, 2, "relayed");
  relayed.set_hop_limit(1);
  relayed.set_rx_snr(11);
  relayed.set_rx_rssi(-20);
  hear("a", 1, relayed);
  mesh::MeshPacket crossed = made_text(kNode, 3, "another gateway's");
  crossed.set_via_mqtt(true);
  crossed.set_rx_snr(12);
  hear("a", 2, crossed);
  const index::NodeRow known = node(kNode);
  EXPECT_EQ(known.snr, 6.25);
  EXPECT_EQ(known.rssi, -80);
  EXPECT_EQ(known.hops_away, 0U);
  EXPECT_TRUE(known.via_mqtt);
  EXPECT_EQ(known.packets, 3U);
  EXPECT_EQ(known.first_heard_us, at(0));
  EXPECT_EQ(known.last_heard_us, at(2));
  const auto heard_by = reader_->node_detail(kNode).value().heard_by;
  ASSERT_EQ(heard_by.size(), 1U);
  EXPECT_EQ(heard_by[0].agent_id, "a");
  EXPECT_EQ(heard_by[0].snr, 6.25);
  EXPECT_EQ(heard_by[0].receptions, 3U);
}

TEST_F(ProjectTest, ASignalThatNoRadioMeasuresHidesNoneThatWasMeasured) {
  hear("a", 0, made_text(kNode, 1, "good"));
  mesh::MeshPacket absurd = made_text(kNode, 2, "absurd");
  absurd.set_rx_snr(std::numeric_limits<float>::quiet_NaN());
  hear("a", 1, absurd);
  absurd.set_id(3);
  absurd.set_rx_snr(1e30F);
  hear("a", 2, absurd);
  EXPECT_EQ(node(kNode).snr, 6.25);
  EXPECT_EQ(reader_->node_detail(kNode).value().heard_by.at(0).snr, 6.25);
}

TEST_F(ProjectTest, HopsAwayForgetsAWayThatIsGone) {
  hear("a", 0, made_text(kNode, 1, "direct"));
  mesh::MeshPacket relayed = made_text(kNode, 2, "relayed");
  relayed.set_hop_limit(1);
  hear("a", 60, relayed);
  reader();
  EXPECT_EQ(node(kNode).hops_away, 0U);
  relayed.set_id(3);
  hear("a", 4000, relayed);
  EXPECT_EQ((reader(), node(kNode).hops_away), 2U);
}

TEST_F(ProjectTest, KeepsTelemetryOfEveryKindAndLeavesOutNaN) {
  mesh::Telemetry device;
  device.mutable_device_metrics()->set_battery_level(101);
  device.mutable_device_metrics()->set_voltage(std::numeric_limits<float>::quiet_NaN());
  device.mutable_device_metrics()->set_uptime_seconds(99);
  hear("a", 0, made_packet(kNode, 1, mesh::TELEMETRY_APP, device.SerializeAsString()));
  mesh::Telemetry air;
  air.mutable_environment_metrics()->set_temperature(21.5F);
  hear("a", 1, made_packet(kNode, 2, mesh::TELEMETRY_APP, air.SerializeAsString()));
  const index::NodeRow known = node(kNode);
  EXPECT_EQ(known.metrics.battery_level, 101U);
  EXPECT_FALSE(known.metrics.voltage);
  EXPECT_EQ(known.metrics.uptime_seconds, 99U);
  const auto telemetry = reader_->node_detail(kNode).value().telemetry;
  ASSERT_EQ(telemetry.size(), 2U);
  EXPECT_EQ(telemetry[0].kind, 3U);
  EXPECT_EQ(telemetry[0].metrics, R"({"temperature":21.5})");
  EXPECT_EQ(telemetry[1].device.battery_level, 101U);
}

TEST_F(ProjectTest, AnAgentTellsOfItselfAndItsRadio) {
  upload::UploadHeader header = made_header("site-1");
  header.mutable_location()->set_name("Hill \xff");
  header.mutable_location()->set_latitude(46.5);
  header.mutable_location()->set_longitude(7.25);
  header.set_sent_us(at(0) - 90'000'000);
  header.mutable_ledger()->set_captured(5);
  header.mutable_ledger()->set_waiting(5);
  upload::AgentStatus status;
  status.set_link_state(upload::AgentStatus::LINK_STATE_READY);
  status.set_link("serial /dev/ttyUSB0");
  status.set_my_node_num(kNode);
  status.set_region(3);
  status.set_use_preset(true);
  status.set_modem_preset(0);
  status.add_channels()->set_name("Long\"Fast");
  mesh::FromRadio metadata;
  metadata.mutable_metadata()->set_firmware_version("2.7.1");
  metadata.mutable_metadata()->set_hw_model(mesh::RAK4631);
  log_.append(header, static_cast<store::LogId>(at(0)),
              {{.arrival_us = at(-95), .kind = upload::RECORD_KIND_AGENT_STATUS, .payload = status.SerializeAsString()},
               {.arrival_us = at(-95), .kind = upload::RECORD_KIND_METADATA, .payload = metadata.SerializeAsString()},
               packet_record(made_text(kNode + 1, 5, "x"), at(-95))});
  const auto agents = reader().agents(10).value();
  ASSERT_EQ(agents.size(), 1U);
  const index::AgentRow& agent = agents[0];
  EXPECT_EQ(agent.id, "site-1");
  EXPECT_EQ(agent.location_name, "Hill \xef\xbf\xbd");
  EXPECT_EQ(agent.latitude, 46.5);
  EXPECT_EQ(agent.longitude, 7.25);
  EXPECT_EQ(agent.clock_skew_us, -90'000'000);
  EXPECT_EQ(agent.radio.link_state, 2U);
  EXPECT_EQ(agent.radio.channels, R"([{"index":0,"name":"Long\"Fast","hash":0,"role":0}])");
  EXPECT_EQ(agent.radio.firmware, "2.7.1");
  EXPECT_EQ(agent.radio.radio_num, kNode);
  EXPECT_EQ(agent.ledger.captured, 5U);
  // Its three records waited when it wrote that.
  EXPECT_EQ(agent.ledger.waiting, 2U);
  EXPECT_EQ(agent.ledger.delivered, 3U);
  EXPECT_EQ(agent.receptions, 1U);
  // Its clock is 90 s slow: what it heard is put right.
  EXPECT_EQ(reader_->find_packets({}, {.limit = 1}).value().rows[0].time_us, at(-5));
}

}  // namespace
}  // namespace mmm::test
