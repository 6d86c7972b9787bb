#include "agent/upload/uploader.h"

#include "agent/buffer/open_buffer.h"
#include "core/async/task_group.h"
#include "core/upload/compression.h"
#include "tests/support/temp_dir.h"
#include "tests/support/virtual_time.h"
#include "tests/unit/agent/buffer_fixture.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace mmm::agent {
namespace {

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
        return http::ClientResponse{.status = 503, .headers = {{"retry-after", "3"}}, .body = ""};
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
  asio::awaitable<Result<http::ClientResponse>> post(std::vector<http::Header> headers,
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
    BufferOptions options{.path = directory / "records.db", .max_bytes = 64U << 20U, .servers = {}};
    for (int i = 0; i < servers; ++i) options.servers.push_back("s" + std::to_string(i));
    auto opened = open_buffer(options);
    ASSERT_TRUE(opened) << opened.error().message;
    pool = std::make_unique<asio::thread_pool>(1);
    group = std::make_unique<TaskGroup>(context.get_executor());
    BufferProbe probe(registry, options.servers);
    buffer = std::make_unique<BufferService>(context.get_executor(), *pool, time, options, std::move(*opened), 100ms,
                                             std::move(probe));
    group->spawn("buffer", buffer->run());
    fake.resize(static_cast<std::size_t>(servers));
    for (std::size_t i = 0; i < fake.size(); ++i) {
      UploaderOptions uploader;
      uploader.name = options.servers[i];
      uploader.server = i;
      uploader.api_key = "KEY";
      uploader.filter = filter;
      uploaders.push_back(std::make_unique<Uploader>(std::move(uploader), *buffer,
                                                     std::make_unique<FakePoster>(fake[i], time), *pool, time,
                                                     UploadProbe::make(registry, options.servers[i]), [] {
                                                       upload::UploadHeader header;
                                                       header.set_agent_id("agent-1");
                                                       return header;
                                                     }));
      group->spawn("upload", uploaders.back()->run());
    }
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

TEST_F(UploaderTest, BringsRecordsWithinSecondsInOneUpload) {
  start();
  put(10);
  pass(3s);
  expect_stored_once(10);
  EXPECT_EQ(fake[0].requests, 1);
  EXPECT_EQ(ledger().delivered, 10U);
  EXPECT_EQ(ledger().waiting(), 0U);
  EXPECT_EQ(fake[0].last_header.agent_id(), "agent-1");
  EXPECT_EQ(fake[0].last_header.stream_id().size(), 16U);
  EXPECT_EQ(fake[0].last_header.ledger().captured(), 10U);
  EXPECT_EQ(fake[0].last_header.ledger().waiting(), 10U);
  EXPECT_GT(fake[0].last_header.sent_us(), 0);
  EXPECT_TRUE(std::ranges::any_of(fake[0].last_headers, [](const auto& header) {
    return header.name == "authorization" && header.value == "Bearer KEY";
  }));
}

TEST_F(UploaderTest, ABacklogGoesAtFullSpeed) {
  start();
  fake[0].next_fault = [&] { return FakeServer::Fault::kUnreachable; };
  put(5000);
  pass(10min);
  EXPECT_TRUE(fake[0].stored.empty());
  fake[0].next_fault = nullptr;
  pass(61s);
  expect_stored_once(5000);
  pass(1s);
  EXPECT_EQ(ledger().delivered, 5000U);
}

TEST_F(UploaderTest, ALostAnswerGivesNoSecondCopyAndIsCounted) {
  start();
  int first = 2;
  fake[0].next_fault = [&] { return first-- > 0 ? FakeServer::Fault::kAnswerLost : FakeServer::Fault::kNone; };
  put(20);
  pass(1min);
  expect_stored_once(20);
  EXPECT_EQ(ledger().delivered, 20U);
  EXPECT_EQ(ledger().duplicate, 20U);
}

TEST_F(UploaderTest, OneBadRecordIsSetAsideAndTheOthersArrive) {
  start();
  fake[0].is_bad = [](std::string_view payload) { return payload == "payload 137"; };
  put(300);
  pass(1min);
  expect_stored_once(299);
  EXPECT_EQ(ledger().set_aside, 1U);
  EXPECT_EQ(ledger().delivered, 299U);
  put(1);
  pass(5s);
  expect_stored_once(300);
}

TEST_F(UploaderTest, WhatTheServerRefusesWithinABatchIsSetAside) {
  start();
  fake[0].is_refused = [](std::string_view payload) { return payload.ends_with("7"); };
  put(100);
  pass(10s);
  expect_stored_once(90);
  EXPECT_EQ(ledger().set_aside, 10U);
  EXPECT_EQ(ledger().delivered, 90U);
}

TEST_F(UploaderTest, AWrongKeyLosesNothingAndIsNotHammered) {
  start();
  fake[0].next_fault = [&] { return FakeServer::Fault::kUnauthorized; };
  put(10);
  pass(30min);
  EXPECT_LE(fake[0].requests, 30);
  EXPECT_EQ(ledger().waiting(), 10U);
  fake[0].next_fault = nullptr;
  pass(11min);
  expect_stored_once(10);
}

TEST_F(UploaderTest, ADeadServerDelaysNobodyElse) {
  start({}, 2);
  fake[0].next_fault = [&] { return FakeServer::Fault::kTimeout; };
  for (int i = 0; i < 10; ++i) {
    put(10);
    pass(3s);
    EXPECT_EQ(ledger(1).waiting(), 0U);
  }
  expect_stored_once(100, 1);
  EXPECT_TRUE(fake[0].stored.empty());
  fake[0].next_fault = nullptr;
  pass(2min);
  expect_stored_once(100, 0);
}

TEST_F(UploaderTest, FilteredRecordsAreCountedAndNotSent) {
  RecordFilter filter;
  filter.types.insert(PacketType::kPosition);
  start(filter);
  put(50);  // not even messages: nothing that a filter may let pass
  buffer->put({.kind = upload::RECORD_KIND_AGENT_STATUS, .arrival_us = 1, .payload = "status"});
  put(3);
  pass(10s);
  EXPECT_EQ(fake[0].stored.size(), 1U);
  EXPECT_EQ(ledger().filtered, 53U);
  EXPECT_EQ(ledger().delivered, 1U);
  put(5);
  pass(10s);
  EXPECT_EQ(ledger().filtered, 58U);
  EXPECT_EQ(fake[0].requests, 1);
}

TEST_F(UploaderTest, AServerWithoutZstdGetsPlainBodies) {
  start();
  fake[0].understands_zstd = false;
  put(100);
  pass(10s);
  expect_stored_once(100);
}

TEST_F(UploaderTest, DrainSendsWhatWaitsWithoutLingering) {
  start();
  pass(1s);
  put(5);
  pass(200ms);
  EXPECT_TRUE(fake[0].stored.empty());
  group->cancel();
  time.run(context, group->join());
  time.run(context, uploaders[0]->drain(time.steady() + 5s));
  expect_stored_once(5);
  fake[0].next_fault = [&] { return FakeServer::Fault::kUnreachable; };
  put(5);
  ASSERT_TRUE(time.run(context, buffer->flush()));
  const auto before = time.steady();
  time.run(context, uploaders[0]->drain(before + 5s));
  EXPECT_LT(time.steady() - before, 1s);
}

TEST_F(UploaderTest, AnAnswerThatRepeatsARefusalSetsTheRecordAsideOnce) {
  start();
  fake[0].is_refused = [](std::string_view payload) { return payload.ends_with("7"); };
  fake[0].refusals_of_each = 50;
  put(10);
  pass(1min);
  expect_stored_once(9);
  EXPECT_EQ(ledger().set_aside, 1U);
  EXPECT_EQ(ledger().waiting(), 0U);
}

// Whatever the network does, each record arrives once or is set aside, and the ledger adds up all the time.
TEST_F(UploaderTest, RandomFaultsNeitherLoseNorDoubleARecord) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    std::mt19937 random(seed);
    fake.clear();
    next = 0;
    std::filesystem::remove(directory / "records.db");
    start({}, 2);
    for (auto& server : fake) {
      server.next_fault = [&random] {
        return random() % 2 == 0 ? FakeServer::Fault::kNone : static_cast<FakeServer::Fault>(random() % 9);
      };
      server.is_bad = [](std::string_view payload) { return payload.ends_with("13"); };
      server.is_refused = [](std::string_view payload) { return payload.ends_with("77"); };
    }
    for (int step = 0; step < 40; ++step) {
      put(static_cast<int>(random() % 40));
      pass(std::chrono::milliseconds(random() % 20'000));
      for (std::size_t server = 0; server < 2; ++server) {
        const auto now = ledger(server);
        ASSERT_LE(now.delivered + now.set_aside + now.filtered + now.dropped, now.captured);
      }
    }
    for (auto& server : fake) server.next_fault = nullptr;
    pass(30min);
    int bad = 0;
    for (int i = 0; i < next; ++i) {
      const auto payload = "payload " + std::to_string(i);
      const bool is_bad = fake[0].is_bad(payload) || fake[0].is_refused(payload);
      bad += is_bad ? 1 : 0;
      for (auto& server : fake) ASSERT_EQ(server.stored.contains(payload), !is_bad) << payload;
    }
    for (std::size_t server = 0; server < 2; ++server) {
      expect_stored_once(next - bad, server);
      EXPECT_EQ(ledger(server).set_aside, static_cast<std::uint64_t>(bad));
      EXPECT_EQ(ledger(server).waiting(), 0U);
    }
    stop();
  }
}

}  // namespace
}  // namespace mmm::agent
