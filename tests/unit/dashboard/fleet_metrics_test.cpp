#include "dashboard/fleet_metrics.h"

#include "tests/support/virtual_time.h"
#include "tests/unit/project/project_fixture.h"

#include <gmock/gmock.h>
#include <prometheus/text_serializer.h>

namespace mmm::dashboard {
namespace {

using test::made_text;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using upload::AgentStatus;

class FleetMetricsTest : public test::ProjectTest {
 protected:
  void say(const std::string& agent, double seconds, AgentStatus::LinkState state, std::uint64_t dropped = 0) {
    upload::UploadHeader header = test::made_header(agent);
    header.mutable_ledger()->set_captured(10 + dropped);
    header.mutable_ledger()->set_delivered(3);
    header.mutable_ledger()->set_waiting(7);
    header.mutable_ledger()->set_dropped(dropped);
    AgentStatus status;
    status.set_link_state(state);
    status.set_region(3);
    log_.append(
        header, static_cast<store::LogId>(at(seconds)),
        {{.arrival_us = at(seconds), .kind = upload::RECORD_KIND_AGENT_STATUS, .payload = status.SerializeAsString()}});
  }
  // What a scrape so many seconds after the epoch shows.
  std::string scrape(double seconds, FleetMetricsLimits limits = {}) {
    const test::VirtualTime time(WallTime{std::chrono::microseconds(at(seconds))});
    reader();
    return prometheus::TextSerializer().Serialize(FleetMetrics(index_path_, time, limits).Collect());
  }
};

TEST_F(FleetMetricsTest, TellsWhoUploadsAndWhoseRadioIsAway) {
  say("hill", 0, AgentStatus::LINK_STATE_READY, 4);
  say("gone", 1, AgentStatus::LINK_STATE_READY);
  say("attic", 290, AgentStatus::LINK_STATE_DOWN);
  say("hill", 310, AgentStatus::LINK_STATE_READY, 4);
  const std::string text = scrape(320);
  EXPECT_THAT(text, HasSubstr("mmm_server_agents{state=\"online\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_agents{state=\"radio_away\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_agents{state=\"offline\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_agent_link_ready{agent=\"attic\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_agent_link_ready{agent=\"hill\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_agent_lost_records{agent=\"hill\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_agent_last_upload_timestamp_seconds{agent=\"gone\"} 1767225601\n"));
  EXPECT_THAT(text, HasSubstr("region=\"EU_868\""));
  EXPECT_THAT(text, HasSubstr("mmm_server_agents_without_series 0\n"));
}

TEST_F(FleetMetricsTest, TellsWhatNodesSayOfThemselves) {
  mesh::Telemetry telemetry;
  telemetry.mutable_device_metrics()->set_battery_level(83);
  telemetry.mutable_device_metrics()->set_channel_utilization(12.5F);
  hear("hill", 0, test::made_packet(0x11111111, 1, mesh::TELEMETRY_APP, telemetry.SerializeAsString()));
  hear("hill", 8000, made_text(0x22222222, 2, "hello"));
  const std::string text = scrape(8001);
  EXPECT_THAT(text, HasSubstr("mmm_server_nodes{state=\"online\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_nodes{state=\"offline\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_node_battery_ratio{node=\"!11111111\"} 0.83\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_node_channel_utilization_ratio{node=\"!11111111\"} 0.125\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_node_snr_decibels{node=\"!22222222\"} 6.25\n"));
  // What was never told has no series.
  EXPECT_THAT(text, Not(HasSubstr("mmm_server_node_battery_ratio{node=\"!22222222\"}")));
}

TEST_F(FleetMetricsTest, ThoseBeyondTheLimitsAreCountedAndTheNewestShown) {
  for (std::uint32_t i = 0; i < 5; ++i) hear("agent-" + std::to_string(i), i * 10.0, made_text(0x100 + i, i + 1, "x"));
  const std::string text = scrape(60, {.agents_max = 2, .nodes_max = 3});
  EXPECT_THAT(text, HasSubstr("mmm_server_agents_without_series 3\n"));
  EXPECT_THAT(text, HasSubstr("mmm_server_nodes_without_series 2\n"));
  EXPECT_THAT(text, HasSubstr("{agent=\"agent-4\"}"));
  EXPECT_THAT(text, HasSubstr("{agent=\"agent-3\"}"));
  EXPECT_THAT(text, Not(HasSubstr("{agent=\"agent-2\"}")));
  EXPECT_THAT(text, HasSubstr("{node=\"!00000102\"}"));
  EXPECT_THAT(text, Not(HasSubstr("{node=\"!00000101\"}")));
}

TEST_F(FleetMetricsTest, WithoutAnIndexThereIsNothing) {
  const test::VirtualTime time;
  const FleetMetrics metrics(dir_ / "none.db", time, {});
  EXPECT_THAT(metrics.Collect(), IsEmpty());
  // It is made later.
  hear("hill", 0, made_text(1, 2, "x"));
  const FleetMetrics later(index_path_, time, {});
  EXPECT_THAT(later.Collect(), IsEmpty());
  reader();
  EXPECT_THAT(later.Collect(), Not(IsEmpty()));
}

}  // namespace
}  // namespace mmm::dashboard
