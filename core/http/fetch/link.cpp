#include "core/http/fetch/link.h"

#include "core/async/resolve.h"
#include "core/base/ascii.h"
#include "core/http/parse/tokens.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

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
      return {ErrorKind::kClosed, "the connection was lost: " + error.message()};
  }
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

Link::Link(asio::any_io_executor executor, asio::ssl::context* tls) {
  if (tls == nullptr) {
    plain_ = std::make_unique<PlainStream>(std::move(executor));
  } else {
    tls_ = std::make_unique<TlsStream>(PlainStream(std::move(executor)), *tls);
  }
}

asio::awaitable<Result<>> Link::connect(Url url, Deadline deadline) {
  const auto endpoints = co_await resolve(url.host, url.port, deadline - std::chrono::steady_clock::now());
  if (!endpoints) co_return fail(endpoints.error());
  beast::error_code error;
  plain().expires_at(deadline);
  co_await plain().async_connect(*endpoints, asio::redirect_error(asio::use_awaitable, error));
  if (!error) {
    plain().socket().set_option(asio::ip::tcp::no_delay(true), error);
    if (tls_) co_return co_await handshake(url);
    co_return Result<>{};
  }
  const ErrorKind kind = kind_of(error);
  if (kind == ErrorKind::kTimeout) {
    co_return fail(kind, "connecting to {} port {} took too long", url.host, url.port);
  }
  if (kind == ErrorKind::kCancelled) co_return fail(kind, "connecting to {} was cancelled", url.host);
  co_return fail(ErrorKind::kUnavailable, "cannot connect to {} port {}: {}", url.host, url.port, error.message());
}

asio::awaitable<Result<>> Link::handshake(const Url& url) {
  beast::error_code error;
  SSL* const ssl = tls_->native_handle();
  static_cast<void>(asio::ip::make_address(url.host, error));
  // The name goes into the hello, for servers with several certificates; an address may not.
  if (error && SSL_set_tlsext_host_name(ssl, url.host.c_str()) != 1) {
    co_return fail(ErrorKind::kUnavailable, "cannot ask for the certificate of {}", url.host);
  }
  tls_->set_verify_callback(asio::ssl::host_name_verification(url.host), error);
  if (!error) {
    co_await tls_->async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error));
  }
  if (!error) co_return Result<>{};
  const ErrorKind kind = kind_of(error);
  if (kind == ErrorKind::kTimeout) co_return fail(kind, "the TLS handshake with {} took too long", url.host);
  if (kind == ErrorKind::kCancelled) co_return fail(kind, "the TLS handshake with {} was cancelled", url.host);
  const long verified = SSL_get_verify_result(ssl);
  if (verified != X509_V_OK) {
    co_return fail(ErrorKind::kUnavailable, "the certificate of {} is not trusted: {}", url.host,
                   X509_verify_cert_error_string(verified));
  }
  co_return fail(ErrorKind::kUnavailable, "no TLS with {} port {}: {}", url.host, url.port, error.message());
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
