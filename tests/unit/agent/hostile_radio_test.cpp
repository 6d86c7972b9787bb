#include "agent/active/active_work.h"
#include "agent/buffer/buffer_service.h"
#include "agent/buffer/open_buffer.h"
#include "agent/status.h"
#include "core/async/task_group.h"
#include "core/base/limits.h"
#include "core/log/log.h"
#include "tests/support/full_disk_vfs.h"
#include "tests/support/heap.h"
#include "tests/support/radio_messages.h"
#include "tests/support/temp_dir.h"
#include "tests/support/virtual_time.h"
#include "tests/unit/agent/scripted_transport.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
namespace messages = test::radio_messages;

// What 115200 baud carry in one step.
constexpr auto kStep = 200ms;
constexpr std::size_t kStepBytes = 11'520 / 5;
constexpr auto kAttack = 1h;
constexpr auto kWarmUp = 10min;
constexpr std::uint64_t kBufferBytesMax = 1U << 20U;
constexpr std::size_t kHeapGrowthMax = 64U << 10U;
// The buffer's cache of 512 KiB, and what SQLite needs beside it.
constexpr std::size_t kDatabaseHeapMax = 1U << 20U;
constexpr std::uint64_t kLinesMax = 200;

struct CountingSink final : log::Sink {
  void take(const log::Line& line) override {
    ++lines;
    bytes += line.text.size();
  }
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
};

// The agent from the line to its file, with everything that listens to the radio, and a radio that means it no good. No
// server takes anything.
class HostileRadio : public ::testing::Test {
 protected:
  HostileRadio() {
    disk.set_synced(false);
    BufferOptions options{.path = directory / "records.db", .max_bytes = kBufferBytesMax, .servers = {"main"}};
    auto opened = open_buffer(options);
    EXPECT_TRUE(opened) << opened.error().message;
    buffer.emplace(context.get_executor(), pool, time, options, std::move(*opened), 1s,
                   BufferProbe(registry, "radio", options.servers));
    link.emplace(transport, *buffer, time, LinkProbe::make(registry, "radio"), 1);
    ActiveConfig config;
    config.traceroutes = config.set_time = true;
    active.emplace(config, ActiveProbe::make(registry, "radio"), 1, time.steady());
    link->admit(*active);
    status.emplace(*link, *buffer, time);
    link->on_change([this] { status->link_changed(); });
    transport.on_sent = [this](std::string_view bytes) { answer(bytes); };
    log::add_sink(log_lines);
    group.spawn("buffer", buffer->run());
    group.spawn("link", link->run());
    group.spawn("status", status->run());
  }
  ~HostileRadio() override {
    log::remove_sink(*log_lines);
    group.cancel();
    time.run(context, group.join());
    pool.join();
  }

  void answer(std::string_view bytes) {
    for (const auto& message : messages::sent_messages(bytes)) {
      if (message.has_packet()) ++packets;
      if (message.has_heartbeat() && answers) deliver(messages::queue_status());
      if (message.payload_variant_case() != mesh::ToRadio::kWantConfigId) continue;
      ++requests;
      if (!answers) continue;
      for (const auto& reply : messages::dump(message.want_config_id())) deliver(reply);
    }
  }
  void deliver(std::string_view payload) { transport.deliver(*mesh::encode_frame(payload)); }

