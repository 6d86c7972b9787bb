#include "core/base/limits.h"
#include "core/http/server.h"
#include "core/mesh/from_radio.pb.h"
#include "core/upload/compression.h"
#include "core/upload/upload_codec.h"
#include "perf/sim/load/fleet.h"
#include "perf/sim/mesh/random.h"
#include "tests/support/run_coroutine.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t kNowUs = 1'795'492'800'000'000;

std::string with_header(const UploadBody& body) {
  upload::UploadHeader header;
  header.set_agent_id("a");
  header.set_stream_id(std::string(16, 's'));
  return upload::encode_upload(header, {}) + std::string(body.bytes());
}

mesh::MeshPacket packet_of(const upload::RecordView& record) {
  mesh::FromRadio message;
  EXPECT_TRUE(message.ParseFromArray(record.payload.data(), static_cast<int>(record.payload.size())));
  return message.packet();
}

TEST(UploadBody, IsAnUploadWhoseNumbersCanBeSet) {
  const PacketPool pool = make_packet_pool({.seed = 1, .nodes = 30, .count = 300, .now_us = kNowUs});
  ASSERT_EQ(pool.packets.size(), 300U);
  UploadBody body(pool, 250, 100);
  const std::size_t size = body.bytes().size();
  for (const std::uint64_t seq : {UploadBody::kFirstSeq, UploadBody::kFirstSeq * 100}) {
    const auto first = static_cast<std::uint32_t>(seq * 77);
    body.set(
        {.first_seq = seq, .arrival_us = kNowUs + 5, .arrival_step_us = 4000, .first_packet = first, .receiver = 3});
    EXPECT_EQ(body.bytes().size(), size);
    const std::string bytes = with_header(body);
    const auto view = upload::scan_upload(bytes);
    ASSERT_TRUE(view.has_value()) << view.error().message;
    ASSERT_EQ(view->records.size(), 100U);
    EXPECT_TRUE(view->refused.empty());
    for (std::size_t i = 0; i < 100; ++i) {
      const upload::RecordView& record = view->records[i];
      EXPECT_EQ(record.seq, seq + i);
      EXPECT_EQ(record.arrival_us, kNowUs + 5 + 4000 * static_cast<std::int64_t>(i));
      EXPECT_EQ(record.kind, upload::RECORD_KIND_MESH_PACKET);
      const mesh::MeshPacket packet = packet_of(record);
      EXPECT_EQ(packet.id(), UploadBody::packet_id(first + static_cast<std::uint32_t>(i)));
      EXPECT_GE(packet.rx_snr(), -15);
      EXPECT_LE(packet.rx_snr(), 9);
      EXPECT_GE(packet.rx_rssi(), -128);
      EXPECT_LE(packet.rx_rssi(), 0);
      EXPECT_EQ(packet.rx_time(), record.arrival_us / 1'000'000);
      EXPECT_LE(packet.hop_limit(), packet.hop_start());
      EXPECT_LE(packet.relay_node(), 255U);
      // The rest is the pool's packet, which wraps around.
      mesh::FromRadio original;
      ASSERT_TRUE(original.ParseFromString(pool.packets[(250 + i) % 300].bytes));
      mesh::MeshPacket same = packet;
      same.set_id(original.packet().id());
      same.set_rx_snr(original.packet().rx_snr());
      same.set_rx_rssi(original.packet().rx_rssi());
      same.set_rx_time(original.packet().rx_time());
      same.set_hop_limit(original.packet().hop_limit());
      same.set_relay_node(original.packet().relay_node());
      EXPECT_EQ(same.SerializeAsString(), original.packet().SerializeAsString());
    }
  }
}

TEST(UploadBody, NeverUsesThePacketIdZero) {
  const PacketPool pool = make_packet_pool({.seed = 1, .nodes = 30, .count = 10, .now_us = kNowUs});
  UploadBody body(pool, 0, 10);
  body.set({.arrival_us = kNowUs, .first_packet = 0xFFFFFFFB});
  const std::string bytes = with_header(body);
  const auto view = upload::scan_upload(bytes);
  ASSERT_TRUE(view.has_value());
  for (const auto& record : view->records) EXPECT_NE(packet_of(record).id(), 0U);
}

std::set<std::uint32_t> senders_of(const PacketPool& pool, mesh::PortNum port) {
  std::set<std::uint32_t> senders;
  for (const PacketTemplate& packet : pool.packets) {
    mesh::FromRadio message;
    EXPECT_TRUE(message.ParseFromString(packet.bytes));
    if (message.packet().decoded().portnum() == port) senders.insert(message.packet().from());
  }
  return senders;
}

TEST(PacketPool, BeginsWithEachNodeThatIsHeardWhenTheyIntroduceThemselves) {
  PoolOptions options{.seed = 1, .nodes = 60, .count = 100, .now_us = kNowUs};
  EXPECT_LT(senders_of(make_packet_pool(options), mesh::NODEINFO_APP).size(), 30U);
  options.introduced = true;
  EXPECT_GT(senders_of(make_packet_pool(options), mesh::NODEINFO_APP).size(), 50U);
  EXPECT_GT(senders_of(make_packet_pool(options), mesh::POSITION_APP).size(), 30U);
}

