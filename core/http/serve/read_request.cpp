// How a connection reads a request: the head within its limits, then the route, and only then the body within the
// route's.
#include "core/base/ascii.h"
#include "core/base/check.h"
#include "core/http/parse/chunked_decoder.h"
#include "core/http/parse/target.h"
#include "core/http/parse/tokens.h"
#include "core/http/serve/connection.h"

#include <fmt/format.h>

namespace mmm::http {

namespace asio = boost::asio;

namespace {

// Memory for a body is taken as it arrives, so that announcing a large one costs the server nothing.
constexpr std::size_t kBodyStepBytes = 64U << 10U;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

constexpr const char* kBusyDetail =
    "The server holds as many request bodies as it may. Send the request again in a few seconds.";

void copy_headers(const std::vector<HeaderView>& from, std::vector<Header>& to) {
  to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i].name.resize(from[i].name.size());
    std::ranges::transform(from[i].name, to[i].name.begin(), [](char c) { return ascii_lower(c); });
    to[i].value.assign(from[i].value);
  }
}

}  // namespace

asio::awaitable<bool> Connection::fill() {
  const auto room = input_.prepare();
  MMM_CHECK(room.size() > 0);
  const IoResult result = co_await transport_.read_some(room);
  input_.commit(result.bytes);
  co_return !result.error;
}

asio::awaitable<Connection::ReadOutcome> Connection::read_head() {
  if (input_.empty()) {
    if (stopping_) co_return ReadOutcome::kOver;
    phase_ = Phase::kIdle;
    arm(first_request_ ? shared_.options.header_timeout : shared_.options.idle_timeout);
    if (!co_await fill()) co_return ReadOutcome::kOver;
  }
  phase_ = Phase::kBusy;
  arm(shared_.options.header_timeout);
  bool may_skip = true;
  while (true) {
    // Some clients send an empty line after a body.
    if (may_skip && input_.view().starts_with("\r\n")) {
      may_skip = false;
      input_.consume(2);
      scanner_.reset();
    }
    const auto size = scanner_.scan(input_.view());
    if (!size) {
      head_ = {};
      co_return refused(size.error());
    }
    if (*size > 0) {
      auto taken = take_head(*size);
      co_return taken ? ReadOutcome::kReady : refused(std::move(taken.error()));
    }
    if (!co_await fill()) co_return ReadOutcome::kOver;
  }
}

// Everything is copied out of the input before it is read into again.
Parsed<> Connection::take_head(std::size_t size) {
  const std::string_view bytes = input_.view().substr(0, size);
  if (auto parsed = parse_request_head(bytes, head_); !parsed) return parsed;
  framed_ = true;
  request_.method = head_.method;
  request_.remote_address = remote_address_;
  copy_headers(head_.headers, request_.headers);
  auto target = parse_target(head_.target, request_.path, request_.query);
  head_.headers.clear();
  input_.consume(size);
  if (!target) return target;
  return find_route();
}

Parsed<> Connection::find_route() {
  match_ = shared_.router.match(request_.method, request_.path);
  if (const HeadCheck& check = shared_.router.front_check()) {
    early_answer_ = check(request_);
    if (early_answer_) return refuse(early_answer_->status, {});
  }
  if (match_.route == nullptr) {
    if (match_.allow.empty()) return refuse(404, fmt::format("There is nothing at {}.", request_.path));
    return refuse(405, fmt::format("{} takes {} only.", request_.path, match_.allow));
  }
  request_.params = std::move(match_.params);
  if (match_.route->check) {
    early_answer_ = match_.route->check(request_);
    if (early_answer_) return refuse(early_answer_->status, {});
  }
  const std::size_t limit = match_.route->body_limit;
  if (head_.content_length.value_or(0) > limit || (head_.chunked && limit == 0)) {
    if (limit == 0) return refuse(413, "This request takes no body.");
    return refuse(413, fmt::format("The body of {} bytes is larger than the {} bytes allowed here.",
                                   *head_.content_length, limit));
  }
  return {};
}

Connection::ReadOutcome Connection::refused(Refusal refusal) {
  refusal_ = std::move(refusal);
  return ReadOutcome::kRefused;
}

Connection::ReadOutcome Connection::body_interrupted() {
  if (!expired_) return ReadOutcome::kOver;
  return refused({408, "The body did not arrive in time."});
}

asio::awaitable<Connection::ReadOutcome> Connection::read_body(BudgetShare& share) {
  if (!head_.has_body()) co_return ReadOutcome::kReady;
  if (head_.expect_continue && input_.empty()) {
    const WriteBuffers buffers{asio::const_buffer(kContinue.data(), kContinue.size())};
    if (!co_await write(buffers)) co_return ReadOutcome::kOver;
  }
  arm(shared_.options.body_timeout);
  if (head_.chunked) co_return co_await read_chunked_body(share);
  co_return co_await read_sized_body(share);
}

asio::awaitable<Connection::ReadOutcome> Connection::read_sized_body(BudgetShare& share) {
  const auto size = static_cast<std::size_t>(*head_.content_length);
  std::string& body = request_.body;
  std::size_t filled = 0;
  while (filled < size) {
    if (filled == body.size()) {
      const std::size_t step = filled + std::min(size - filled, kBodyStepBytes);
      if (!share.grow_to(step)) co_return refused({503, kBusyDetail});
      body.reserve(size);
      body.resize(step);
    }
    if (!input_.empty()) {
      const std::string_view have = input_.view().substr(0, body.size() - filled);
      have.copy(body.data() + filled, have.size());
      filled += have.size();
      input_.consume(have.size());
      continue;
    }
    const IoResult result = co_await transport_.read_some(asio::buffer(body.data() + filled, body.size() - filled));
    filled += result.bytes;
    if (result.error) co_return body_interrupted();
  }
  co_return ReadOutcome::kReady;
}

asio::awaitable<Connection::ReadOutcome> Connection::read_chunked_body(BudgetShare& share) {
  ChunkedDecoder decoder;
  std::string& body = request_.body;
  while (true) {
    const std::string_view have = input_.view();
    const auto used = decoder.feed(have, body, match_.route->body_limit);
    if (!used) {
      // Where the request ends is no longer known.
      framed_ = false;
      co_return refused(used.error());
    }
    input_.consume(*used);
    if (decoder.done()) co_return ReadOutcome::kReady;
    if (!share.grow_to(body.capacity())) co_return refused({503, kBusyDetail});
    if (!co_await fill()) co_return body_interrupted();
  }
}

}  // namespace mmm::http
