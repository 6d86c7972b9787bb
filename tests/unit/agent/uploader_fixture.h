#pragma once

#include "agent/buffer/open_buffer.h"
#include "agent/upload/native_carrier.h"
#include "agent/upload/uploader.h"
#include "core/async/task_group.h"
#include "core/upload/compression.h"
#include "tests/support/temp_dir.h"
#include "tests/support/virtual_time.h"
#include "tests/unit/agent/buffer_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mmm::agent {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// A server as the contract has it, with whatever faults the test asks for. It remembers each record that it stored.
class FakeServer {
 public:
  enum class Fault : std::uint8_t {
    kNone,
    kUnreachable,
    kAnswerLost,  // stored, but the agent never hears of it
    kTimeout,
    kServerError,
    kBusy,
    kUnauthorized,
    kHtml,
    kPartly,  // only the first half is stored
  };

  Result<http::ClientResponse> handle(const std::vector<http::Header>& headers, std::string_view body) {
    ++requests;
    last_headers = headers;
    const Fault fault = next_fault ? next_fault() : Fault::kNone;
    switch (fault) {
      case Fault::kUnreachable:
        return fail(ErrorKind::kUnavailable, "connection refused");
      case Fault::kTimeout:
        return fail(ErrorKind::kTimeout, "no answer within 10 s");
      case Fault::kServerError:
        return http::ClientResponse{.status = 500, .headers = {}, .body = "oops"};
      case Fault::kBusy:
        return http::ClientResponse{.status = 503, .headers = {{"retry-after", retry_after}}, .body = ""};
      case Fault::kUnauthorized:
        return problem(401, "the key is not known");
      case Fault::kHtml:
        return http::ClientResponse{.status = 200, .headers = {}, .body = "<html>please log in</html>"};
      case Fault::kNone:
      case Fault::kAnswerLost:
      case Fault::kPartly:
        break;
    }
    auto response = store(headers, body, fault == Fault::kPartly);
    if (fault == Fault::kAnswerLost) return fail(ErrorKind::kClosed, "connection lost");
    return response;
  }

  std::function<Fault()> next_fault;
  std::function<bool(std::string_view payload)> is_bad;      // the whole batch is refused: 422
  std::function<bool(std::string_view payload)> is_refused;  // refused within an accepted batch
  std::string retry_after = "3";                             // seconds, when busy
  int refusals_of_each = 1;                                  // how often the answer names a refused record
  bool understands_zstd = true;
  int requests = 0;
  std::vector<http::Header> last_headers;
  upload::UploadHeader last_header;
  std::map<std::string, int> stored;  // payload → times
  std::uint64_t duplicates = 0;

 private:
  static http::ClientResponse problem(int status, const std::string& detail) {
    return {.status = status,
            .headers = {{"content-type", "application/problem+json"}},
            .body = R"({"title":"refused","detail":")" + detail + "\"}"};
  }

  Result<http::ClientResponse> store(const std::vector<http::Header>& headers, std::string_view body, bool partly) {
    const bool compressed =
        std::ranges::any_of(headers, [](const auto& header) { return header.name == "content-encoding"; });
    if (compressed && !understands_zstd) return problem(415, "only identity");
    const std::string plain = compressed ? *upload::zstd_decompress(body, 16U << 20U) : std::string(body);
    const auto view = upload::scan_upload(plain);
    if (!view) return problem(400, view.error().message);
    last_header = view->header;
    if (is_bad && std::ranges::any_of(view->records, [&](const auto& record) { return is_bad(record.payload); })) {
      return problem(422, "bad record");
    }
    auto& mark = marks_[view->header.stream_id()];
    upload::UploadResponse response;
    std::size_t left = partly ? (view->records.size() + 1) / 2 : view->records.size();
    for (const auto& record : view->records) {
      if (left-- == 0) break;
      // As the server does: what is wrong with a record is said each time it is sent.
      if (is_refused && is_refused(record.payload)) {
        for (int i = 0; i < refusals_of_each; ++i) {
          auto* refused = response.add_refused();
          refused->set_seq(record.seq);
          refused->set_reason(std::string(1000, 'u'));
        }
        mark = std::max(mark, record.seq);
        continue;
      }
      if (record.seq <= mark) {
        response.set_duplicates(response.duplicates() + 1);
        ++duplicates;
        continue;
      }
      mark = record.seq;
      ++stored[std::string(record.payload)];
    }
    response.set_durable_seq(mark);
    return http::ClientResponse{.status = 200, .headers = {}, .body = response.SerializeAsString()};
  }

  std::map<std::string, std::uint64_t> marks_;
};

