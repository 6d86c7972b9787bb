#pragma once

#include "core/http/parse/request_head.h"
#include "core/http/serve/input_buffer.h"
#include "core/http/serve/response_head.h"
#include "core/http/serve/shared.h"
#include "core/http/serve/transport.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mmm::http {

// One connection: reads requests, one after the other, and answers them.
//
// Thread: the worker's. Its owner looks at deadline() now and then and calls expire(): timers of its own, set several
// times a request, would cost more than the rest of it.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(Transport transport, std::string remote_address, Shared& shared);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Serves until the connection is over. Once.
  boost::asio::awaitable<void> serve();

  // Answers 503 without reading a request. Instead of serve().
  boost::asio::awaitable<void> turn_away();

  // When what it waits for is late; max() when it waits for nobody, or for a handler.
  [[nodiscard]] Clock::time_point deadline() const { return deadline_; }
  void expire();
  // The server stops: an idle connection ends now, another after its response; a stream is cancelled.
  void begin_stop();
  // The server no longer waits: ends what is suspended.
  void abort();

 private:
  class ChunkWriter;
  enum class Phase : std::uint8_t { kIdle, kBusy, kStreaming };
  enum class ReadOutcome : std::uint8_t { kReady, kRefused, kOver };

  // False: no TLS could be agreed on, and the connection is over.
  boost::asio::awaitable<bool> shake_hands();
  // The steps of a request. True: the connection goes on.
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> refuse_request();
  boost::asio::awaitable<bool> answer(const Response& response);
  boost::asio::awaitable<Response> call_handler();
  void begin_request();
  void observe(int status);

  // Reading (read_request.cpp).
  boost::asio::awaitable<ReadOutcome> read_head();
  Parsed<> take_head(std::size_t size);
  Parsed<> find_route();
  boost::asio::awaitable<ReadOutcome> read_body(BudgetShare& share);
  boost::asio::awaitable<ReadOutcome> read_sized_body(BudgetShare& share);
  boost::asio::awaitable<ReadOutcome> read_chunked_body(BudgetShare& share);
  boost::asio::awaitable<bool> fill();
  ReadOutcome refused(Refusal refusal);
  ReadOutcome body_interrupted();

  // Writing.
  boost::asio::awaitable<bool> write(WriteBuffers buffers);
  boost::asio::awaitable<void> linger();

  // Streaming (stream_response.cpp).
  boost::asio::awaitable<void> send_stream(const Response& response);
  boost::asio::awaitable<void> run_stream(const StreamFunction& function, ChunkWriter& writer);
  boost::asio::awaitable<void> watch_client();

  void arm(std::chrono::milliseconds timeout) {
    expired_ = false;
    deadline_ = Clock::now() + timeout;
  }
  // By when so many bytes must have been taken.
  [[nodiscard]] Clock::time_point write_end(std::size_t bytes) const {
    const auto& options = shared_.options;
    return Clock::now() + options.write_timeout + std::chrono::seconds(bytes / options.write_bytes_per_second_min);
  }
  void arm_write(Clock::time_point end) {
    arm(shared_.options.write_timeout);
    deadline_ = std::min(deadline_, end);
  }
  void disarm() { deadline_ = Clock::time_point::max(); }
  [[nodiscard]] std::string_view route_name() const {
    return match_.route != nullptr ? std::string_view(match_.route->pattern) : std::string_view("unmatched");
  }

  Transport transport_;
  const std::string remote_address_;
  Shared& shared_;

  Clock::time_point deadline_ = Clock::time_point::max();
  Phase phase_ = Phase::kIdle;
  bool first_request_ = true;
  bool expired_ = false;      // the operation that ended with operation_aborted was late
  bool stopping_ = false;     // no request after this one
  bool aborted_ = false;      // everything that is awaited ends with operation_aborted
  bool client_gone_ = false;  // noticed while streaming
  // Ends the stream of a streaming response.
  boost::asio::cancellation_signal stream_signal_;

  InputBuffer input_;
  HeadScanner scanner_;
  // Of the request at hand; kept, so that their memory is used again.
  RequestHead head_;
  Request request_;
  Router::Match match_;
  Refusal refusal_{};
  std::optional<Response> early_answer_;  // of the route's check, instead of one made from refusal_
  // True once it is known where the request ends: after it another one may follow.
  bool framed_ = false;
  Clock::time_point started_;
  std::string output_;
};

}  // namespace mmm::http
