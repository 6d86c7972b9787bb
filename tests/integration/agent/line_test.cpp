#include "agent/radio/link.h"
#include "agent/radio/serial_transport.h"
#include "agent/radio/tcp_transport.h"
#include "core/async/task_group.h"
#include "tests/support/fake_radio.h"
#include "tests/support/run_coroutine.h"
#include "tests/support/serial_tree.h"
#include "tests/support/temp_dir.h"

#include <boost/asio/ip/tcp.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

// The link over real lines: a pseudo terminal and loopback TCP, in real time.
namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using State = upload::AgentStatus;

struct PacketSink final : RecordSink {
  void put(Record record) override {
    if (record.kind == upload::RECORD_KIND_MESH_PACKET) packets.push_back(std::move(record.payload));
  }
  std::vector<std::string> packets;
};

class LineTest : public ::testing::Test {
 protected:
  void start(std::unique_ptr<Transport> line) {
    transport = std::move(line);
    link = std::make_unique<RadioLink>(*transport, sink, time, LinkProbe::make(registry, "radio"), 1);
    link->on_change([this] {
      if (link->status().state == State::LINK_STATE_DOWN) reasons.push_back(link->status().reason);
    });
    group.spawn("link", link->run());
  }
  void TearDown() override {
    group.cancel();
    test::run(context, group.join());
  }
  template <class Condition>
  void wait_until(Condition condition) {
    ASSERT_TRUE(test::run_until(context, condition));
  }
  void wait_ready() {
    wait_until([&] { return link->status().state == State::LINK_STATE_READY; });
  }
  test::FakeRadio& serve(int descriptor) {
    radios.push_back(std::make_unique<test::FakeRadio>(context.get_executor(), descriptor));
    group.spawn("radio", radios.back()->run());
    return *radios.back();
  }

  asio::io_context context{1};
  RealTime time;
  metrics::Registry registry;
  PacketSink sink;
  std::unique_ptr<Transport> transport;
  std::unique_ptr<RadioLink> link;
  std::vector<std::unique_ptr<test::FakeRadio>> radios;
  std::vector<std::string> reasons;
  TaskGroup group{context.get_executor()};
};

class SerialLineTest : public LineTest {
 protected:
  // A new pseudo terminal; its slave's name is what an agent opens.
  int open_pty() {
    int master = -1;
    int slave = -1;
    std::array<char, 128> name{};
    EXPECT_EQ(::openpty(&master, &slave, name.data(), nullptr, nullptr), 0);
    device = name.data();
    // Kept open until the agent has it: a master without a slave is hung up.
    slaves.push_back(slave);
    return master;
  }
  void TearDown() override {
    LineTest::TearDown();
    for (const int slave : slaves) ::close(slave);
  }
  std::unique_ptr<Transport> line() { return std::make_unique<SerialTransport>(context.get_executor(), time, device); }

  std::string device;
  std::vector<int> slaves;
};

TEST_F(SerialLineTest, BringsPacketsWholeThroughGarbageAndReadsOfOneByte) {
  auto& radio = serve(open_pty());
  start(line());
  wait_ready();
  std::string noise = "INFO  | ??:??:?? 3 text between\r\n\x94\x94\xC3";
  for (std::uint32_t id = 1; id <= 20; ++id) {
    test::run(context, radio.send(noise));
    test::run(context, radio.send_packet(id, id % 2 == 0 ? 1 : SIZE_MAX));
  }
  wait_until([&] { return sink.packets.size() >= 20; });
  for (std::uint32_t id = 1; id <= 20; ++id) EXPECT_EQ(sink.packets[id - 1], test::radio_messages::packet(id));
}

TEST_F(SerialLineTest, SetsTheLineUpSoThatBoardsDoNotRestart) {
  serve(open_pty());
  start(line());
  wait_ready();
  termios settings{};
  ASSERT_EQ(::tcgetattr(slaves[0], &settings), 0);
  EXPECT_EQ(settings.c_cflag & HUPCL, 0U);
  EXPECT_EQ(settings.c_cflag & CSIZE, static_cast<tcflag_t>(CS8));
  EXPECT_EQ(settings.c_cflag & (PARENB | CSTOPB | CRTSCTS), 0U);
  EXPECT_EQ(::cfgetospeed(&settings), static_cast<speed_t>(B115200));
  EXPECT_EQ(settings.c_lflag & (ICANON | ECHO | ISIG), 0U);
  EXPECT_EQ(settings.c_iflag & (IXON | ICRNL | INLCR), 0U);
}

TEST_F(SerialLineTest, ASecondProgramOnTheDeviceIsTold) {
  serve(open_pty());
  start(line());
  wait_ready();
  SerialTransport second(context.get_executor(), time, device);
  const auto opened = test::run(context, second.open());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("another program uses it"), std::string::npos) << opened.error().message;
}

