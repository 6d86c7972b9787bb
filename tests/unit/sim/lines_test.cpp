// Radios on real TCP ports and pseudo terminals.
#include "core/async/stop_signals.h"
#include "perf/sim/radio/simulation.h"
#include "tests/support/run_coroutine.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/sim/radio_client.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;
using test::run_until;

struct TruthFile {
  // Of one radio: each packet's MeshPacket in hex, in order.
  static std::vector<std::string> packets(const std::filesystem::path& path, std::size_t radio) {
    std::vector<std::string> out;
    const std::string prefix = fmt::format(R"({{"type":"packet","radio":{},)", radio);
    for (const std::string& line : lines(path)) {
      if (!line.starts_with(prefix)) continue;
      const std::string key = R"("packet_hex":")";
      const auto at = line.find(key) + key.size();
      out.push_back(line.substr(at, line.find('"', at) - at));
    }
    return out;
  }
  static std::vector<std::string> lines(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::vector<std::string> out;
    for (std::string line; std::getline(file, line);) out.push_back(line);
    return out;
  }
  static std::size_t count(const std::filesystem::path& path, std::string_view what) {
    std::size_t found = 0;
    for (const std::string& line : lines(path)) found += line.find(what) != std::string::npos ? 1 : 0;
    return found;
  }
};

class LinesTest : public testing::Test {
 protected:
  LinesTest() { ignore_sigpipe(); }
  ~LinesTest() override {
    // As a program does: clients first, or their lines would be waited for.
    for (const auto& client : clients_) test::run(context_, client->join());
    if (simulation_ && !stopped_) test::run(context_, simulation_->stop());
  }

  static SimulationOptions options() {
    SimulationOptions options;
    options.world = {
        .population = {.seed = 1, .nodes = 30, .start_us = 1'795'492'800'000'000}, .radios = 1, .mean_gap_us = 1000};
    options.rate = 0;
    options.packets = 300;
    options.start_when_connected = true;
    return options;
  }
  void start(SimulationOptions options, std::size_t tcp_radios, std::size_t ptys = 0) {
    for (std::size_t i = 0; i < tcp_radios; ++i)
      options.ports.push_back({.host = "127.0.0.1", .tcp_port = 0, .pty_path = {}});
    for (std::size_t i = 0; i < ptys; ++i) {
      options.ports.push_back({.host = {}, .tcp_port = 0, .pty_path = directory_ / fmt::format("radio{}", i + 1)});
    }
    options.world.radios = options.ports.size();
    ASSERT_TRUE(truth_.open(truth_path()).has_value());
    simulation_ = std::make_unique<Simulation>(context_.get_executor(), time_, options, truth_);
    const auto opened = simulation_->open();
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    simulation_->start();
  }
  [[nodiscard]] std::filesystem::path truth_path() const { return directory_ / "truth.jsonl"; }
  RadioClient& connect(std::size_t radio) {
    RadioClient& client = *clients_.emplace_back(std::make_unique<RadioClient>(context_.get_executor()));
    EXPECT_TRUE(client.open(simulation_->port_names()[radio]));
    return client;
  }
  // Until the radios have given out everything and the clients have it.
  void run_to_the_end() {
    test::run(context_, simulation_->wait_until_done());
    test::run(context_, stop());
  }
  asio::awaitable<void> stop() {
    co_await simulation_->stop();
    stopped_ = true;
  }

  test::TempDir directory_;
  asio::io_context context_{1};
  RealTime time_;
  Truth truth_;
  std::unique_ptr<Simulation> simulation_;
  std::vector<std::unique_ptr<RadioClient>> clients_;
  bool stopped_ = false;
};

TEST_F(LinesTest, TheTruthIsWhatClientsRead) {
  start(options(), 2, 1);
  for (std::size_t i = 0; i < 3; ++i) connect(i).want_config(static_cast<std::uint32_t>(100 + i));
  run_to_the_end();
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(run_until(context_, [&] { return clients_[i]->ended(); }));
    EXPECT_TRUE(clients_[i]->configured(static_cast<std::uint32_t>(100 + i)));
    const auto expected = TruthFile::packets(truth_path(), i + 1);
    EXPECT_GT(expected.size(), 100U);
    EXPECT_EQ(clients_[i]->packets_hex(), expected);
  }
  EXPECT_EQ(TruthFile::count(truth_path(), R"("type":"summary","generated":300,)"), 1U);
}

TEST_F(LinesTest, WaitsForAllClientsBeforeTheFirstPacket) {
  start(options(), 2);
  connect(0).want_config(1);
  ASSERT_TRUE(run_until(context_, [&] { return clients_[0]->configured(1); }));
  EXPECT_EQ(simulation_->generated(), 0U);
  connect(1);
  context_.restart();
  context_.run_for(std::chrono::milliseconds{50});
  // Connected, but without want_config.
  EXPECT_EQ(simulation_->generated(), 0U);
  EXPECT_EQ(clients_[1]->bytes_received(), 0U);
  clients_[1]->want_config(2);
  EXPECT_TRUE(run_until(context_, [&] { return simulation_->generated() == 300; }));
}

TEST_F(LinesTest, ASecondClientKicksTheFirst) {
  SimulationOptions quiet = options();
  quiet.packets = 1;
  start(quiet, 1);
  connect(0).want_config(1);
  ASSERT_TRUE(run_until(context_, [&] { return clients_[0]->configured(1); }));
  connect(0).want_config(2);
  EXPECT_TRUE(run_until(context_, [&] { return clients_[0]->ended() && clients_[1]->configured(2); }));
  EXPECT_FALSE(clients_[1]->ended());
  EXPECT_EQ(TruthFile::count(truth_path(), "another client connected"), 1U);
}

TEST_F(LinesTest, DisconnectClosesTheConnection) {
  start(options(), 1);
  RadioClient& client = connect(0);
  // Wake bytes and noise before the first frame do no harm.
  client.send_raw(std::string(32, '\xC3') + "noise");
  mesh::ToRadio goodbye;
  goodbye.set_disconnect(true);
  client.send(goodbye);
  EXPECT_TRUE(run_until(context_, [&] { return client.ended(); }));
}

TEST_F(LinesTest, ByteByByteWritesArriveWhole) {
  SimulationOptions slow = options();
  slow.packets = 60;
  ASSERT_TRUE(slow.faults.add("short-reads=0.3").has_value());
  start(slow, 1, 1);
  connect(0).want_config(1);
  connect(1).want_config(2);
  run_to_the_end();
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_TRUE(run_until(context_, [&] { return clients_[i]->ended(); }));
    EXPECT_EQ(clients_[i]->packets_hex(), TruthFile::packets(truth_path(), i + 1));
  }
}