  // An hour of it: `fill` gives one piece of what the radio sends, and is asked until the line is full. Then the radio
  // mends its ways.
  void suffer(const std::function<std::string()>& fill) {
    const auto step = [&] {
      for (std::size_t sent = 0; transport.is_open() && sent < kStepBytes;) {
        const auto piece = fill();
        if (piece.empty()) break;
        transport.deliver(piece);
        sent += piece.size();
      }
      time.run_for(context, kStep);
      most_pending = std::max(most_pending, buffer->pending());
    };
    const auto until = [&](SteadyTime end) {
      while (time.steady() < end) step();
    };
    // What has come is on the disk by then.
    const auto heap_when_quiet = [&] {
      time.run_for(context, 3s);
      const auto of_database = static_cast<std::size_t>(::sqlite3_memory_used());
      // Its cache fills up slowly where few records are kept, to a bound of its own.
      EXPECT_LE(of_database, kDatabaseHeapMax);
      return test::heap_bytes() - of_database;
    };
    const auto begin = time.steady();
    until(begin + kWarmUp);
    const auto before = heap_when_quiet();
    until(begin + kAttack);
    const auto after = heap_when_quiet();
    RecordProperty("heap_growth", static_cast<int>(after) - static_cast<int>(before));
    EXPECT_LE(after, before + kHeapGrowthMax);
    EXPECT_LE(most_pending, limits::kAgentPendingRecordsMax);
    EXPECT_GT(log_lines->lines, 0U);  // they are counted
    EXPECT_LE(log_lines->lines, kLinesMax);
    EXPECT_LE(log_lines->bytes, kLinesMax * 1024);
    EXPECT_LE(buffer->state().file_bytes, kBufferBytesMax + (256U << 10U));
    EXPECT_LE(packets, 5);  // traceroutes within the airtime's share of an hour, and the time
    requests_of_attack = requests;

    answers = true;
    mesh::FromRadio unlocked;
    unlocked.mutable_lockdown_status()->set_state(mesh::LockdownStatus::UNLOCKED);
    deliver(unlocked.SerializeAsString());
    time.run_for(context, 15min);
    ASSERT_EQ(link->status().state, upload::AgentStatus::LINK_STATE_READY);
    const auto captured = buffer->state().servers[0].ledger.captured;
    deliver(messages::packet(1));
    time.run_for(context, 5s);
    EXPECT_GT(buffer->state().servers[0].ledger.captured, captured);
  }
  std::string noise(std::size_t size) {
    std::string bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    return bytes;
  }
  static std::string frame(const mesh::FromRadio& message) { return *mesh::encode_frame(message.SerializeAsString()); }

  std::mt19937 random{5};
  test::TempDir directory;
  testing::FullDiskVfs disk;
  boost::asio::io_context context{1};
  boost::asio::thread_pool pool{1};
  test::VirtualTime time;
  metrics::Registry registry;
  std::shared_ptr<CountingSink> log_lines = std::make_shared<CountingSink>();
  ScriptedTransport transport{context.get_executor(), time, false};
  std::optional<BufferService> buffer;
  std::optional<RadioLink> link;
  std::optional<ActiveWork> active;
  std::optional<StatusWriter> status;
  TaskGroup group{context.get_executor()};
  bool answers = true;
  int requests = 0;  // for the configuration
  int requests_of_attack = 0;
  int packets = 0;
  std::size_t most_pending = 0;
};

TEST_F(HostileRadio, SendsRandomBytes) {
  answers = false;
  suffer([&] { return noise(500); });
  // Asked each 7 s; the line is opened anew each minute, when no message has come by then.
  EXPECT_GT(requests_of_attack, 100);
  EXPECT_LT(requests_of_attack, 600);
}

TEST_F(HostileRadio, SendsPacketsWithoutEnd) {
  std::uint32_t id = 0;
  suffer([&] { return *mesh::encode_frame(messages::packet(++id)); });
  EXPECT_EQ(requests_of_attack, 1);
}

TEST_F(HostileRadio, SendsFramesOfTheLargestSize) {
  suffer([&] {
    mesh::FromRadio message;
    message.mutable_packet()->set_from(static_cast<std::uint32_t>(random()));
    message.mutable_packet()->set_id(static_cast<std::uint32_t>(random()));
    message.mutable_packet()->set_encrypted(noise(400));
    const auto missing = limits::kFramePayloadBytesMax - message.ByteSizeLong();
    message.mutable_packet()->set_encrypted(noise(400 + missing));
    EXPECT_EQ(message.ByteSizeLong(), limits::kFramePayloadBytesMax);
    return frame(message);
  });
}

