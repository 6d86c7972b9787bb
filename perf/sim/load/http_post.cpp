#include "perf/sim/load/http_post.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <array>
#include <charconv>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t kAnswerBytesMax = 1U << 20U;
constexpr std::size_t kReadBytes = 16U << 10U;

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

struct Head {
  int status = 0;
  std::size_t content_length = 0;
  bool has_length = false;
  bool close = false;
  std::chrono::seconds retry_after{0};
};

template <class T>
bool parse(std::string_view text, T& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

bool parse_header(std::string_view line, Head& head) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  if (equals_ignoring_case(name, "content-length")) {
    head.has_length = parse(value, head.content_length);
    return head.has_length && head.content_length <= kAnswerBytesMax;
  }
  if (equals_ignoring_case(name, "connection")) head.close = equals_ignoring_case(value, "close");
  if (equals_ignoring_case(name, "retry-after")) {
    std::int64_t seconds = 0;
    if (parse(value, seconds)) head.retry_after = std::chrono::seconds{seconds};
  }
  return true;
}

// `text` is the head without its last empty line.
bool parse_head(std::string_view text, Head& head) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (!text.starts_with(kVersion) || !parse(text.substr(kVersion.size(), 3), head.status)) return false;
  auto at = text.find("\r\n");
  while (at != std::string_view::npos) {
    text.remove_prefix(at + 2);
    at = text.find("\r\n");
    if (!parse_header(text.substr(0, at), head)) return false;
  }
  return head.has_length;
}

}  // namespace

HttpPost::HttpPost(const asio::any_io_executor& executor, const asio::ip::tcp::endpoint& endpoint,
                   std::string head_start)
    : endpoint_(endpoint), socket_(executor), head_start_(std::move(head_start)) {}

void HttpPost::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  input_.clear();
}

asio::awaitable<Result<>> HttpPost::connect() {
  const auto [error] = co_await socket_.async_connect(endpoint_, kTuple);
  if (error) {
    close();
    co_return fail(ErrorKind::kUnavailable, "connect to {}:{}: {}", endpoint_.address().to_string(), endpoint_.port(),
                   error.message());
  }
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  co_return Result<>{};
}

asio::awaitable<Result<PostAnswer>> HttpPost::post(std::string_view first, std::string_view second) {
  if (!socket_.is_open()) {
    const auto connected = co_await connect();
    if (!connected) co_return fail(connected.error());
  }
  head_ = head_start_;
  fmt::format_to(std::back_inserter(head_), "Content-Length: {}\r\n\r\n", first.size() + second.size());
  const std::array<asio::const_buffer, 3> parts = {asio::buffer(head_), asio::buffer(first.data(), first.size()),
                                                   asio::buffer(second.data(), second.size())};
  const auto [error, size] = co_await asio::async_write(socket_, parts, kTuple);
  if (error) {
    close();
    co_return fail(ErrorKind::kClosed, "send: {}", error.message());
  }
  co_return co_await read_answer();
}

asio::awaitable<Result<PostAnswer>> HttpPost::read_answer() {
  input_.clear();
  Head head;
  std::size_t body_at = std::string::npos;
  while (body_at == std::string::npos || input_.size() < body_at + head.content_length) {
    const std::size_t old = input_.size();
    input_.resize(old + kReadBytes);
    const auto [error, size] = co_await socket_.async_read_some(asio::buffer(input_.data() + old, kReadBytes), kTuple);
    input_.resize(old + size);
    if (error) {
      close();
      co_return fail(ErrorKind::kClosed, "read the answer: {}", error.message());
    }
    if (body_at != std::string::npos) continue;
    const auto end = input_.find("\r\n\r\n");
    if (end == std::string::npos && input_.size() < kAnswerBytesMax) continue;
    if (end == std::string::npos || !parse_head(std::string_view(input_).substr(0, end), head)) {
      close();
      co_return fail(ErrorKind::kMalformed, "the answer is not HTTP/1.1 with a Content-Length");
    }
    body_at = end + 4;
  }
  PostAnswer answer{.status = head.status,
                    .retry_after = head.retry_after,
                    .body = std::string_view(input_).substr(body_at, head.content_length)};
  if (head.close) {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  co_return answer;
}

}  // namespace mmm::sim
