#include "agent/upload/legacy_carrier.h"

#include "core/mesh/from_radio.pb.h"
#include "tests/unit/agent/uploader_fixture.h"

#include <gmock/gmock.h>

// The JSON of the Python version, from the buffer to a server that takes it.
namespace mmm::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Remembers what was posted, and answers as it is told.
class ScriptedPoster final : public Poster {
 public:
  struct Post {
    std::string path;
    std::string body;
    std::vector<http::Header> headers;
  };

  asio::awaitable<Result<http::ClientResponse>> post(std::string path, std::vector<http::Header> headers,
                                                     std::string_view body) override {
    posts.push_back({path, std::string(body), std::move(headers)});
    if (answer) co_return answer(path);
    co_return success();
  }
  static http::ClientResponse success() {
    return {.status = 200, .headers = {}, .body = R"({"status": "success", "received": 5})"};
  }

  std::vector<Post> posts;
  std::function<Result<http::ClientResponse>(const std::string& path)> answer;
};

Record heard(std::uint32_t id, std::string text = "hi") {
  mesh::FromRadio message;
  auto* packet = message.mutable_packet();
  packet->set_from(0xa1b2c3d4);
  packet->set_to(0xffffffff);
  packet->set_id(id);
  packet->set_rx_rssi(-80);
  packet->set_rx_snr(5);
  packet->set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);
  packet->set_relay_node(0xd4);
  packet->mutable_decoded()->set_portnum(mesh::TEXT_MESSAGE_APP);
  packet->mutable_decoded()->set_payload(std::move(text));
  return packet_record(message.SerializeAsString());
}

Record node(std::uint32_t num, const std::string& name) {
  mesh::FromRadio message;
  message.mutable_node_info()->set_num(num);
  message.mutable_node_info()->mutable_user()->set_long_name(name);
  return {.kind = upload::RECORD_KIND_NODE_INFO, .arrival_us = 1, .payload = message.SerializeAsString()};
}

Record not_on_the_air(std::uint32_t id) {
  mesh::FromRadio message;
  message.mutable_packet()->set_from(0xa1b2c3d4);
  message.mutable_packet()->set_id(id);
  message.mutable_packet()->set_transport_mechanism(mesh::MeshPacket::TRANSPORT_MQTT);
  return packet_record(message.SerializeAsString());
}

class LegacyCarrierTest : public UploaderTest {
 protected:
  void start_legacy() {
    open_buffer_of(1);
    auto its_poster = std::make_unique<ScriptedPoster>();
    poster = its_poster.get();
    std::vector<UploadServer> servers;
    servers.push_back({.name = "old",
                       .carrier = std::make_unique<LegacyCarrier>(std::move(its_poster), "KEY", *pool, time),
                       .policy = {.records_max = LegacyCarrier::kRecordsMax},
                       .probe = UploadProbe::make(registry, "meshtastic", "old")});
    add_uploader(0, std::move(servers), {});
  }
  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const auto& post : poster->posts) all.push_back(post.path);
    return all;
  }
  // How often each packet's id stands in what was accepted.
  static int occurrences(const std::vector<ScriptedPoster::Post>& posts, std::uint32_t id) {
    int count = 0;
    const auto text = fmt::format("\"packet_id\":{},", id);
    for (const auto& post : posts) {
      for (auto at = post.body.find(text); at != std::string::npos; at = post.body.find(text, at + 1)) ++count;
    }
    return count;
  }

  ScriptedPoster* poster = nullptr;
};

