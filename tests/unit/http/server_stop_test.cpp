#include "tests/unit/http/server_fixture.h"

#include <future>

namespace mmm::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(HttpServerTest, StopClosesIdleConnectionsAtOnce) {
  start();
  RawClient fresh = connect();
  RawClient used = connect();
  used.send(http_request("GET", "/hello"));
  EXPECT_EQ(used.receive().status, 200);
  EXPECT_TRUE(eventually([this] { return server_->connections() == 2; }));
  const auto begin = Clock::now();
  server_->stop(seconds{60});
  EXPECT_LT(Clock::now() - begin, seconds{30});
  EXPECT_TRUE(fresh.closed());
  EXPECT_TRUE(used.closed());
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(HttpServerTest, StopLetsARequestInFlightFinish) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/slow"));
  EXPECT_TRUE(eventually([this] { return slow_running_ == 1; }));
  auto stopped = std::async(std::launch::async, [this] { server_->stop(seconds{60}); });
  // The listener is closed first: once nobody can connect, stopping has begun.
  EXPECT_TRUE(eventually([this] {
    try {
      RawClient late(server_->port());
      return false;
    } catch (const std::exception&) {
      return true;
    }
  }));
  slow_may_end_ = 1;
  const RawResponse response = client.receive();
  EXPECT_EQ(response.body, "done");
  EXPECT_EQ(response.headers.at("connection"), "close");
  stopped.get();
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, StopCutsWhatLastsLongerThanTheGrace) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/slow"));
  EXPECT_TRUE(eventually([this] { return slow_running_ == 1; }));
  server_->stop(milliseconds{50});
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, StopEndsStreamsInGoodOrder) {
  start({.threads = 2});
  RawClient client = connect();
  client.send(http_request("GET", "/stream"));
  EXPECT_FALSE(client.receive_until("hello\r\n").empty());
  const auto begin = Clock::now();
  server_->stop(seconds{60});
  EXPECT_LT(Clock::now() - begin, seconds{30});
  EXPECT_EQ(client.receive_until("0\r\n\r\n"), "0\r\n\r\n");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(streams_ended_, 1);
}

TEST_F(HttpServerTest, StopCutsAStreamWhoseClientDoesNotRead) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/flood"));
  EXPECT_TRUE(eventually([this] { return streams_running_ == 1; }));
  const auto begin = Clock::now();
  server_->stop(milliseconds{200});
  EXPECT_LT(Clock::now() - begin, seconds{30});
  EXPECT_EQ(streams_ended_, 1);
}

TEST_F(HttpServerTest, StopUnderLoadLosesNoAnswerThatItBegan) {
  start({.threads = 2});
  std::atomic<bool> stopping{false};
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, this] {
      const std::string body(5000, 'b');
      try {
        RawClient client = connect();
        while (true) {
          client.send(http_request("POST", "/echo", body));
          const RawResponse response = client.receive();
          if (response.status == 0) break;
          EXPECT_EQ(response.body, body);
          ++answered;
          if (response.headers.contains("connection")) break;
        }
      } catch (const std::exception&) {
        // The server has closed between two requests.
      }
      EXPECT_TRUE(stopping);
    });
  }
  EXPECT_TRUE(eventually([&] { return answered > 200; }));
  stopping = true;
  server_->stop(seconds{10});
  for (std::thread& thread : threads) thread.join();
}

TEST_F(HttpServerTest, StopIsIdempotentAndTheDestructorStops) {
  start();
  server_->stop(seconds{1});
  server_->stop(seconds{1});
  server_.reset();
  start();
  RawClient client = connect();
  server_.reset();
  EXPECT_TRUE(client.closed());
}

}  // namespace
}  // namespace mmm::test