TEST_F(HostileRadio, TellsOfMoreNodesAndChannelsAndSettingsEachTime) {
  std::uint32_t number = 0;
  suffer([&] {
    mesh::FromRadio message;
    ++number;
    const std::string name(number % 200, static_cast<char>('a' + number % 26));
    switch (number % 5) {
      case 0:
        message.mutable_node_info()->set_num(number);
        message.mutable_node_info()->set_last_heard(0xFFFFFFFF - number);
        message.mutable_node_info()->mutable_user()->set_long_name(name);
        break;
      case 1:
        message.mutable_channel()->set_index(static_cast<int>(number % 1000));
        message.mutable_channel()->set_role(mesh::Channel::SECONDARY);
        message.mutable_channel()->mutable_settings()->set_name(name);
        message.mutable_channel()->mutable_settings()->set_psk(name);
        break;
      case 2:
        message.mutable_config()->mutable_lora()->set_hop_limit(number);
        break;
      case 3:
        message.mutable_metadata()->set_firmware_version(name);
        break;
      default:
        message.mutable_my_info()->set_my_node_num(number);
        message.mutable_my_info()->set_device_id(name);
    }
    return frame(message);
  });
}

TEST_F(HostileRadio, NeverEndsItsConfiguration) {
  answers = false;
  suffer([&] { return *mesh::encode_frame(random() % 2 == 0 ? messages::my_info() : messages::channel()); });
  // Such a dump is asked for anew after ten minutes.
  EXPECT_GE(requests_of_attack, 5);
  EXPECT_LE(requests_of_attack, 7);
}

TEST_F(HostileRadio, LiesAboutLengths) {
  suffer([&] {
    static constexpr std::size_t kLengths[] = {0, 1, 2, 64, 255, 256, 511, 512, 513, 4096, 0x94C3, 0xFFFF};
    const auto length = kLengths[random() % std::size(kLengths)];
    std::string bytes{'\x94', '\xC3', static_cast<char>(length >> 8U), static_cast<char>(length)};
    if (random() % 3 != 0) bytes += noise(random() % std::min<std::size_t>(length + 1, 600));
    return bytes;
  });
}

TEST_F(HostileRadio, HasSomethingToSayAllTheTime) {
  suffer([&] {
    mesh::FromRadio message;
    message.mutable_client_notification()->set_message(std::string(400, 'x') + std::to_string(random()));
    return frame(message);
  });
}

TEST_F(HostileRadio, LocksAndUnlocksItself) {
  suffer([&] {
    mesh::FromRadio message;
    auto* lock = message.mutable_lockdown_status();
    lock->set_state(random() % 2 == 0 ? mesh::LockdownStatus::LOCKED : mesh::LockdownStatus::UNLOCKED);
    lock->set_lock_reason(std::to_string(random()));
    return frame(message);
  });
}

TEST_F(HostileRadio, SaysThatItHasRestarted) {
  suffer([&] {
    mesh::FromRadio message;
    message.set_rebooted(true);
    return frame(message) + "INFO  | ??:??:?? 1 Booting\r\n";
  });
  EXPECT_LE(requests_of_attack, 3600 / 10 + 1);
}

TEST_F(HostileRadio, PrintsTextWithoutEnd) {
  answers = false;
  bool lines = false;
  suffer([&] {
    lines = !lines;
    return lines ? std::string(700, 'x') : "\x1b[31mDEBUG | " + std::to_string(random()) + "\r\n";
  });
}

TEST_F(HostileRadio, HangsUpAsSoonAsItIsConnected) {
  suffer([&] {
    if (link->status().state == upload::AgentStatus::LINK_STATE_READY) transport.hang_up();
    return std::string();
  });
  EXPECT_LT(transport.opens(), 200);
}

}  // namespace
}  // namespace mmm::agent
