#include "agent/buffer/open_buffer.h"
#include "agent/radio/link.h"
#include "agent/upload/native_carrier.h"
#include "agent/upload/uploader.h"
#include "core/async/task_group.h"
#include "core/log/log.h"
#include "tests/support/full_disk_vfs.h"
#include "tests/support/radio_messages.h"
#include "tests/support/temp_dir.h"
#include "tests/support/virtual_time.h"
#include "tests/unit/agent/flapping_server.h"
#include "tests/unit/agent/scripted_transport.h"

#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace messages = test::radio_messages;

// One packet a second on average. They come together, as a mesh answers.
constexpr unsigned kBurstMax = 59;
constexpr auto kBurstEvery = 30s;
constexpr auto kWeek = 24h * 7;
// The longest commit_interval_ms that a configuration may ask for, and a longer report_interval than usual: so that a
// week costs seconds.
constexpr auto kCommitInterval = 10'000ms;
constexpr auto kReportInterval = 60s;

// Everything of an agent between its radio and its server, as Agent puts it together, for one run of the program.
struct Program final : RecordSink {
  Program(asio::io_context& context, test::VirtualTime& time, const std::filesystem::path& path, FlappingServer& server,
          std::uint64_t seed)
      : transport(context.get_executor(), time, false),
        capture(context.get_executor()),
        rest(context.get_executor()),
        context_(context),
        time_(time) {
    BufferOptions options{.path = path, .max_bytes = 256U << 20U, .servers = {"week"}};
    auto opened = open_buffer(options);
    EXPECT_TRUE(opened) << opened.error().message;
    buffer.emplace(context.get_executor(), pool, time, options, std::move(*opened), kCommitInterval,
                   BufferProbe(registry, "radio", options.servers));
    link.emplace(transport, *this, time, LinkProbe::make(registry, "radio"), seed);
    std::vector<UploadServer> servers;
    servers.push_back(
        {.name = "week",
         .carrier = std::make_unique<NativeCarrier>(std::make_unique<FlappingPoster>(server), "KEY", pool, time),
         .policy = {.linger = kReportInterval},
         .probe = UploadProbe::make(registry, "radio", "week")});
    UploaderOptions upload_options{.name = "week", .destination = 0, .filter = {}, .seed = seed};
    auto header = [] {
      upload::UploadHeader named;
      named.set_agent_id("agent-1");
      return named;
    };
    uploader.emplace(context.get_executor(), std::move(upload_options), *buffer, std::move(servers), time, header);
    rest.spawn("buffer", buffer->run());
    rest.spawn("upload", uploader->run());
    rest.spawn("probes", uploader->run_probes());
    capture.spawn("link", link->run());
  }
  ~Program() override {
    capture.cancel();
    time_.run(context_, capture.join());
    rest.cancel();
    time_.run(context_, rest.join());
    EXPECT_TRUE(time_.run(context_, buffer->flush()));
    time_.run(context_, buffer->close());
    pool.join();
  }
  void put(Record record) override {
    ++captured;
    buffer->put(std::move(record));
  }

  ScriptedTransport transport;
  metrics::Registry registry;
  asio::thread_pool pool{1};
  std::optional<BufferService> buffer;
  std::optional<RadioLink> link;
  std::optional<Uploader> uploader;
  TaskGroup capture;
  TaskGroup rest;
  std::uint64_t captured = 0;

 private:
  asio::io_context& context_;
  test::VirtualTime& time_;
};

class AgentsWeek : public ::testing::Test {
 protected:
  AgentsWeek() {
    log::set_level(log::Level::kError);
    disk.set_synced(false);
    outside.spawn("uplink", server.flap());
    outside.spawn("radio", speak());
  }
  ~AgentsWeek() override {
    outside.cancel();
    time.run(context, outside.join());
    log::set_level(log::Level::kInfo);
  }

  void start() {
    program = std::make_unique<Program>(context, time, directory / "records.db", server, random());
    program->transport.on_open = [this] { plugged = true; };
    program->transport.on_sent = [this](std::string_view bytes) {
      for (const auto& message : messages::sent_messages(bytes)) {
        if (message.has_heartbeat()) deliver(messages::queue_status());
        if (message.payload_variant_case() != mesh::ToRadio::kWantConfigId) continue;
        for (const auto& reply : messages::dump(message.want_config_id())) deliver(reply);
      }
    };
  }
  void stop() {
    plugged = false;
    pass(1s);  // what the radio has said is read
    captured += program->captured;
    program.reset();
  }
  void deliver(std::string_view payload) { program->transport.deliver(*mesh::encode_frame(payload)); }

  // The radio: what it hears while a client is there, and that it is unplugged a few times a day.
  asio::awaitable<void> speak() {
    std::exponential_distribution<double> seconds(1.0 / std::chrono::duration<double>(kBurstEvery).count());
    while (true) {
      co_await time.sleep_for(std::chrono::microseconds(static_cast<std::int64_t>(seconds(random) * 1e6) + 1));
      if (!plugged) continue;
      for (auto left = 1 + random() % kBurstMax; left > 0; --left) deliver(messages::packet(++heard));
      if (random() % 1000 != 0) continue;
      plugged = false;
      program->transport.hang_up();
      ++unplugged;
    }
  }
  void pass(test::VirtualTime::Duration duration) { time.run_for(context, duration); }
  [[nodiscard]] Ledger ledger() const { return program->buffer->state().servers.at(0).ledger; }

  std::mt19937 random{20};
  test::TempDir directory;
  testing::FullDiskVfs disk;
  asio::io_context context{1};
  test::VirtualTime time;
  FlappingServer server{time, 21};
  TaskGroup outside{context.get_executor()};
  std::unique_ptr<Program> program;
  bool plugged = false;
  std::uint32_t heard = 0;  // packets that the radio gave to the line; their ids are 1, 2, 3, …
  int unplugged = 0;
  std::uint64_t captured = 0;  // by the runs that have ended
};

// A radio that is unplugged now and then, a program that is restarted each day, an uplink that comes and goes, and a
// server that answers whatever an overloaded one does: in the end it has each record once, in order.
TEST_F(AgentsWeek, LosesNothingAndStoresNothingTwice) {
  std::uint64_t waiting_most = 0;
  for (int hour = 0; hour < kWeek / 1h; ++hour) {
    if (hour % 24 == 0) {
      if (program) stop();
      start();
    }
    // In steps, for each may take only a bounded time of the real clock.
    pass(1h);
    const auto now = ledger();
    ASSERT_EQ(now.dropped + now.set_aside + now.filtered, 0U);
    waiting_most = std::max(waiting_most, now.waiting());
  }
  server.keep_up();
  plugged = false;
  pass(10min);
  captured += program->captured;
  const auto end = ledger();

  EXPECT_EQ(end, (Ledger{.captured = captured, .delivered = captured, .duplicate = server.duplicates_told()}));
  EXPECT_EQ(server.stored(), captured);
  EXPECT_EQ(server.packets(), heard);  // which it has seen as 1, 2, 3, …
  // That it was the week that it should be.
  EXPECT_GT(heard, kWeek / 1s * 95 / 100);
  EXPECT_GT(unplugged, 10);
  EXPECT_GT(waiting_most, 24U * 3600);  // more than a day of outage
  EXPECT_GT(server.duplicates_told(), 1000U);
  for (std::size_t fault = 0; fault < FlappingServer::kFaults; ++fault) EXPECT_GT(server.times(fault), 20) << fault;
}

}  // namespace
}  // namespace mmm::agent
