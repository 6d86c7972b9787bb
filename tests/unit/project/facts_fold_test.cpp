#include "tests/unit/project/project_fixture.h"

namespace mmm::test {
namespace {

constexpr std::uint32_t kNode = 0x11111111;
constexpr std::uint32_t kOther = 0x22222222;

class FactsFoldTest : public ProjectTest {
 protected:
  void hear(double seconds, std::uint32_t from, mesh::PortNum port, const google::protobuf::Message& message) {
    ProjectTest::hear("a", seconds, made_packet(from, ++id_, port, message.SerializeAsString()));
  }
  void report_battery(double seconds, std::uint32_t percent) {
    mesh::Telemetry telemetry;
    telemetry.mutable_device_metrics()->set_battery_level(percent);
    telemetry.mutable_device_metrics()->set_voltage(3.7F);
    hear(seconds, kNode, mesh::TELEMETRY_APP, telemetry);
  }
  void name(double seconds, std::string_view long_name, std::string_view key = {}) {
    mesh::User user;
    user.set_long_name(std::string(long_name));
    user.set_public_key(std::string(key));
    hear(seconds, kNode, mesh::NODEINFO_APP, user);
  }

  std::uint32_t id_ = 0;
};

TEST_F(FactsFoldTest, TelemetryIsSummedUpByStep) {
  report_battery(0, 80);
  report_battery(100, 70);
  ASSERT_EQ(reader().telemetry({.node = kNode, .kind = 2, .until_us = INT64_MAX, .limit = 10}).value().size(), 2U);
  // In another transaction: a single value is stored in another form than several.
  report_battery(400, 60);
  report_battery(4000, 50);
  const index::TelemetryQuery query{.node = kNode, .kind = 2, .since_us = at(0), .until_us = at(7200), .limit = 10};
  const auto hours = reader().rollups(query, index::kHourUs).value();
  ASSERT_EQ(hours.size(), 2U);
  const index::Summary& battery = hours[0].fields.at(1);
  EXPECT_EQ(battery.count, 3U);
  EXPECT_EQ(battery.minimum, 60);
  EXPECT_EQ(battery.maximum, 80);
  EXPECT_EQ(battery.sum, 210);
  const auto steps = reader_->rollups(query, index::kFiveMinutesUs).value();
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].fields.at(1).count, 2U);
  EXPECT_EQ(steps[1].fields.at(1).count, 1U);
  EXPECT_FLOAT_EQ(static_cast<float>(steps[1].fields.at(2).maximum), 3.7F);
}

TEST_F(FactsFoldTest, NumbersOfOtherPortsAreTelemetryToo) {
  mesh::Paxcount count;
  count.set_wifi(12);
  count.set_ble(30);
  hear(0, kNode, mesh::PAXCOUNTER_APP, count);
  mesh::StoreAndForward stored;
  stored.mutable_stats()->set_messages_saved(7);
  hear(1, kNode, mesh::STORE_FORWARD_APP, stored);
  index::TelemetryQuery query{.node = kNode, .kind = 1034, .until_us = at(3600), .limit = 10};
  const auto counted = reader().telemetry(query).value();
  ASSERT_EQ(counted.size(), 1U);
  EXPECT_EQ(counted[0].metrics, R"({"wifi":12,"ble":30})");
  query.kind = 1065;
  EXPECT_EQ(reader_->rollups(query, index::kHourUs).value()[0].fields.at(2).maximum, 7);
}

TEST_F(FactsFoldTest, ChangesOfIdentityAreKept) {
  name(0, "Base", std::string(32, 'k'));
  name(10, "Base");
  name(20, "Base 2", std::string(32, 'x'));
  const auto changes = reader().identity_changes(kNode, 100).value();
  std::vector<std::pair<index::IdentityField, std::string>> texts;
  for (const auto& change : changes) texts.emplace_back(change.field, change.value);
  ASSERT_EQ(changes.size(), 5U);  // the role too: CLIENT
  EXPECT_EQ(changes[0].field, index::IdentityField::kPublicKey);
  EXPECT_EQ(changes[0].time_us, at(20));
  EXPECT_EQ(changes[1].value, "Base 2");
  EXPECT_EQ(changes[4].value, "Base");
  EXPECT_EQ(changes[4].time_us, at(0));
}

