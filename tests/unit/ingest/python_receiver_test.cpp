#include "ingest/python/python_receiver.h"

#include "core/base/limits.h"
#include "tests/support/run_coroutine.h"
#include "tests/unit/store/store_fixture.h"

#include <atomic>

namespace mmm::ingest::python {
namespace {

// The real clocks, with the wall clock set off.
class OffsetTime final : public TimeSource {
 public:
  [[nodiscard]] WallTime wall() const override { return real_.wall() + offset; }
  [[nodiscard]] SteadyTime steady() const override { return real_.steady(); }
  boost::asio::awaitable<void> sleep_until(SteadyTime when) override { return real_.sleep_until(when); }

  std::chrono::microseconds offset{0};

 private:
  RealTime real_;
};

class PythonReceiverTest : public testing::Test {
 protected:
  PythonReceiverTest() {
    options_.free_bytes_min = 1000;
    options_.free_bytes = [this]() -> Result<std::uint64_t> { return free_.load(); };
    options_.census.agents = 2;
    keys_.add("shared", "key");
    keys_.add("bound", "own key");
    log_ = store::open_log(dir_ / "log");
    writer_ = std::make_unique<store::LogWriter>(*log_, time_, registry_, options_);
    writer_->start();
    receiver_ = std::make_unique<PythonReceiver>(*writer_, gate_, time_, registry_);
  }
  ~PythonReceiverTest() override { writer_->stop(); }

  int post(std::string body, Endpoint endpoint = Endpoint::kData, std::string_view key = "key") {
    http::Request request;
    request.method = http::Method::kPost;
    request.headers.push_back({"x-api-key", std::string(key)});
    request.body = std::move(body);
    // As the HTTP server does before it reads a body.
    if (const auto refused = gate_.check(request)) return refused->status;
    return test::run(context_, receiver_->handle(endpoint, request)).status;
  }

  static std::string data(int first, int count, std::string_view agent = "a") {
    std::string packets;
    for (int i = first; i < first + count; ++i)
      packets += fmt::format("{}{{\"packet_id\":{}}}", i == first ? "" : ",", i);
    return fmt::format(R"({{"agent_id":"{}","packets":[{}]}})", agent, packets);
  }

  // Payloads in the log, in order.
  [[nodiscard]] std::vector<std::string> stored() const {
    std::vector<std::string> payloads;
    for (const store::StoredChunk& chunk : store::read_all(*log_)) {
      for (const upload::RecordView& record : chunk.upload.records) payloads.emplace_back(record.payload);
    }
    return payloads;
  }

  test::TempDir dir_;
  OffsetTime time_;
  metrics::Registry registry_;
  store::LogWriterOptions options_;
  std::atomic<std::uint64_t> free_{1U << 30U};
  ApiKeys keys_;
  RateLimiter limiter_{{}, time_, registry_};
  UploadGate gate_{keys_, limiter_};
  boost::asio::io_context context_{1};
  std::unique_ptr<store::PacketLog> log_;
  std::unique_ptr<store::LogWriter> writer_;
  std::unique_ptr<PythonReceiver> receiver_;
};

TEST_F(PythonReceiverTest, StoresEachEntryOnce) {
  EXPECT_EQ(post(data(0, 3)), 200);
  EXPECT_EQ(post(data(1, 3)), 200);
  EXPECT_EQ(stored(), (std::vector<std::string>{R"({"packet_id":0})", R"({"packet_id":1})", R"({"packet_id":2})",
                                                R"({"packet_id":3})"}));
}

TEST_F(PythonReceiverTest, AClockThatWasSetBackLosesNothing) {
  EXPECT_EQ(post(data(0, 3)), 200);
  time_.offset = -std::chrono::hours(24);
  EXPECT_EQ(post(data(3, 3)), 200);
  EXPECT_EQ(post(data(6, 1)), 200);
  EXPECT_EQ(stored().size(), 7U);
}

TEST_F(PythonReceiverTest, AFullDiskIsNotLearnt) {
  free_ = 10;
  EXPECT_EQ(post(data(0, 3)), 503);
  EXPECT_TRUE(stored().empty());
  free_ = 1U << 30U;
  // The writer asks for the free space once a second.
  const auto deadline = time_.steady() + std::chrono::seconds(20);
  int status = 0;
  while (status != 200 && time_.steady() < deadline) status = post(data(0, 3));
  EXPECT_EQ(status, 200);
  EXPECT_EQ(stored().size(), 3U);
}

TEST_F(PythonReceiverTest, ManyEntriesTakeSeveralChunks) {
  const int count = static_cast<int>(limits::kUploadRecordsMax) * 2 + 10;
  EXPECT_EQ(post(data(0, count)), 200);
  EXPECT_EQ(stored().size(), static_cast<std::size_t>(count));
  EXPECT_EQ(post(data(0, count)), 200);
  EXPECT_EQ(stored().size(), static_cast<std::size_t>(count));
}

TEST_F(PythonReceiverTest, ABodyWithNothingNewIsASignOfLife) {
  EXPECT_EQ(post(data(0, 0)), 200);
  EXPECT_EQ(post(R"({"agent_id":"a","location":{"name":"Hill","coordinates":[46.5,7.25]}})", Endpoint::kRegister), 200);
  EXPECT_EQ(post(R"({"agent_id":"a","location":{"name":"Hill","coordinates":[46.5,7.25]}})", Endpoint::kRegister), 200);
  const auto chunks = store::read_all(*log_);
  ASSERT_EQ(chunks.size(), 3U);
  EXPECT_EQ(stored().size(), 1U);
  EXPECT_EQ(chunks[2].upload.header.location().name(), "Hill");
  EXPECT_EQ(chunks[0].upload.header.stream_id(), chunks[2].upload.header.stream_id());
}

TEST_F(PythonReceiverTest, AnotherStartRemembers) {
  EXPECT_EQ(post(data(0, 3)), 200);
  PythonReceiver next(*writer_, gate_, time_, registry_);
  ASSERT_TRUE(next.recall(*log_));
  while (next.is_recalling()) std::this_thread::yield();
  http::Request request;
  request.headers.push_back({"x-api-key", "key"});
  request.body = data(0, 3);
  ASSERT_FALSE(gate_.check(request));
  EXPECT_EQ(test::run(context_, next.handle(Endpoint::kData, request)).status, 200);
  EXPECT_EQ(stored().size(), 3U);
}

TEST_F(PythonReceiverTest, OneAgentTooManyIsRefusedAlone) {
  EXPECT_EQ(post(data(0, 1)), 200);
  EXPECT_EQ(post(data(0, 1, "b")), 200);
  EXPECT_EQ(post(data(0, 1, "c")), 429);
  EXPECT_EQ(post(data(1, 1)), 200);
  EXPECT_EQ(stored().size(), 3U);
}

TEST_F(PythonReceiverTest, AKeyOfAnAgentIsItsOwn) {
  EXPECT_EQ(post(data(0, 1), Endpoint::kData, "no such key"), 401);
  EXPECT_EQ(post(data(0, 1, "bound")), 403);
  EXPECT_EQ(post(data(0, 1, "bound"), Endpoint::kData, "own key"), 200);
  EXPECT_EQ(post("{"), 400);
  EXPECT_EQ(stored().size(), 1U);
}

}  // namespace
}  // namespace mmm::ingest::python