TEST_F(LinesTest, GarbageAndFalseHeadersCostNoPacketOfAGoodReceiver) {
  SimulationOptions noisy = options();
  noisy.packets = 60;
  ASSERT_TRUE(noisy.faults.add("garbage=0.5").has_value());
  ASSERT_TRUE(noisy.faults.add("wrong-length=0.01").has_value());
  ASSERT_TRUE(noisy.faults.add("stall=0.01:0.1").has_value());
  start(noisy, 1);
  connect(0).want_config(1);
  run_to_the_end();
  ASSERT_TRUE(run_until(context_, [&] { return clients_[0]->ended(); }));
  const auto expected = TruthFile::packets(truth_path(), 1);
  EXPECT_GT(expected.size(), 50U);
  EXPECT_EQ(clients_[0]->packets_hex(), expected);
}

TEST_F(LinesTest, AfterCutsEveryPacketDeliveredWasRead) {
  SimulationOptions cut = options();
  cut.start_when_connected = false;
  cut.packets = 0;
  cut.rate = 500;
  cut.world.mean_gap_us = 2000;
  ASSERT_TRUE(cut.faults.add("disconnect=40").has_value());
  start(cut, 1);
  std::vector<std::string> read;
  for (std::uint32_t cuts = 1; cuts <= 3; ++cuts) {
    RadioClient& client = connect(0);
    client.want_config(cuts);
    ASSERT_TRUE(run_until(context_, [&] { return client.ended(); }));
    for (auto& packet : client.packets_hex()) read.push_back(std::move(packet));
  }
  EXPECT_TRUE(run_until(context_, [&] { return TruthFile::count(truth_path(), "the line was cut") == 3; }));
  EXPECT_EQ(read.size(), 120U);
  EXPECT_EQ(read, TruthFile::packets(truth_path(), 1));
}

TEST_F(LinesTest, ARebootedTcpRadioComesBackWithAnotherSession) {
  SimulationOptions rebooting = options();
  rebooting.packets = 0;
  ASSERT_TRUE(rebooting.faults.add("reboot=100").has_value());
  start(rebooting, 1);
  connect(0).want_config(1);
  ASSERT_TRUE(run_until(context_, [&] { return clients_[0]->ended(); }));
  EXPECT_EQ(clients_[0]->packets_hex().size(), 100U);
  bool back = false;
  ASSERT_TRUE(run_until(context_, [&] {
    if (clients_.size() > 1 && !clients_.back()->ended()) return back = clients_.back()->configured(2);
    connect(0).want_config(2);
    return false;
  }));
  EXPECT_EQ(clients_.back()->messages[0].my_info().reboot_count(), 2U);
}

TEST_F(LinesTest, ASerialRadioPrintsTextUntilItIsSpokenToAndAgainAfterAReboot) {
  SimulationOptions rebooting = options();
  rebooting.packets = 0;
  ASSERT_TRUE(rebooting.faults.add("reboot=50").has_value());
  start(rebooting, 0, 1);
  RadioClient& client = connect(0);
  ASSERT_TRUE(run_until(context_, [&] { return !client.text.empty(); }));
  EXPECT_TRUE(client.messages.empty());
  EXPECT_NE(client.text.front().find("ESP-ROM"), std::string::npos);
  client.text.clear();
  client.want_config(1);
  // The reboot: text on the line, which stays open, and silence until the next want_config.
  ASSERT_TRUE(run_until(context_, [&] { return !client.text.empty(); }));
  EXPECT_FALSE(client.ended());
  EXPECT_EQ(client.packets_hex().size(), 50U);
  client.want_config(2);
  EXPECT_TRUE(run_until(context_, [&] { return client.configured(2); }));
}