TEST(PacketPool, OfManyNodesIsSeveralMeshesSideBySide) {
  const PoolOptions options{.seed = 1, .nodes = 2100, .count = 4200, .now_us = kNowUs, .introduced = true};
  const PacketPool pool = make_packet_pool(options);
  EXPECT_EQ(pool.packets.size(), options.count);
  EXPECT_GT(senders_of(pool, mesh::NODEINFO_APP).size(), 1800U);
}

TEST(LatencyHistogram, PercentilesAreRightToTwoPercent) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.percentile(0.5).count(), 0);
  Random random(1);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::int64_t>(random.exponential(3000)));
    histogram.add(std::chrono::microseconds{values.back()});
  }
  std::ranges::sort(values);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const auto exact = static_cast<double>(values[static_cast<std::size_t>(share * 20'000) - 1]);
    EXPECT_NEAR(static_cast<double>(histogram.percentile(share).count()), exact, exact * 0.02 + 1) << share;
  }
  EXPECT_EQ(histogram.percentile(1).count(), values.back());
  EXPECT_EQ(histogram.max().count(), values.back());
}

// Takes uploads as a server does and remembers what came.
class FleetTest : public testing::Test {
 protected:
  struct Received {
    std::uint64_t last_seq = 0;
    std::size_t records = 0;
    std::set<std::uint64_t> packets;  // from and id
    bool out_of_order = false;
    std::int64_t first_us = 0;  // heard
    std::int64_t last_us = 0;
    bool unsteady = false;  // something was heard before what came first
    std::int64_t sent_us = 0;
    std::string stream;
  };

  static LoadOptions six_agents() {
    LoadOptions options;
    options.agents = 6;
    options.connections = 4;
    options.batch = 50;
    options.records = 3000;
    options.receptions = 3;
    return options;
  }

  void start() {
    router_.add(
        http::Method::kPost, "/api/v1/ingest", [this](http::Request& request) { return handle(request); },
        limits::kUploadBodyBytesMax);
    auto server = http::Server::listen({}, router_);
    ASSERT_TRUE(server.has_value());
    server_ = std::move(*server);
    server_->start();
    options_.endpoint = {asio::ip::make_address("127.0.0.1"), server_->port()};
    options_.host = "127.0.0.1";
    options_.key = "the key";
    options_.nodes = 20;
  }
  ~FleetTest() override {
    if (server_) server_->stop(std::chrono::seconds{5});
  }

  Result<LoadReport> run() {
    Fleet fleet(context_.get_executor(), time_, options_);
    return test::run(context_, fleet.run());
  }

  asio::awaitable<http::Response> handle(const http::Request& request) { co_return answer(request); }

  http::Response answer(const http::Request& request) {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(request.header("authorization"), "Bearer the key");
    if (refuse_status_ != 0 && refusals_left_ > 0) {
      --refusals_left_;
      return http::problem(refuse_status_, "no", "not now");
    }
    std::string body = request.body;
    EXPECT_EQ(request.header("content-encoding") == "zstd", options_.zstd);
    if (options_.zstd) body = upload::zstd_decompress(body, limits::kUploadDecodedBytesMax).value_or("");
    const auto view = upload::scan_upload(body);
    if (!view) {
      ADD_FAILURE() << view.error().message;
      return http::problem(400, "bad", view.error().message);
    }
    take(*view);
    upload::UploadResponse response;
    response.set_durable_seq(view->last_seq);
    response.set_stored(static_cast<std::uint32_t>(view->records.size()));
    return {.status = 200, .headers = {}, .body = response.SerializeAsString(), .static_body = {}, .stream = {}};
  }

  void take(const upload::UploadView& view) {
    Received& agent = agents_[view.header.agent_id()];
    if (agent.stream.empty()) agent.stream = view.header.stream_id();
    EXPECT_EQ(agent.stream, view.header.stream_id());
    agent.sent_us = view.header.sent_us();
    for (const upload::RecordView& record : view.records) {
      agent.out_of_order |= record.seq <= agent.last_seq;
      agent.last_seq = record.seq;
      kinds_.insert(record.kind);
      if (record.kind != upload::RECORD_KIND_MESH_PACKET) continue;
      ++agent.records;
      agent.unsteady |= record.arrival_us < agent.last_us;
      agent.last_us = record.arrival_us;
      if (agent.first_us == 0) agent.first_us = record.arrival_us;
      const mesh::MeshPacket packet = packet_of(record);
      agent.packets.insert((static_cast<std::uint64_t>(packet.from()) << 32U) | packet.id());
    }
  }

  std::mutex mutex_;  // between the server's thread and the test's
  std::map<std::string, Received> agents_;
  std::set<int> kinds_;
  int refuse_status_ = 0;
  int refusals_left_ = 0;
  http::Router router_;
  std::unique_ptr<http::Server> server_;
  asio::io_context context_{1};
  RealTime time_;
  LoadOptions options_ = six_agents();
};

TEST_F(FleetTest, EachAgentSendsItsStreamInOrderAndGroupsHearTheSamePackets) {
  start();
  const auto report = run();
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->records, 3000U);
  EXPECT_EQ(report->uploads, 60U);
  EXPECT_EQ(report->latency.count(), 60U);
  EXPECT_EQ(report->stored, 3000U);
  EXPECT_EQ(report->not_durable, 0U);
  EXPECT_TRUE(report->errors.empty());
  EXPECT_EQ(agents_.size(), 6U);
  EXPECT_EQ(kinds_.size(), 5U);  // mesh packets, and the introductions
  std::size_t records = 0;
  std::set<std::uint64_t> all;
  std::set<std::string> streams;
  for (const auto& [id, agent] : agents_) {
    EXPECT_FALSE(agent.out_of_order) << id;
    // Within an agent no packet twice.
    EXPECT_EQ(agent.packets.size(), agent.records);
    records += agent.records;
    streams.insert(agent.stream);
    all.insert(agent.packets.begin(), agent.packets.end());
  }
  EXPECT_EQ(records, 3000U);
  EXPECT_EQ(streams.size(), 6U);
  // Two groups of three: what one hears the others of the group hear too, and the other group hears something else.
  const auto shares = [this](const char* a, const char* b) {
    const auto& smaller = agents_[a].packets.size() < agents_[b].packets.size() ? agents_[a] : agents_[b];
    const auto& larger = agents_[a].packets.size() < agents_[b].packets.size() ? agents_[b] : agents_[a];
    return std::ranges::includes(larger.packets, smaller.packets);
  };
  EXPECT_TRUE(shares("load-00001", "load-00002"));
  EXPECT_TRUE(shares("load-00004", "load-00006"));
  EXPECT_FALSE(shares("load-00001", "load-00004"));
  std::size_t most = 0;
  for (const auto& [id, agent] : agents_) most = std::max(most, agent.packets.size());
  EXPECT_LE(all.size(), 2 * most);
}

