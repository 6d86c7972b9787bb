#include "core/python/entry_reader.h"

#include <gtest/gtest.h>

namespace mmm::python {
namespace {

TEST(NodeEntry, ReadsAMemberOfANodeList) {
  EntryReader reader;
  const auto info = reader.node_list_entry(
      R"({"!a1b2c3d4": {"user": {"id": "!a1b2c3d4", "longName": "Base", "shortName": "BS", "macaddr": "8CaBsWLU",
          "hwModel": "HELTEC_V3", "role": "ROUTER", "isLicensed": false},
          "position": {"latitude": 47.6062, "longitude": -122.3321, "altitude": 56, "time": 1760440000},
          "deviceMetrics": {"batteryLevel": 87, "voltage": 4.05, "channelUtilization": 5.1, "airUtilTx": 0.7,
          "uptimeSeconds": 86400}, "hopsAway": 1, "lastHeard": 1760440000, "isFavorite": true}})");
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->num(), 0xa1b2c3d4);
  EXPECT_EQ(info->user().long_name(), "Base");
  EXPECT_EQ(info->user().hw_model(), mesh::HELTEC_V3);
  EXPECT_EQ(info->user().role(), mesh::Config::DeviceConfig::ROUTER);
  EXPECT_EQ(info->position().latitude_i(), 476062000);
  EXPECT_EQ(info->position().altitude(), 56);
  EXPECT_EQ(info->device_metrics().battery_level(), 87U);
  EXPECT_FLOAT_EQ(info->device_metrics().air_util_tx(), 0.7F);
  EXPECT_EQ(info->hops_away(), 1U);
  EXPECT_EQ(info->last_heard(), 1'760'440'000U);
  EXPECT_TRUE(info->is_favorite());
}

TEST(NodeEntry, ToleratesEmptyParts) {
  EntryReader reader;
  const auto info = reader.node_list_entry(
      R"({"!a1b2c3d4": {"user": {"longName": null, "hwModel": 0, "role": 0}, "position": {}, "deviceMetrics":
          {"batteryLevel": null}, "hopsAway": null, "lastHeard": null}})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->user().hw_model(), mesh::UNSET);
  EXPECT_FALSE(info->position().has_latitude_i());
  EXPECT_FALSE(info->device_metrics().has_battery_level());
  EXPECT_FALSE(info->has_hops_away());
  EXPECT_EQ(info->last_heard(), 0U);
  EXPECT_TRUE(reader.node_list_entry(R"({"!a1b2c3d4": {}})"));
  EXPECT_TRUE(reader.node_list_entry(R"({"!a1b2c3d4": {"user": null, "position": 7, "deviceMetrics": []}})"));
}

TEST(NodeEntry, RefusesWhatIsNoNode) {
  EntryReader reader;
  for (const char* json : {"{}", R"({"": {}})", R"({"^all": {}})", R"({"^local": {}})", R"({"!00000000": {}})",
                           R"({"!a1b2c3d4": 7})", R"({"!a1b2c3d4": null})", "[]"}) {
    EXPECT_FALSE(reader.node_list_entry(json)) << json;
  }
  EXPECT_FALSE(reader.node_status(R"({"last_seen": "2026-11-23T21:50:53+00:00"})"));
  EXPECT_FALSE(reader.node_status(R"({"node_id": null})"));
}

TEST(NodeEntry, ReadsAStatus) {
  EntryReader reader;
  const auto info = reader.node_status(
      R"({"node_id": "!a1b2c3d4", "last_seen": "2026-11-23T21:50:53.642727+00:00", "battery_level": 87, "position":
          [47.6062, -122.3321], "rssi": null, "snr": null})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->last_heard(), 1'795'470'653U);
  EXPECT_EQ(info->position().longitude_i(), -1223321000);
  EXPECT_EQ(info->device_metrics().battery_level(), 87U);
  for (const char* position : {"null", "[]", "[1]", "[0,0]", "[\"a\",2]", "[NaN,NaN]", "{}"}) {
    const auto without = reader.node_status(fmt::format(R"({{"node_id": "!a1b2c3d4", "position": {}}})", position));
    ASSERT_TRUE(without) << position;
    EXPECT_FALSE(without->position().has_latitude_i()) << position;
    EXPECT_EQ(without->last_heard(), 0U);
  }
}

// Naive times are UTC.
TEST(NodeEntry, ReadsTimesInEveryForm) {
  EntryReader reader;
  const auto heard = [&reader](const char* time) {
    return reader.node_status(fmt::format(R"({{"node_id": "!a1b2c3d4", "last_seen": "{}"}})", time))->last_heard();
  };
  constexpr std::uint32_t kWanted = 1'795'470'653;
  EXPECT_EQ(heard("2026-11-23T21:50:53"), kWanted);
  EXPECT_EQ(heard("2026-11-23T21:50:53Z"), kWanted);
  EXPECT_EQ(heard("2026-11-23T21:50:53.999999+00:00"), kWanted);
  EXPECT_EQ(heard("2026-11-24T02:50:53+05:00"), kWanted);
  EXPECT_EQ(heard("2026-11-23 21:50:53"), kWanted);
  EXPECT_EQ(heard("yesterday"), 0U);
  EXPECT_EQ(heard("9999-01-01T00:00:00Z"), 0U);
}

}  // namespace
}  // namespace mmm::python
