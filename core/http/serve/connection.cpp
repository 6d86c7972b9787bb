#include "core/http/serve/connection.h"

#include "core/base/time.h"
#include "core/log/log.h"

#include <boost/system/system_error.hpp>

namespace mmm::http {

namespace asio = boost::asio;

namespace {

// Memory that a connection keeps for its next request; a larger body's is given back.
constexpr std::size_t kKeptBodyBytesMax = 64U << 10U;

// The Date header's value, formatted once a second on each thread.
std::string_view date_now() {
  thread_local std::int64_t formatted_second = -1;
  thread_local std::string text;
  const std::int64_t second = to_micros(wall_now()) / 1'000'000;
  if (second != formatted_second) {
    text = http_date(second);
    formatted_second = second;
  }
  return text;
}

constexpr const char* kFullDetail =
    "The server holds as many answers as it may, for clients that do not take them. Ask again in a few seconds.";

asio::const_buffer as_buffer(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

std::string_view title_of(int status) {
  switch (status) {
    case 400:
      return "Malformed request";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 408:
      return "Request too slow";
    case 413:
      return "Body too large";
    case 414:
      return "Request target too long";
    case 417:
      return "Expectation not understood";
    case 431:
      return "Request head too large";
    case 501:
      return "Not implemented";
    case 503:
      return "Too busy";
    case 505:
      return "HTTP version not supported";
    default:
      return "Request refused";
  }
}

}  // namespace

Connection::Connection(Transport transport, std::string remote_address, Shared& shared)
    : transport_(std::move(transport)), remote_address_(std::move(remote_address)), shared_(shared) {}

Connection::~Connection() = default;

asio::awaitable<void> Connection::serve() {
  if (co_await shake_hands()) {
    while (co_await serve_one()) {
    }
    if (!aborted_) {
      arm(limits::kHttpLingerTimeout);
      co_await transport_.say_goodbye();
      disarm();
    }
  }
  transport_.close();
}

asio::awaitable<bool> Connection::shake_hands() {
  if (!transport_.is_tls()) co_return true;
  arm(shared_.options.header_timeout);
  const boost::system::error_code error = co_await transport_.shake_hands();
  disarm();
  if (!error) co_return true;
  if (!stopping_ && shared_.options.on_handshake_failure) shared_.options.on_handshake_failure();
  co_return false;
}

asio::awaitable<void> Connection::turn_away() {
  if (!co_await shake_hands()) co_return;
  started_ = Clock::now();
  refusal_ = {503, "The server has as many connections as it may. Try again in a few seconds."};
  static_cast<void>(co_await refuse_request());
}

void Connection::begin_request() {
  scanner_.reset();
  match_ = {};
  request_.identity.reset();
  request_.via_proxy = false;
  early_answer_.reset();
  framed_ = false;
  if (request_.body.capacity() > kKeptBodyBytesMax) {
    request_.body = std::string();
  } else {
    request_.body.clear();
  }
}

asio::awaitable<bool> Connection::serve_one() {
  begin_request();
  BudgetShare share(shared_.bodies);
  ReadOutcome outcome = co_await read_head();
  first_request_ = false;
  started_ = Clock::now();
  if (outcome == ReadOutcome::kReady) outcome = co_await read_body(share);
  disarm();
  if (outcome == ReadOutcome::kOver) co_return false;
  if (outcome == ReadOutcome::kRefused) {
    request_.body = std::string();
    share.release();
    co_return co_await refuse_request();
  }
  Response response = co_await call_handler();
  BudgetShare answer_share(shared_.answers);
  if (!answer_share.grow_to(response.body.size())) response = problem_retry_after(503, title_of(503), kFullDetail, 5);
  const bool goes_on = co_await answer(response);
  observe(response.status);
  co_return goes_on;
}

asio::awaitable<Response> Connection::call_handler() {
  std::string failure;
  try {
    co_return co_await match_.route->handler(request_);
  } catch (const std::exception& exception) {
    if (aborted_) throw;
    failure = exception.what();
  }
  log::error("core/http", "BUG: the handler of {} ended by an exception: {}", route_name(), failure);
  co_return problem(500, "Internal error", "The server made a mistake while answering; its log says more.");
}

asio::awaitable<bool> Connection::refuse_request() {
  Response response = refusal_.status == 503 ? problem_retry_after(503, title_of(503), refusal_.detail, 5)
                                             : problem(refusal_.status, title_of(refusal_.status), refusal_.detail);
  if (early_answer_) response = std::move(*early_answer_);
  if (refusal_.status == 405) response.headers.push_back({"Allow", match_.allow});
  const bool unread = !framed_ || head_.has_body();
  if (unread) head_.keep_alive = false;
  const bool goes_on = co_await answer(response);
  observe(response.status);
  if (unread) co_await linger();
  co_return goes_on;
}

asio::awaitable<bool> Connection::answer(const Response& response) {
  const bool head_only = head_.method == Method::kHead;
  ResponseFraming framing;
  framing.http_1_0 = head_.minor_version == 0;
  framing.keep_alive = head_.keep_alive && !stopping_ && !response.stream;
  framing.chunked = response.stream && !framing.http_1_0;
  const std::string_view body = response.static_body.empty() ? std::string_view(response.body) : response.static_body;
  const bool with_length = !response.stream && !is_bodiless(response.status);
  if (with_length) framing.content_length = body.size();
  output_.clear();
  append_response_head(output_, response, framing, date_now());
  const bool with_body = with_length && !head_only;
  const WriteBuffers buffers{as_buffer(output_), as_buffer(with_body ? body : std::string_view())};
  if (!co_await write(buffers)) co_return false;
  if (response.stream && !head_only) co_await send_stream(response);
  // What was pipelined behind the last request is not read: it must not cost the client the answer.
  if (!framing.keep_alive && framed_ && !input_.empty()) co_await linger();
  co_return framing.keep_alive;
}

asio::awaitable<bool> Connection::write(WriteBuffers buffers) {
  IoResult result = transport_.try_write(buffers);
  consume(buffers, result.bytes);
  const auto left = [&buffers] { return asio::buffer_size(buffers); };
  const auto end = left() > 0 ? write_end(left()) : Clock::time_point::max();
  while (!result.error && left() > 0) {
    arm_write(end);
    result = co_await transport_.write_some(buffers);
    consume(buffers, result.bytes);
  }
  if (result.error) co_return false;
  disarm();
  co_return true;
}

// Closing while the client still sends makes its system throw the answer away before it was read.
asio::awaitable<void> Connection::linger() {
  transport_.shutdown_send();
  input_.consume(input_.view().size());
  arm(limits::kHttpLingerTimeout);
  for (std::size_t left = limits::kHttpLingerBytesMax; left > 0;) {
    const IoResult result = co_await transport_.read_some(input_.prepare());
    if (result.error) break;
    left -= std::min(left, result.bytes);
  }
  disarm();
}

void Connection::observe(int status) {
  if (!shared_.observer) return;
  const std::chrono::duration<double> taken = Clock::now() - started_;
  shared_.observer(route_name(), head_.method, status, taken.count());
}

void Connection::expire() {
  expired_ = true;
  disarm();
  transport_.cancel();
}

void Connection::begin_stop() {
  stopping_ = true;
  // A request that is already here is still answered.
  if (phase_ == Phase::kIdle && !transport_.readable()) transport_.close();
  if (phase_ == Phase::kStreaming) stream_signal_.emit(asio::cancellation_type::terminal);
}

void Connection::abort() {
  aborted_ = true;
  transport_.close();
  if (phase_ == Phase::kStreaming) stream_signal_.emit(asio::cancellation_type::terminal);
}

}  // namespace mmm::http
