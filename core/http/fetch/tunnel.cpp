#include "core/http/fetch/tunnel.h"

#include "core/base/encoding.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

namespace mmm::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr std::uint32_t kHeadBytesMax = 16U << 10U;
constexpr int kAuthenticationRequired = 407;
constexpr std::size_t kReasonBytesMax = 100;

Error tunnel_error(const Proxy& proxy, const beast::error_code& error) {
  if (error == beast::error::timeout) {
    return {ErrorKind::kTimeout, fmt::format("the proxy {} did not open a way to the server in time", proxy.host)};
  }
  if (error == asio::error::operation_aborted) return {ErrorKind::kCancelled, "asking the proxy was cancelled"};
  return {ErrorKind::kUnavailable,
          fmt::format("the proxy {} opens no way to the server: {}", proxy.host, error.message())};
}

}  // namespace

asio::awaitable<Result<>> open_tunnel(beast::tcp_stream& stream, const Proxy& proxy, const Url& url) {
  const bool is_v6 = url.host.find(':') != std::string::npos;
  const std::string target = fmt::format("{}{}{}:{}", is_v6 ? "[" : "", url.host, is_v6 ? "]" : "", url.port);
  beast::http::request<beast::http::empty_body> request(beast::http::verb::connect, target, 11);
  request.set(beast::http::field::host, target);
  if (!proxy.authorization.empty()) request.set(beast::http::field::proxy_authorization, proxy.authorization);
  beast::error_code error;
  co_await beast::http::async_write(stream, request, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return fail(tunnel_error(proxy, error));

  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::empty_body> parser;
  parser.header_limit(kHeadBytesMax);
  parser.skip(true);
  co_await beast::http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return fail(tunnel_error(proxy, error));
  const auto& answer = parser.get();
  if (answer.result_int() == kAuthenticationRequired) {
    co_return fail(ErrorKind::kUnavailable, "the proxy {} wants a user and a password, or others", proxy.host);
  }
  if (answer.result_int() / 100 != 2) {
    const std::string reason = sanitize_utf8(std::string_view(answer.reason()).substr(0, kReasonBytesMax));
    co_return fail(ErrorKind::kUnavailable, "the proxy {} opens no way to {}: HTTP {} {}", proxy.host, target,
                   answer.result_int(), reason);
  }
  // A TLS server waits for the client's hello.
  if (buffer.size() > 0) {
    co_return fail(ErrorKind::kUnavailable, "the proxy {} sends what nobody asked for", proxy.host);
  }
  co_return Result<>{};
}

}  // namespace mmm::http
