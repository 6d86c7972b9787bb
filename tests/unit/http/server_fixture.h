#pragma once

#include "core/http/server.h"
#include "tests/unit/http/raw_client.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mmm::test {

// A server on a free port of the loopback with routes for every case, and a record of what its observer was told.
class HttpServerTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kEchoLimit = 100'000;

  struct Observed {
    std::string route;
    http::Method method;
    int status;
    friend bool operator==(const Observed&, const Observed&) = default;
  };

  HttpServerTest();
  ~HttpServerTest() override;

  void start(http::ServerOptions options = {});
  [[nodiscard]] RawClient connect() const { return RawClient(server_->port()); }
  // One request on a connection of its own.
  RawResponse exchange(const std::string& bytes);
  // What the observer was told, once it is `count` calls.
  std::vector<Observed> observed(std::size_t count);
  // True once `condition` holds, checked for RawClient::kPatience.
  template <class Condition>
  bool eventually(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + RawClient::kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
  }

  http::Router router_;
  std::unique_ptr<http::Server> server_;
  // Of the routes /slow and /stream: how many run, and how many have ended.
  std::atomic<int> slow_running_{0};
  std::atomic<int> slow_may_end_{0};
  std::atomic<int> streams_running_{0};
  std::atomic<int> streams_ended_{0};
  std::string static_bytes_ = std::string(2'000'000, 's');

 private:
  void add_routes();

  std::mutex mutex_;
  std::vector<Observed> observed_;
};

}  // namespace mmm::test
