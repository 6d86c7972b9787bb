// All of the server's routes behind its real HTTP server, on the bytes of one connection: whatever comes is answered,
// or the connection is closed, and no answer is a 500.
//
// Log, index and server are made once, in a folder that is removed at the end. An upload among the inputs is stored,
// with the key "fuzz".

#include "core/async/time_source.h"
#include "core/base/check.h"
#include "core/http/router.h"
#include "core/http/server.h"
#include "core/log/log.h"
#include "core/mesh/decrypt.h"
#include "core/mesh/from_radio.pb.h"
#include "core/store/log_writer.h"
#include "core/upload/upload_codec.h"
#include "dashboard/dashboard.h"
#include "dashboard/web_routes.h"
#include "ingest/access/access_control.h"
#include "ingest/health.h"
#include "ingest/project.h"
#include "ingest/python/python_receiver.h"
#include "ingest/receive.h"

#include <arpa/inet.h>
#include <google/protobuf/stubs/logging.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace mmm;

constexpr std::size_t kInputBytesMax = 64U << 10U;
constexpr int kPackets = 300;
constexpr std::uint32_t kSources = 200;

template <class T>
T must(Result<T> result) {
  if (!result) fmt::print(stderr, "{}\n", result.error().message);
  MMM_CHECK(result);
  return std::move(*result);
}

// After a connect() that a signal interrupted: whether the system finished it.
bool wait_until_connected(int connection) {
  pollfd waiting{.fd = connection, .events = POLLOUT, .revents = 0};
  int ready = 0;
  do {
    ready = poll(&waiting, 1, -1);
  } while (ready < 0 && errno == EINTR);
  socklen_t size = sizeof errno;
  return getsockopt(connection, SOL_SOCKET, SO_ERROR, &errno, &size) == 0 && errno == 0;
}

std::unique_ptr<mesh::Keyring> default_keys() {
  auto keys = std::make_unique<mesh::Keyring>();
  keys->add_default_channels();
  return keys;
}

