#include "core/base/limits.h"
#include "core/python/json_check.h"
#include "core/upload/upload_codec.h"
#include "ingest/python/body.h"

#include <gtest/gtest.h>

#include <set>

namespace mmm::ingest::python {
namespace {

constexpr const char* kData =
    R"({"agent_id": "agent_001", "location": {"name": "Seattle Hub", "coordinates": [47.6062, -122.3321]},
 "timestamp": "2026-11-23T21:50:53.649084+00:00", "packets": [
  {"timestamp": "2026-11-23T21:50:53.642727+00:00", "from_node": "!a1b2c3d4", "rssi": NaN, "type": "position", "payload": {"latitude": 47.6}},
  {"from_node": null, "type": "encrypted", "payload": null}],
 "node_status": [{"node_id": "!a1b2c3d4", "position": [47.6062, -122.3321], "snr": -Infinity}], "later": {"x": [true]}})";

TEST(PythonBody, CutsDataIntoEntriesAsTheyCame) {
  std::string text = kData;
  const auto body = parse_body(Endpoint::kData, text);
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(body->agent_id, "agent_001");
  EXPECT_EQ(body->location->name(), "Seattle Hub");
  EXPECT_EQ(body->location->longitude(), -122.3321);
  EXPECT_EQ(body->sent_us, 1'795'470'653'649'084);
  EXPECT_EQ(body->counted, 2U);
  EXPECT_EQ(body->refused, 0U);
  ASSERT_EQ(body->entries.size(), 3U);
  EXPECT_EQ(body->entries[0].json,
            R"({"timestamp": "2026-11-23T21:50:53.642727+00:00", "from_node": "!a1b2c3d4", "rssi": NaN, )"
            R"("type": "position", "payload": {"latitude": 47.6}})");
  EXPECT_EQ(body->entries[0].time_us, 1'795'470'653'642'727);
  EXPECT_EQ(body->entries[1].time_us, 0);
  EXPECT_EQ(body->entries[2].kind, upload::RECORD_KIND_LEGACY_NODE_STATUS);
}

TEST(PythonBody, CutsANodeListIntoObjectsOfOneMember) {
  std::string text =
      R"({"nodes": {"!00000011": {"user": {}}, "!00000012":{"hopsAway":null}, "x": 7}, "agent_id": "a"})";
  const auto body = parse_body(Endpoint::kNodeList, text);
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(body->counted, 3U);
  EXPECT_EQ(body->refused, 1U);
  ASSERT_EQ(body->entries.size(), 2U);
  EXPECT_EQ(body->entries[0].json, R"({"!00000011": {"user": {}}})");
  EXPECT_EQ(body->entries[1].json, R"({"!00000012":{"hopsAway":null}})");
}

TEST(PythonBody, ARegistrationIsOneEntry) {
  std::string text = R"({"agent_id": "a b", "location": {"name": null, "coordinates": [null, null]}})";
  const auto body = parse_body(Endpoint::kRegister, text);
  ASSERT_TRUE(body) << body.error().message;
  ASSERT_EQ(body->entries.size(), 1U);
  EXPECT_EQ(body->entries[0].json, text);
  EXPECT_FALSE(body->location->has_latitude());
}

TEST(PythonBody, EverythingButTheAgentMayBeMissing) {
  for (const char* json :
       {R"({"agent_id":"a"})", R"({"agent_id":"a","packets":null,"node_status":null,"location":null})",
        R"({"agent_id":"a","packets":[],"timestamp":7,"location":[1]})",
        R"({"agent_id":"a","packets":{"x":[1]},"location":{"coordinates":[1]}})"}) {
    std::string text = json;
    const auto body = parse_body(Endpoint::kData, text);
    ASSERT_TRUE(body) << json << body.error().message;
    EXPECT_TRUE(body->entries.empty()) << json;
  }
}

TEST(PythonBody, CountsElementsThatAreNoObjects) {
  std::string text = R"({"agent_id":"a","packets":[1,null,"x",[{"a":1}],{"a":1}]})";
  const auto body = parse_body(Endpoint::kData, text);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->counted, 5U);
  EXPECT_EQ(body->refused, 4U);
  EXPECT_EQ(body->entries.size(), 1U);
}

TEST(PythonBody, RefusesWhatIsNoJson) {
  const char* bodies[] = {"",
                          " ",
                          "null",
                          "[]",
                          "7",
                          "{",
                          R"({"agent_id":"a")",
                          R"({"agent_id":"a"}})",
                          R"({"agent_id":"a"} x)",
                          R"({"agent_id":"a","packets":[{"a":]})",
                          R"({"agent_id":"a","packets":[{"a":nope}]})",
                          R"({"agent_id":"a","packets":[{"a":1.}]})",
                          R"({"agent_id":"a","packets":[{"a":01}]})",
                          R"({"agent_id":"a","packets":[{"a" 1}]})",
                          R"({"agent_id":"a","packets":[{"a":"b": 1}]})",
                          R"({"agent_id":"a","nodes":{"!00000001":{"user":{"id":"b": "c", "role":1}}}})",
                          R"({"agent_id":"a","packets":[{"a":1},]})",
                          R"({"agent_id":"a","packets":[{"a":1]]})",
                          R"({"agent_id":"a","x":{"a":-}})",
                          "{\"agent_id\":\"a\",\"x\":\"\xff\"}",
                          R"({"agent_id":7})",
                          R"({"agent_id":""})",
                          R"({"agent_id":null})",
                          R"({"packets":[]})"};
  for (const char* json : bodies) {
    std::string text = json;
    const auto body = parse_body(Endpoint::kData, text);
    ASSERT_FALSE(body) << json;
    EXPECT_EQ(body.error().kind, ErrorKind::kMalformed) << json;
  }
}

TEST(PythonBody, HasBounds) {
  std::string deep = R"({"agent_id":"a","x":)" + std::string(1000, '[') + std::string(1000, ']') + "}";
  const auto nested = parse_body(Endpoint::kData, deep);
  ASSERT_FALSE(nested);
  EXPECT_EQ(nested.error().kind, ErrorKind::kTooLarge);

  std::string many = R"({"agent_id":"a","packets":[{})";
  for (std::size_t i = 0; i < limits::kPythonEntriesMax; ++i) many += ",{}";
  many += "]}";
  const auto entries = parse_body(Endpoint::kData, many);
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().kind, ErrorKind::kTooLarge);

  std::string name = R"({"agent_id":"a","location":{"name":")";
  for (int i = 0; i < 100; ++i) name += "\u00e9";
  name += "\"}}";
  const auto long_name = parse_body(Endpoint::kData, name);
  ASSERT_TRUE(long_name);
  EXPECT_EQ(long_name->location->name().size(), limits::kLocationNameBytesMax);
}

TEST(PythonBody, KnowsNumbers) {
  for (const char* good : {"0", "-0", "12", "1.5", "-1.5e-7", "1E+9", "NaN", "Infinity", "-Infinity", "null", "true"}) {
    EXPECT_TRUE(mmm::python::is_json_scalar(good)) << good;
  }
  for (const char* bad : {"", "-", "01", "1.", ".5", "1e", "1e+", "+1", "nan", "inf", "--1", "1 2", "0x1", "truex"}) {
    EXPECT_FALSE(mmm::python::is_json_scalar(bad)) << bad;
  }
}

TEST(PythonBody, EveryAgentIdGetsOneThatFits) {
  EXPECT_EQ(stored_agent_id("agent_001"), "agent_001");
  const std::string ids[] = {"Seattle Hub", "Seattle_Hub",         "Seattle/Hub",        "北京",
                             "上海",        std::string(200, 'a'), std::string(201, 'a')};
  std::set<std::string> stored;
  for (const std::string& id : ids) {
    stored.insert(stored_agent_id(id));
    EXPECT_TRUE(upload::is_valid_agent_id(stored_agent_id(id))) << id;
  }
  EXPECT_EQ(stored.size(), std::size(ids));
}

}  // namespace
}  // namespace mmm::ingest::python