TEST_F(LinesTest, AnUnpluggedSerialRadioComesBackUnderItsName) {
  SimulationOptions unplugged = options();
  unplugged.packets = 0;
  ASSERT_TRUE(unplugged.faults.add("disconnect=30").has_value());
  start(unplugged, 0, 1);
  connect(0).want_config(1);
  ASSERT_TRUE(run_until(context_, [&] { return clients_[0]->ended(); }));
  EXPECT_EQ(clients_[0]->packets_hex().size(), 30U);
  EXPECT_EQ(clients_[0]->packets_hex(), TruthFile::packets(truth_path(), 1));
  ASSERT_TRUE(run_until(context_, [&] { return !std::filesystem::exists(directory_ / "radio1"); }));
  ASSERT_TRUE(run_until(context_, [&] { return std::filesystem::exists(directory_ / "radio1"); }));
  connect(0).want_config(2);
  EXPECT_TRUE(run_until(context_, [&] { return clients_[1]->configured(2); }));
}

TEST_F(LinesTest, ARadioWhoseClientLeftStartsAfreshForTheNext) {
  SimulationOptions quiet = options();
  quiet.packets = 1;
  quiet.start_when_connected = false;
  start(quiet, 0, 1);
  connect(0).want_config(1);
  ASSERT_TRUE(run_until(context_, [&] { return clients_[0]->configured(1); }));
  test::run(context_, clients_[0]->join());
  ASSERT_TRUE(run_until(context_, [&] { return TruthFile::count(truth_path(), R"("event":"gone")") == 1; }));
  RadioClient& next = connect(0);
  context_.restart();
  context_.run_for(std::chrono::milliseconds{100});
  // Nothing of the session before, and nothing unasked.
  EXPECT_TRUE(next.messages.empty());
  next.want_config(2);
  EXPECT_TRUE(run_until(context_, [&] { return next.configured(2); }));
  EXPECT_FALSE(next.configured(1));
}

TEST_F(LinesTest, AnswersTravelTheMesh) {
  SimulationOptions quiet = options();
  quiet.packets = 1;
  start(quiet, 2);
  connect(0).want_config(1);
  connect(1).want_config(2);
  ASSERT_TRUE(run_until(context_, [&] { return simulation_->generated() == 1; }));
  mesh::ToRadio text;
  text.mutable_packet()->set_to(kBroadcast);
  text.mutable_packet()->set_id(4242);
  text.mutable_packet()->set_want_ack(true);
  text.mutable_packet()->set_hop_limit(7);
  text.mutable_packet()->mutable_decoded()->set_portnum(mesh::TEXT_MESSAGE_APP);
  text.mutable_packet()->mutable_decoded()->set_payload("from the client");
  clients_[0]->send(text);
  const auto has = [](const RadioClient& client, auto predicate) {
    return std::ranges::any_of(client.messages, [&](const auto& m) { return m.has_packet() && predicate(m.packet()); });
  };
  EXPECT_TRUE(run_until(context_, [&] {
    return has(*clients_[1], [](const auto& p) { return p.decoded().payload() == "from the client"; });
  }));
  EXPECT_TRUE(run_until(
      context_, [&] { return has(*clients_[0], [](const auto& p) { return p.decoded().request_id() == 4242; }); }));
}

TEST(Lines, TheSameSeedAndStartGiveTheSameTruth) {
  std::vector<std::vector<std::string>> runs;
  for (int run = 0; run < 2; ++run) {
    asio::io_context context(1);
    test::TempDir directory;
    RealTime time;
    Truth truth;
    ASSERT_TRUE(truth.open(directory / "truth").has_value());
    SimulationOptions options;
    options.world = {
        .population = {.seed = 5, .nodes = 25, .start_us = 1'795'492'800'000'000}, .radios = 1, .mean_gap_us = 1000};
    options.rate = 0;
    options.packets = 200;
    options.start_when_connected = true;
    options.ports = {{.host = "127.0.0.1", .tcp_port = 0, .pty_path = {}}};
    Simulation simulation(context.get_executor(), time, options, truth);
    ASSERT_TRUE(simulation.open().has_value());
    simulation.start();
    RadioClient client(context.get_executor());
    ASSERT_TRUE(client.open(simulation.port_names()[0]));
    client.want_config(1);
    test::run(context, simulation.wait_until_done());
    test::run(context, simulation.stop());
    test::run(context, client.join());
    runs.push_back(TruthFile::packets(directory / "truth", 1));
  }
  EXPECT_GT(runs[0].size(), 100U);
  EXPECT_EQ(runs[0], runs[1]);
}

}  // namespace
}  // namespace mmm::sim