TEST_F(FactsFoldTest, NodesWithOneKeyAreNamed) {
  name(0, "True", std::string(32, 'k'));
  mesh::User user;
  user.set_long_name("False");
  user.set_public_key(std::string(32, 'k'));
  hear(1, kOther, mesh::NODEINFO_APP, user);
  user.set_public_key(std::string(32, 'q'));
  hear(2, 0x33333333, mesh::NODEINFO_APP, user);
  const auto shared = reader().shared_keys(10).value();
  ASSERT_EQ(shared.size(), 2U);
  EXPECT_EQ(shared[0].num, kNode);
  EXPECT_EQ(shared[1].num, kOther);
}

TEST_F(FactsFoldTest, WaypointsAreReplacedAndExpire) {
  mesh::Waypoint waypoint;
  waypoint.set_id(5);
  waypoint.set_name("Camp \xFF");
  waypoint.set_latitude_i(470'000'000);
  waypoint.set_longitude_i(80'000'000);
  hear(0, kNode, mesh::WAYPOINT_APP, waypoint);
  waypoint.set_name("Summit");
  waypoint.set_expire(static_cast<std::uint32_t>(at(5000) / 1'000'000));
  hear(1, kNode, mesh::WAYPOINT_APP, waypoint);
  const auto now = reader().waypoints(at(10), 10).value();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0].name, "Summit");
  EXPECT_EQ(now[0].latitude_i, 470'000'000);
  EXPECT_TRUE(reader_->waypoints(at(6000), 10).value().empty());
}

TEST_F(FactsFoldTest, AMapReportTellsOfItsNode) {
  mesh::MapReport report;
  report.set_long_name("Gateway");
  report.set_firmware_version("2.7.18");
  report.set_num_online_local_nodes(44);
  report.set_latitude_i(470'000'000);
  report.set_longitude_i(80'000'000);
  report.set_position_precision(14);
  hear(0, kNode, mesh::MAP_REPORT_APP, report);
  const auto kept = reader().map_report(kNode).value();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->firmware, "2.7.18");
  EXPECT_EQ(kept->online_nodes, 44U);
  EXPECT_EQ(node(kNode).long_name, "Gateway");
  EXPECT_EQ(node(kNode).position->precision_bits, 14U);
}

TEST_F(FactsFoldTest, AMessageIsFoundByItsWordsAndKnowsItsAnswer) {
  mesh::MeshPacket message = made_text(kNode, 900, "Treffen wir uns am Café?");
  message.set_to(kOther);
  message.set_want_ack(true);
  ProjectTest::hear("a", 0, message);
  ProjectTest::hear("a", 1, made_text(kOther, 901, "nobody meets"));
  mesh::Routing routing;
  routing.set_error_reason(mesh::Routing::MAX_RETRANSMIT);
  mesh::MeshPacket answer = made_packet(kOther, 902, mesh::ROUTING_APP, routing.SerializeAsString());
  answer.set_to(kNode);
  answer.mutable_decoded()->set_request_id(900);
  ProjectTest::hear("a", 2, answer);
  ASSERT_EQ(reader().find_messages({.limit = 10}).value().rows[1].ack_error, 5U);
  // In a later transaction, the delivery after all; then a failure, which does not undo it.
  routing.set_error_reason(mesh::Routing::NONE);
  answer.set_id(903);
  answer.mutable_decoded()->set_payload(routing.SerializeAsString());
  ProjectTest::hear("a", 3, answer);
  routing.set_error_reason(mesh::Routing::TIMEOUT);
  answer.set_id(904);
  answer.mutable_decoded()->set_payload(routing.SerializeAsString());
  ProjectTest::hear("a", 4, answer);

  const auto search = [&](std::string words) {
    return reader_->find_messages({.limit = 10, .words = std::move(words)}).value().rows;
  };
  const auto rows = reader().find_messages({.limit = 10, .words = "treffen cafe"}).value().rows;
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].ack_error, 0U);
  EXPECT_EQ(rows[0].ack_us, at(3));
  EXPECT_EQ(rows[0].ack_from, kOther);
  EXPECT_EQ(search("me").size(), 1U);  // the beginning of a word
  EXPECT_TRUE(search("treffen nobody").empty());
  EXPECT_TRUE(search("\"*(){}:^ -").empty());  // what FTS5 would take for operators
  EXPECT_TRUE(search("NEAR(treffen)").empty());
  EXPECT_TRUE(search("?!").empty());  // words were asked for, and there are none
  EXPECT_TRUE(reader_->find_messages({.limit = 10, .before = rows[0].packet, .words = "treffen"}).value().rows.empty());
}