// The day is always the same, so that inputs can ask for packets by their ids, which are times.
class StillTime final : public TimeSource {
 public:
  [[nodiscard]] WallTime wall() const override { return from_micros(1'795'773'600'000'000); }
  [[nodiscard]] SteadyTime steady() const override { return real_.steady(); }
  boost::asio::awaitable<void> sleep_until(SteadyTime when) override { return real_.sleep_until(when); }

 private:
  RealTime real_;
};

// As mmm-server's main puts it together.
class Site {
 public:
  Site() {
    std::string name = (std::filesystem::temp_directory_path() / "mmm-fuzz-XXXXXX").string();
    MMM_CHECK(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    config_.data_dir = folder_;
    config_.api_keys.push_back({"all", "fuzz"});
    config_.limits.failed_attempts_per_minute = 0;
    access_ = std::make_unique<ingest::AccessControl>(config_, time_, registry_);
    MMM_CHECK(access_->open());
    log_ = must(store::PacketLog::open(folder_ / "log", {}));
    writer_ = std::make_unique<store::LogWriter>(*log_, time_, registry_, store::LogWriterOptions{});
    receiver_ = std::make_unique<ingest::Receiver>(*writer_, access_->uploads(), time_, registry_, 250);
    receiver_->add_routes(router_);
    python_ = std::make_unique<ingest::python::PythonReceiver>(*writer_, access_->uploads(), time_, registry_);
    ingest::ProjectorOptions projector_options;
    projector_options.index_path = folder_ / "index.db";
    projector_ = must(ingest::Projector::start(*log_, default_keys(), feed_, registry_, projector_options));
    writer_->on_durable([this](store::LogId last) { projector_->notify(last); });
    dashboard::DashboardOptions options;
    options.index_path = folder_ / "index.db";
    options.cors_origins = {"*"};
    dashboard_ = must(dashboard::Dashboard::start(*log_, default_keys(), feed_, registry_, time_, options));
    dashboard_->add_api_routes(router_);
    dashboard::add_web_routes(router_, "");
    python_->add_routes(router_, [] { return std::string(); });
    ingest::add_health_routes(router_, {[] { return std::string(); }, [] { return std::string(); }});
    access_->add_to(router_);
    http::ServerOptions server_options;
    access_->prepare(server_options);
    // Sees the answers to pipelined requests too.
    const auto observer = [](std::string_view, http::Method, int status, double) { MMM_CHECK(status != 500); };
    server_ = must(http::Server::listen(server_options, router_, observer));
    writer_->start();
    server_->start();
    fill();
  }

  ~Site() {
    dashboard_->end_streams();
    server_->stop(std::chrono::seconds(1));
    writer_->stop();
    projector_->stop();
    dashboard_->stop();
    server_.reset();
    dashboard_.reset();
    projector_.reset();
    writer_.reset();
    log_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  // Sends the bytes over a connection of their own and reads what is answered. What goes on for ever is left.
  std::string ask(std::string_view bytes) {
    const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    MMM_CHECK(connection >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    // From one address after the other: a port that ended its sending first is not free again for a while.
    source_ = source_ % kSources + 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source_);
    // Where there is only 127.0.0.1, the system finds a port that is free.
    static_cast<void>(bind(connection, reinterpret_cast<sockaddr*>(&address), sizeof address));
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool connected = connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    // libFuzzer's timer interrupts; the system goes on connecting.
    if (!connected && errno == EINTR) connected = wait_until_connected(connection);
    if (!connected) fmt::print(stderr, "no connection: {}\n", std::strerror(errno));
    MMM_CHECK(connected);
    const int yes = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    static_cast<void>(send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    shutdown(connection, SHUT_WR);
    std::string answer;
    std::array<char, 16'384> piece{};
    for (;;) {
      const ssize_t size = recv(connection, piece.data(), piece.size(), 0);
      if (size <= 0) break;
      answer.append(piece.data(), static_cast<std::size_t>(size));
      if (answer.contains("text/event-stream")) break;
    }
    close(connection);
    return answer;
  }

 private:
  void fill() {
    upload::UploadHeader header;
    header.set_agent_id("fuzzer");
    header.set_stream_id("0123456789abcdef");
    std::vector<std::string> payloads;
    for (int i = 0; i < kPackets; ++i) {
      mesh::FromRadio message;
      mesh::MeshPacket& packet = *message.mutable_packet();
      packet.set_from(0x1000U + static_cast<std::uint32_t>(i % 7));
      packet.set_to(UINT32_MAX);
      packet.set_id(static_cast<std::uint32_t>(i) + 1);
      packet.set_rx_snr(4.5F);
      packet.set_rx_rssi(-80);
      packet.mutable_decoded()->set_portnum(mesh::TEXT_MESSAGE_APP);
      packet.mutable_decoded()->set_payload(fmt::format("message {}", i));
      payloads.push_back(message.SerializeAsString());
    }
    std::vector<upload::RecordView> records;
    for (const std::string& payload : payloads) {
      records.push_back({.seq = records.size() + 1,
                         .arrival_us = to_micros(time_.wall()),
                         .kind = upload::RECORD_KIND_MESH_PACKET,
                         .payload = payload});
    }
    const std::string body = upload::encode_upload(header, records);
    const std::string answer =
        ask(fmt::format("POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer fuzz\r\nContent-Type: "
                        "application/x-protobuf\r\n"
                        "Content-Length: {}\r\n\r\n{}",
                        body.size(), body));
    if (!answer.starts_with("HTTP/1.1 200")) fmt::print(stderr, "the upload is answered: {}\n", answer);
    MMM_CHECK(answer.starts_with("HTTP/1.1 200"));
    while (projector_->state().last_id != log_->last_durable()) usleep(1000);
  }

  std::uint32_t source_ = 0;
  std::filesystem::path folder_;
  ingest::ServerConfig config_;
  StillTime time_;
  metrics::Registry registry_;
  std::unique_ptr<ingest::AccessControl> access_;
  std::unique_ptr<store::PacketLog> log_;
  std::unique_ptr<store::LogWriter> writer_;
  std::unique_ptr<ingest::Receiver> receiver_;
  std::unique_ptr<ingest::python::PythonReceiver> python_;
  store::AppliedFeed feed_;
  std::unique_ptr<ingest::Projector> projector_;
  std::unique_ptr<dashboard::Dashboard> dashboard_;
  http::Router router_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace

// The server's threads free in one run what they took in another. libFuzzer takes that for leaks and scans all memory
// after every run, which made it thirty times slower; what is never freed is still found at the end.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static std::string flag = "-detect_leaks=0";
  static std::vector<char*> arguments(*argv, *argv + *argc);
  arguments.insert(arguments.begin() + 1, flag.data());
  arguments.push_back(nullptr);
  *argc = static_cast<int>(arguments.size()) - 1;
  *argv = arguments.data();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Site site = [] {
    log::start(log::Level::kError);
    google::protobuf::SetLogHandler(nullptr);
    return Site();
  }();
  if (size > kInputBytesMax) return 0;
  const std::string answer = site.ask({reinterpret_cast<const char*>(data), size});
  MMM_CHECK(answer.empty() || answer.starts_with("HTTP/1."));
  return 0;
}