TEST_F(FleetTest, CompressesWhenAsked) {
  options_.zstd = true;
  start();
  const auto report = run();
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->stored, 3000U);
}

TEST_F(FleetTest, AnotherRunIsOfOtherStreams) {
  start();
  options_.records = 100;
  ASSERT_TRUE(run().has_value());
  const auto first = agents_;
  agents_.clear();
  ASSERT_TRUE(run().has_value());
  for (const auto& [id, agent] : agents_) EXPECT_NE(agent.stream, first.at(id).stream);
}

TEST_F(FleetTest, ABacklogWasHeardOverItsSpan) {
  using namespace std::chrono_literals;
  options_.span = 10h;
  options_.age = 2h;
  start();
  ASSERT_TRUE(run().has_value());
  const std::int64_t now_us = to_micros(time_.wall());
  constexpr std::int64_t kHourUs = 3'600'000'000;
  for (const auto& [id, agent] : agents_) {
    EXPECT_FALSE(agent.unsteady) << id;
    // 12 hours ago to 2 hours ago, as far as one upload of ten can be from the plan.
    EXPECT_NEAR(static_cast<double>(now_us - agent.first_us) / kHourUs, 12, 0.1) << id;
    EXPECT_NEAR(static_cast<double>(now_us - agent.last_us) / kHourUs, 2, 1.1) << id;
    EXPECT_LT(std::abs(now_us - agent.sent_us), 60'000'000) << id;
  }
}

TEST_F(FleetTest, TriesAgainWhatTheServerCannotTakeNow) {
  refuse_status_ = 503;
  refusals_left_ = 5;
  start();
  const auto report = run();
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->records, 3000U);
  EXPECT_EQ(report->errors.at("503"), 5U);
  for (const auto& [id, agent] : agents_) EXPECT_FALSE(agent.out_of_order) << id;
}

TEST_F(FleetTest, EndsWithTheServersWordsWhenItRefusesForGood) {
  refuse_status_ = 403;
  refusals_left_ = 1000;
  start();
  const auto report = run();
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().message.find("403"), std::string::npos);
  EXPECT_NE(report.error().message.find("not now"), std::string::npos);
}

TEST_F(FleetTest, KeepsToTheRateAskedFor) {
  options_.rate = 15'000;
  start();
  const auto report = run();
  ASSERT_TRUE(report.has_value()) << report.error().message;
  // The first upload is due at once, the last one 59 intervals of 50 records later.
  EXPECT_GE(report->seconds, 59 * 50 / 15'000.0);
}

TEST_F(FleetTest, ReportsAsTextAndJson) {
  start();
  const auto report = run();
  ASSERT_TRUE(report.has_value());
  EXPECT_NE(report->text().find("records    3000"), std::string::npos);
  EXPECT_NE(report->json().find(R"("records":3000,"uploads":60,)"), std::string::npos);
  EXPECT_NE(report->json().find(R"("errors":{})"), std::string::npos);
}

}  // namespace
}  // namespace mmm::sim