TEST_F(FactsFoldTest, MessagesOfASenderAreFoundPageByPageAndWithinTheBound) {
  // Ten of another node for each of this one.
  for (std::uint32_t i = 0; i < 44; ++i) {
    ProjectTest::hear("a", i, made_text(i % 11 == 0 ? kNode : kOther, 100 + i, i < 22 ? "red light" : "green light"));
  }
  const auto ids = [](const index::MessagePage& page) {
    std::vector<std::uint32_t> found;
    for (const index::MessageRow& message : page.rows) found.push_back(message.packet_id);
    return found;
  };
  using Ids = std::vector<std::uint32_t>;
  const auto all = reader().find_messages({.limit = 10, .from = kNode}).value();
  EXPECT_EQ(ids(all), (Ids{133, 122, 111, 100}));
  EXPECT_FALSE(all.searched_to);
  // A full page with more behind it, and the last page.
  const auto first = reader_->find_messages({.limit = 3, .from = kNode}).value();
  EXPECT_EQ(ids(first), (Ids{133, 122, 111}));
  ASSERT_TRUE(first.searched_to);
  const auto second = reader_->find_messages({.limit = 3, .before = first.searched_to, .from = kNode}).value();
  EXPECT_EQ(ids(second), (Ids{100}));
  EXPECT_FALSE(second.searched_to);
  // The bound ends a page early, without a loss.
  Ids found;
  std::optional<index::LogId> before;
  int pages = 0;
  do {
    const auto page = reader_->find_messages({.limit = 10, .before = before, .from = kNode, .rows_max = 5}).value();
    for (const std::uint32_t id : ids(page)) found.push_back(id);
    before = page.searched_to;
    ++pages;
  } while (before && pages < 100);
  EXPECT_EQ(found, (Ids{133, 122, 111, 100}));
  EXPECT_EQ(pages, 9);
  EXPECT_EQ(ids(reader_->find_messages({.limit = 10, .words = "red", .from = kNode}).value()), (Ids{111, 100}));
  EXPECT_TRUE(reader_->find_messages({.limit = 10, .from = 0x77777777}).value().rows.empty());
}

TEST_F(FactsFoldTest, HoursOfNodesAndAgentsAreCounted) {
  append("a", -5, {own_info_record(0x44444444, at(-5))});
  for (std::uint32_t i = 0; i < 5; ++i) ProjectTest::hear("a", i, made_text(kNode, 100 + i, "x"));
  ProjectTest::hear("b", 6, made_text(kNode, 100, "x"));
  ProjectTest::hear("a", 3700, made_text(kOther, 200, "x"));
  const auto hours = reader().node_hours(kNode, at(0), at(7200)).value();
  ASSERT_EQ(hours.size(), 1U);
  EXPECT_EQ(hours[0].packets, 5U);
  EXPECT_EQ(hours[0].receptions, 6U);
  const auto top = reader_->top_nodes(index::NodeMeasure::kReceptions, at(0), at(7200), 10).value();
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0].node, kNode);
  EXPECT_EQ(top[1].receptions, 1U);
  EXPECT_TRUE(reader_->top_nodes(index::NodeMeasure::kFlooded, at(0), at(7200), 10).value().empty());
  const auto agent = reader_->agent_hours(reader_->agent_number("a").value().value(), at(0), at(7200)).value();
  ASSERT_EQ(agent.size(), 2U);
  EXPECT_EQ(agent[0].receptions, 5U);
  const auto traffic =
      reader_->traffic({.step_us = index::kHourUs, .since_us = at(0), .until_us = at(7200), .limit = 100}).value();
  ASSERT_EQ(traffic.size(), 2U);
  EXPECT_EQ(traffic[0].packets, 5U);
  EXPECT_EQ(traffic[0].receptions, 6U);
}

}  // namespace
}  // namespace mmm::test