TEST_F(SerialLineTest, ARadioThatGoesAwayIsSaidInWordsAndWaitedFor) {
  auto& radio = serve(open_pty());
  start(line());
  wait_ready();
  radio.close();
  wait_until([&] { return !reasons.empty(); });
  EXPECT_NE(reasons[0], "");
  EXPECT_EQ(link->status().state, State::LINK_STATE_DOWN);
}

TEST_F(SerialLineTest, SaysWhatIsWrongWithADevice) {
  test::TempDir directory;
  std::ofstream(directory / "file") << "not a device";
  const std::pair<std::string, const char*> cases[] = {{(directory / "none").string(), "plugged in"},
                                                       {(directory / "file").string(), "no serial device"}};
  for (const auto& [path, words] : cases) {
    SerialTransport missing(context.get_executor(), time, path);
    const auto opened = test::run(context, missing.open());
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find(words), std::string::npos) << opened.error().message;
  }
}

// A board that restarts may come back under another name, and the old one lead to another board by then.
class ReturningBoardTest : public SerialLineTest {
 protected:
  void check_found_again(const std::string& configured) {
    auto& radio = serve(open_pty());
    tree.plug("ttyACM0", kBoard, "", device);
    start(std::make_unique<SerialTransport>(context.get_executor(), time, configured, tree.root()));
    wait_ready();
    EXPECT_EQ(link->description(), "serial " + tree.dev("ttyACM0"));

    radio.close();
    tree.unplug("ttyACM0");
    wait_until([&] { return link->status().state == State::LINK_STATE_DOWN; });
    serve(open_pty());
    tree.plug("ttyACM0", {"239a", "8029", "ANOTHER"}, "", "/dev/null");
    tree.plug("ttyACM3", kBoard, "", device);
    wait_ready();
    EXPECT_EQ(link->description(), "serial " + tree.dev("ttyACM3"));
  }

  const test::SerialTree::Usb kBoard{"239a", "8029", "9C02A1"};
  test::SerialTree tree;
};

TEST_F(ReturningBoardTest, IsFoundAgainWhenItWasLookedFor) {
  check_found_again("");
}

TEST_F(ReturningBoardTest, IsFoundAgainWhenItsNameWasConfigured) {
  check_found_again(tree.dev("ttyACM0"));
}

class TcpLineTest : public LineTest {
 protected:
  TcpLineTest() : acceptor(context, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)) {}
  // A radio's network port: each new client takes the line from the one before.
  asio::awaitable<void> accept_clients() {
    while (true) {
      auto socket = co_await acceptor.async_accept(asio::use_awaitable);
      if (!radios.empty()) radios.back()->close();
      serve(socket.release());
    }
  }
  std::unique_ptr<Transport> line() {
    return std::make_unique<TcpTransport>(context.get_executor(), time, "127.0.0.1", acceptor.local_endpoint().port());
  }

  tcp::acceptor acceptor;
};

TEST_F(TcpLineTest, BringsPacketsAndComesBackAfterTheLineWasTaken) {
  group.spawn("accept", accept_clients());
  start(line());
  wait_ready();
  test::run(context, radios.back()->send_packet(1));
  wait_until([&] { return sink.packets.size() == 1; });

  tcp::socket other(context);
  other.connect(acceptor.local_endpoint());
  wait_until([&] { return !reasons.empty(); });
  EXPECT_NE(reasons[0].find("another client took the connection"), std::string::npos) << reasons[0];
  wait_until([&] { return radios.size() == 3 && link->status().state == State::LINK_STATE_READY; });
  test::run(context, radios.back()->send_packet(2));
  wait_until([&] { return sink.packets.size() == 2; });

  // The other one takes it back: now it is clear what goes on.
  tcp::socket again(context);
  again.connect(acceptor.local_endpoint());
  wait_until([&] { return reasons.size() == 2; });
  EXPECT_EQ(reasons[1].find("kicked by another client"), 0U) << reasons[1];
}

TEST_F(TcpLineTest, AHostThatRefusesIsSaidInWords) {
  auto transport_to_nobody = line();
  acceptor.close();
  start(std::move(transport_to_nobody));
  wait_until([&] { return !reasons.empty(); });
  EXPECT_NE(reasons[0].find("Connection refused"), std::string::npos) << reasons[0];
  EXPECT_NE(reasons[0].find("tcp_host"), std::string::npos) << reasons[0];
}

TEST_F(TcpLineTest, ADumpSentInOneBurstFitsTheReceiveBuffer) {
  group.spawn("accept", accept_clients());
  start(line());
  wait_ready();
  std::string burst;
  for (std::uint32_t id = 1; id <= 2000; ++id) burst += *mesh::encode_frame(test::radio_messages::packet(id));
  test::run(context, radios.back()->send(burst));
  wait_until([&] { return sink.packets.size() == 2000; });
}

}  // namespace
}  // namespace mmm::agent