class FakePoster final : public Poster {
 public:
  FakePoster(FakeServer& server, TimeSource& time) : server_(server), time_(time) {}
  asio::awaitable<Result<http::ClientResponse>> post(std::string, std::vector<http::Header> headers,
                                                     std::string_view body) override {
    co_await time_.sleep_for(5ms);
    co_return server_.handle(headers, body);
  }

 private:
  FakeServer& server_;
  TimeSource& time_;
};

class UploaderTest : public ::testing::Test {
 protected:
  ~UploaderTest() override { stop(); }

  void start(RecordFilter filter = {}, int servers = 1) {
    open_buffer_of(servers);
    fake.resize(static_cast<std::size_t>(servers));
    for (std::size_t i = 0; i < fake.size(); ++i) {
      std::vector<UploadServer> one;
      one.push_back(server_of(i));
      add_uploader(i, std::move(one), filter);
    }
  }
  // So many servers, of which the first that is healthy gets the records.
  void start_group(int servers, RecordFilter filter = {}) {
    open_buffer_of(1);
    fake.resize(static_cast<std::size_t>(servers));
    std::vector<UploadServer> all;
    for (std::size_t i = 0; i < fake.size(); ++i) all.push_back(server_of(i));
    add_uploader(0, std::move(all), filter);
  }
  void open_buffer_of(int destinations) {
    BufferOptions options{.path = directory / "records.db", .max_bytes = 64U << 20U, .servers = {}};
    for (int i = 0; i < destinations; ++i) options.servers.push_back("s" + std::to_string(i));
    auto opened = open_buffer(options);
    ASSERT_TRUE(opened) << opened.error().message;
    pool = std::make_unique<asio::thread_pool>(1);
    group = std::make_unique<TaskGroup>(context.get_executor());
    BufferProbe probe(registry, "meshtastic", options.servers);
    buffer = std::make_unique<BufferService>(context.get_executor(), *pool, time, options, std::move(*opened), 100ms,
                                             std::move(probe));
    group->spawn("buffer", buffer->run());
  }
  UploadServer server_of(std::size_t place) {
    const auto name = "s" + std::to_string(place);
    return {
        .name = name,
        .carrier = std::make_unique<NativeCarrier>(std::make_unique<FakePoster>(fake[place], time), "KEY", *pool, time),
        .policy = {},
        .probe = UploadProbe::make(registry, "meshtastic", name)};
  }
  void add_uploader(std::size_t destination, std::vector<UploadServer> servers, const RecordFilter& filter) {
    UploaderOptions options{
        .name = "s" + std::to_string(destination), .destination = destination, .filter = filter, .seed = 0};
    uploaders.push_back(
        std::make_unique<Uploader>(context.get_executor(), std::move(options), *buffer, std::move(servers), time, [] {
          upload::UploadHeader header;
          header.set_agent_id("agent-1");
          return header;
        }));
    group->spawn("upload", uploaders.back()->run());
    group->spawn("probes", uploaders.back()->run_probes());
  }
  void stop() {
    if (!group) return;
    group->cancel();
    time.run(context, group->join());
    uploaders.clear();
    buffer.reset();
    pool->join();
    group.reset();
  }
  void put(int count) {
    for (int i = 0; i < count; ++i) buffer->put(packet_record(next_payload(), to_micros(time.wall())));
  }
  std::string next_payload() { return "payload " + std::to_string(next++); }
  void pass(test::VirtualTime::Duration duration) { time.run_for(context, duration); }
  [[nodiscard]] Ledger ledger(std::size_t server = 0) const { return buffer->state().servers.at(server).ledger; }
  void expect_stored_once(int count, std::size_t server = 0) {
    EXPECT_EQ(fake[server].stored.size(), static_cast<std::size_t>(count));
    for (const auto& [payload, times] : fake[server].stored) ASSERT_EQ(times, 1) << payload;
  }

  test::TempDir directory;
  asio::io_context context{1};
  test::VirtualTime time;
  metrics::Registry registry;
  std::unique_ptr<asio::thread_pool> pool;
  std::unique_ptr<TaskGroup> group;
  std::unique_ptr<BufferService> buffer;
  std::deque<FakeServer> fake;
  std::vector<std::unique_ptr<Uploader>> uploaders;
  int next = 0;
};

}  // namespace mmm::agent
