#include "agent/buffer/open_buffer.h"
#include "agent/upload/native_carrier.h"
#include "agent/upload/uploader.h"
#include "core/async/task_group.h"
#include "core/http/server.h"
#include "core/upload/compression.h"
#include "tests/support/run_coroutine.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>

// The upload over real HTTP: connection kept, bodies compressed, every kind of answer.
namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// Answers uploads on the server's thread as the test tells it to.
class ScriptedServer {
 public:
  void start(std::uint16_t port = 0) {
    auto handler = [this](http::Request& request) { return handle(request); };
    router_ = std::make_unique<http::Router>();
    router_->add(http::Method::kPost, "/api/v1/ingest", std::move(handler), limits::kUploadBodyBytesMax);
    http::ServerOptions options;
    options.port = port;
    auto server = http::Server::listen(options, *router_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    server_->start();
  }
  void stop() {
    if (server_) server_->stop(1s);
    server_.reset();
  }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::size_t stored() const {
    const std::lock_guard lock(mutex_);
    return payloads_.size();
  }
  // The next uploads are answered so, before the server takes any again.
  void answer_first_with(std::vector<http::Response> responses) {
    const std::lock_guard lock(mutex_);
    scripted_ = {responses.begin(), responses.end()};
  }
  [[nodiscard]] std::set<std::string> authorizations() const {
    const std::lock_guard lock(mutex_);
    return authorizations_;
  }
  std::atomic<int> twice = 0;

 private:
  asio::awaitable<http::Response> handle(http::Request& request) { co_return answer(request); }

  http::Response answer(http::Request& request) {
    const std::lock_guard lock(mutex_);
    authorizations_.emplace(request.header("authorization"));
    if (!scripted_.empty()) {
      auto response = std::move(scripted_.front());
      scripted_.pop_front();
      return response;
    }
    std::string plain = request.body;
    if (request.header("content-encoding") == "zstd") {
      auto content = upload::zstd_decompress(request.body, limits::kUploadDecodedBytesMax);
      if (!content) return http::problem(400, "Malformed", content.error().message);
      plain = std::move(*content);
    }
    const auto view = upload::scan_upload(plain);
    if (!view) return http::problem(400, "Malformed", view.error().message);
    upload::UploadResponse response;
    for (const auto& record : view->records) {
      if (record.payload == "bad") return http::problem(422, "Rejected", "this record is bad");
    }
    for (const auto& record : view->records) {
      if (!payloads_.emplace(record.payload).second) ++twice;
    }
    response.set_durable_seq(view->last_seq);
    http::Response ok;
    ok.headers.push_back({.name = "content-type", .value = "application/x-protobuf"});
    ok.body = response.SerializeAsString();
    return ok;
  }

  mutable std::mutex mutex_;
  std::deque<http::Response> scripted_;
  std::set<std::string> payloads_;
  std::set<std::string> authorizations_;
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<http::Server> server_;
};

class HttpUploadTest : public ::testing::Test {
 protected:
  void start() {
    server.start();
    const BufferOptions options{.path = directory / "records.db", .servers = {"main"}};
    auto opened = open_buffer(options);
    ASSERT_TRUE(opened) << opened.error().message;
    buffer = std::make_unique<BufferService>(context.get_executor(), pool, time, options, std::move(*opened), 5ms,
                                             BufferProbe(registry, "meshtastic", options.servers));
    auto url = http::Url::parse(fmt::format("http://127.0.0.1:{}", server.port()));
    ASSERT_TRUE(url);
    auto poster = std::make_unique<HttpPoster>(context.get_executor(), *url, http::ClientOptions{.timeout = 2s});
    std::vector<UploadServer> servers;
    servers.push_back({.name = "main",
                       .carrier = std::make_unique<NativeCarrier>(std::move(poster), "KEY", pool, time),
                       .policy = {.linger = 10ms},
                       .probe = UploadProbe::make(registry, "meshtastic", "main")});
    uploader = std::make_unique<Uploader>(context.get_executor(), UploaderOptions{.name = "main", .filter = {}},
                                          *buffer, std::move(servers), time, [] {
                                            upload::UploadHeader header;
                                            header.set_agent_id("agent-1");
                                            return header;
                                          });
    group.spawn("buffer", buffer->run());
    group.spawn("upload", uploader->run());
  }
  void TearDown() override {
    group.cancel();
    test::run(context, group.join());
    server.stop();
    uploader.reset();
    buffer.reset();
    pool.join();
  }
  void put(int count) {
    for (int i = 0; i < count; ++i) put("payload " + std::to_string(next++));
  }
  void put(std::string payload) {
    buffer->put({.kind = upload::RECORD_KIND_MESH_PACKET, .arrival_us = to_micros(time.wall()), .payload = payload});
  }
  void wait_delivered(std::uint64_t count) {
    ASSERT_TRUE(test::run_until(context, [&] { return ledger().delivered == count; })) << ledger().delivered;
  }
  [[nodiscard]] Ledger ledger() const { return buffer->state().servers.at(0).ledger; }

  test::TempDir directory;
  asio::io_context context{1};
  RealTime time;
  metrics::Registry registry;
  asio::thread_pool pool{1};
  ScriptedServer server;
  std::unique_ptr<BufferService> buffer;
  std::unique_ptr<Uploader> uploader;
  TaskGroup group{context.get_executor()};
  int next = 0;
};

TEST_F(HttpUploadTest, DeliversABacklogWithItsKey) {
  start();
  put(3000);
  wait_delivered(3000);
  EXPECT_EQ(server.stored(), 3000U);
  EXPECT_EQ(server.twice, 0);
  EXPECT_EQ(server.authorizations(), std::set<std::string>{"Bearer KEY"});
}

TEST_F(HttpUploadTest, GoesOnAfterEveryKindOfFailure) {
  start();
  server.answer_first_with({http::problem(500, "Broken", "oops"), http::problem_retry_after(503, "Busy", "later", 0),
                            http::problem_retry_after(429, "Slow", "down", 0), http::problem(415, "Plain", "please"),
                            http::json_response("{}"), http::problem(404, "No", "no")});
  put(100);
  ASSERT_TRUE(test::run_until(context, [&] { return ledger().delivered == 100; }, 60s));
  EXPECT_EQ(server.stored(), 100U);
}

TEST_F(HttpUploadTest, IsolatesTheBadRecord) {
  start();
  put(200);
  put("bad");
  put(200);
  wait_delivered(400);
  EXPECT_EQ(ledger().set_aside, 1U);
  EXPECT_EQ(server.twice, 0);
}

TEST_F(HttpUploadTest, SurvivesARestartOfTheServer) {
  start();
  put(10);
  wait_delivered(10);
  const auto port = server.port();
  server.stop();
  put(10);
  ASSERT_TRUE(test::run_until(context, [&] {
    return registry.text().contains("outcome=\"unreachable\",radio=\"meshtastic\",server=\"main\"} 1");
  }));
  server.start(port);
  wait_delivered(20);
  EXPECT_EQ(server.stored(), 20U);
}

}  // namespace
}  // namespace mmm::agent
