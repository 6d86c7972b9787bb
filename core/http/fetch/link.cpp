#include "core/http/fetch/link.h"

#include "core/async/resolve.h"
#include "core/base/ascii.h"
#include "core/http/fetch/handshake.h"
#include "core/http/fetch/tunnel.h"
#include "core/http/parse/tokens.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <openssl/err.h>
#include <openssl/sslerr.h>

namespace mmm::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr std::uint32_t kResponseHeadBytesMax = 64U << 10U;
// Interim answers (100 Continue and the like) before the one that counts.
constexpr int kInterimAnswersMax = 8;

ErrorKind kind_of(const beast::error_code& error) {
  if (error == beast::error::timeout) return ErrorKind::kTimeout;
  if (error == asio::error::operation_aborted) return ErrorKind::kCancelled;
  if (error == beast::http::error::body_limit || error == beast::http::error::header_limit ||
      error == beast::http::error::buffer_overflow) {
    return ErrorKind::kTooLarge;
  }
  const bool cut = error == beast::http::error::end_of_stream || error == beast::http::error::partial_message;
  const bool http = error.category() == make_error_code(beast::http::error::bad_version).category();
  return http && !cut ? ErrorKind::kMalformed : ErrorKind::kClosed;
}

// What a server says of a client's certificate comes after the handshake in TLS 1.3.
bool asks_for_certificate(const beast::error_code& error) {
  if (error.category() != asio::error::get_ssl_category()) return false;
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
      return true;
    default:
      return false;
  }
}

Error error_of(const beast::error_code& error) {
  switch (kind_of(error)) {
    case ErrorKind::kTimeout:
      return {ErrorKind::kTimeout, "the server did not answer in time"};
    case ErrorKind::kCancelled:
      return {ErrorKind::kCancelled, "the request was cancelled"};
    case ErrorKind::kTooLarge:
      return {ErrorKind::kTooLarge, "the answer is larger than allowed"};
    case ErrorKind::kMalformed:
      return {ErrorKind::kMalformed, "what the server sends is not HTTP: " + error.message()};
    default:
      break;
  }
  if (asks_for_certificate(error)) {
    return {ErrorKind::kUnavailable,
            "the server takes no client without a certificate that it trusts: " + error.message()};
  }
  return {ErrorKind::kClosed, "the connection was lost: " + error.message()};
}

ClientResponse take_response(beast::http::response<beast::http::string_body>&& message) {
  ClientResponse response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    response.headers.push_back({ascii_lower(field.name_string()), std::string(field.value())});
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace

Link::Link(asio::any_io_executor executor, asio::ssl::context* tls, const TlsTrust* trust) : trust_(trust) {
  if (tls == nullptr) {
    plain_ = std::make_unique<PlainStream>(std::move(executor));
  } else {
    tls_ = std::make_unique<TlsStream>(PlainStream(std::move(executor)), *tls);
  }
}

asio::awaitable<Result<>> Link::connect(Url url, std::optional<Proxy> proxy, Deadline deadline) {
  const std::string host = proxy ? proxy->host : url.host;
  const std::uint16_t port = proxy ? proxy->port : url.port;
  const std::string name = proxy ? "the proxy " + host : host;
  const auto endpoints = co_await resolve(host, port, deadline - std::chrono::steady_clock::now());
  if (!endpoints) co_return fail(endpoints.error());
  beast::error_code error;
  plain().expires_at(deadline);
  co_await plain().async_connect(*endpoints, asio::redirect_error(asio::use_awaitable, error));
  const ErrorKind kind = error ? kind_of(error) : ErrorKind::kClosed;
  if (kind == ErrorKind::kTimeout) co_return fail(kind, "connecting to {} port {} took too long", name, port);
  if (kind == ErrorKind::kCancelled) co_return fail(kind, "connecting to {} was cancelled", name);
  if (error) co_return fail(ErrorKind::kUnavailable, "cannot connect to {} port {}: {}", name, port, error.message());
  plain().socket().set_option(asio::ip::tcp::no_delay(true), error);
  if (!tls_) co_return Result<>{};
  if (proxy) {
    auto opened = co_await open_tunnel(plain(), *proxy, url);
    if (!opened) co_return opened;
  }
  co_return co_await shake_hands(*tls_, url.host, *trust_);
}

template <class Stream>
asio::awaitable<Exchange> Link::exchange_over(Stream& stream, WireRequest& request, std::size_t response_bytes_max) {
  namespace http = beast::http;
  beast::error_code write_error;
  co_await http::async_write(stream, request, asio::redirect_error(asio::use_awaitable, write_error));
  const ErrorKind write_kind = kind_of(write_error);
  if (write_error && (write_kind == ErrorKind::kTimeout || write_kind == ErrorKind::kCancelled)) {
    co_return Exchange{.result = fail(error_of(write_error))};
  }
  // A server that refuses a body answers and closes before it has read it: after a failed write there may be an answer.
  for (int interim = 0; interim < kInterimAnswersMax; ++interim) {
    http::response_parser<http::string_body> parser;
    parser.header_limit(kResponseHeadBytesMax);
    parser.body_limit(response_bytes_max);
    parser.skip(request.method() == http::verb::head);
    beast::error_code error;
    co_await http::async_read(stream, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      const bool got_bytes = interim > 0 || parser.got_some() || buffer_.size() > 0;
      co_return Exchange{.result = fail(error_of(error)), .got_bytes = got_bytes};
    }
    if (parser.get().result_int() < 200) continue;
    const bool keep_alive = parser.keep_alive() && !write_error;
    co_return Exchange{.result = take_response(parser.release()), .got_bytes = true, .keep_alive = keep_alive};
  }
  Error endless{ErrorKind::kMalformed, "the server sends interim answers without end"};
  co_return Exchange{.result = fail(std::move(endless)), .got_bytes = true};
}

asio::awaitable<Exchange> Link::exchange(WireRequest& request, std::size_t response_bytes_max, Deadline deadline) {
  plain().expires_at(deadline);
  if (tls_) co_return co_await exchange_over(*tls_, request, response_bytes_max);
  co_return co_await exchange_over(*plain_, request, response_bytes_max);
}

}  // namespace mmm::http