TEST_F(LegacyCarrierTest, RegistersOnceAndPostsAsThePythonAgentDoes) {
  start_legacy();
  buffer->put(heard(7));
  pass(5s);
  buffer->put(heard(8));
  pass(5s);
  EXPECT_THAT(paths(), ElementsAre("/api/agent/register", "/api/agent/data", "/api/agent/data"));
  EXPECT_EQ(poster->posts[0].body, R"({"agent_id":"agent-1","location":{"name":"","coordinates":[null,null]}})");
  EXPECT_THAT(
      poster->posts[1].body,
      StartsWith(R"({"agent_id": "agent-1", "location": {"name":"","coordinates":[null,null]}, "timestamp": ")"));
  EXPECT_THAT(poster->posts[1].body, HasSubstr(R"("packet_id":7,)"));
  for (const auto& post : poster->posts) {
    ASSERT_EQ(post.headers.size(), 2U);
    EXPECT_EQ(post.headers[0].value, "application/json");
    EXPECT_EQ(post.headers[1].name, "x-api-key");
    EXPECT_EQ(post.headers[1].value, "KEY");
  }
  EXPECT_EQ(ledger().delivered, 2U);
}

TEST_F(LegacyCarrierTest, PacketsAndNodesGoTheirOwnWaysInOrder) {
  start_legacy();
  buffer->put(heard(1));
  buffer->put(heard(2));
  buffer->put(node(11, "old name"));
  buffer->put(node(12, "other"));
  buffer->put(node(11, "new name"));
  buffer->put(heard(3));
  pass(20s);
  EXPECT_THAT(paths(), ElementsAre("/api/agent/register", "/api/agent/data", "/api/agent/nodedb", "/api/agent/data"));
  EXPECT_EQ(occurrences(poster->posts, 2), 1);
  EXPECT_THAT(poster->posts[2].body, HasSubstr(R"("!0000000b": {"user":{"id":"","longName":"new name")"));
  EXPECT_THAT(poster->posts[2].body, Not(HasSubstr("old name")));
  EXPECT_EQ(ledger().delivered, 6U);
}

TEST_F(LegacyCarrierTest, WhatTheFormatHasNoRoomForIsFiltered) {
  start_legacy();
  buffer->put({.kind = upload::RECORD_KIND_AGENT_STATUS, .arrival_us = 1, .payload = "status"});
  buffer->put(heard(1));
  buffer->put(not_on_the_air(2));
  buffer->put({.kind = upload::RECORD_KIND_MESH_PACKET, .arrival_us = 1, .payload = "\xff\xff"});
  buffer->put(node(0, "nobody"));
  pass(20s);
  EXPECT_EQ(ledger().delivered, 1U);
  EXPECT_EQ(ledger().filtered, 4U);
  EXPECT_EQ(ledger().waiting(), 0U);
  EXPECT_EQ(poster->posts.size(), 2U);
}

TEST_F(LegacyCarrierTest, WhatWasAcknowledgedIsNotSentAgain) {
  start_legacy();
  std::vector<ScriptedPoster::Post> accepted;
  int turn = 0;
  poster->answer = [&](const std::string&) -> Result<http::ClientResponse> {
    switch (++turn % 5) {
      case 1:
        return fail(ErrorKind::kUnavailable, "connection refused");
      case 2:
        return http::ClientResponse{.status = 500, .headers = {}, .body = R"({"error": "database is locked"})"};
      case 3:
        return http::ClientResponse{.status = 200, .headers = {}, .body = "<html>please log in</html>"};
      default:
        accepted.push_back(poster->posts.back());
        return ScriptedPoster::success();
    }
  };
  for (std::uint32_t id = 1; id <= 350; ++id) {
    buffer->put(heard(id));
    if (id % 40 == 0) buffer->put(node(1000 + id, "n"));
  }
  pass(30min);
  EXPECT_EQ(ledger().delivered, 358U);
  for (std::uint32_t id = 1; id <= 350; ++id) EXPECT_EQ(occurrences(accepted, id), 1) << id;
}

TEST_F(LegacyCarrierTest, TheSameRecordIsTheSameBytesEachTime) {
  start_legacy();
  poster->answer = [](const std::string& path) -> Result<http::ClientResponse> {
    if (path == "/api/agent/register") return ScriptedPoster::success();
    return fail(ErrorKind::kTimeout, "no answer");
  };
  buffer->put(heard(1));
  pass(1min);
  ASSERT_GE(poster->posts.size(), 3U);
  const auto packets = [](const std::string& body) { return body.substr(body.find("\"packets\"")); };
  EXPECT_EQ(packets(poster->posts[1].body), packets(poster->posts.back().body));
}

TEST_F(LegacyCarrierTest, ARefusedKeyStopsItUntilItIsMended) {
  start_legacy();
  poster->answer = [](const std::string&) -> Result<http::ClientResponse> {
    return http::ClientResponse{.status = 401, .headers = {}, .body = R"({"error": "Invalid API key"})"};
  };
  buffer->put(heard(1));
  pass(1h);
  EXPECT_LE(poster->posts.size(), 60U);
  EXPECT_THAT(paths(), ::testing::Each("/api/agent/register"));
  poster->answer = nullptr;
  pass(11min);
  EXPECT_EQ(ledger().delivered, 1U);
}

TEST_F(LegacyCarrierTest, OurServerNamesTheBadRecordAndItAloneIsSetAside) {
  start_legacy();
  poster->answer = [&](const std::string&) -> Result<http::ClientResponse> {
    if (poster->posts.back().body.find("\"packet_id\":13,") == std::string::npos) return ScriptedPoster::success();
    return http::ClientResponse{.status = 422,
                                .headers = {{"content-type", "application/problem+json"}},
                                .body = R"({"title": "Refused", "detail": "number 13"})"};
  };
  for (std::uint32_t id = 1; id <= 40; ++id) buffer->put(heard(id));
  pass(1min);
  EXPECT_EQ(ledger().set_aside, 1U);
  EXPECT_EQ(ledger().delivered, 39U);
}

}  // namespace
}  // namespace mmm::agent
