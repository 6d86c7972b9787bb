#pragma once

#include "core/base/result.h"
#include "core/http/fetch/peer_check.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>

#include <string>

namespace mmm::http {

// Shakes hands over `tls`, a client's TLS stream that was made from make_client_context(trust), and makes sure that the
// other end is `host`. Fails with kTimeout (of a Beast stream's own), kCancelled or kUnavailable, in words.
template <class Stream>
boost::asio::awaitable<Result<>> shake_hands(Stream& tls, const std::string& host, const TlsTrust& trust) {
  namespace asio = boost::asio;
  SSL* const ssl = tls.native_handle();
  PeerCheck check(host, trust);
  if (auto prepared = check.prepare(ssl); !prepared) co_return prepared;
  boost::system::error_code error;
  // OpenSSL asks during the handshake only, for renegotiation is off.
  auto verify = [&check](bool good, asio::ssl::verify_context& context) { return check.verify(good, context); };
  tls.set_verify_callback(verify, error);
  if (!error) {
    co_await tls.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error));
  }
  if (!error) co_return check.check_pin(ssl);
  if (error == boost::beast::error::timeout) {
    co_return fail(ErrorKind::kTimeout, "the TLS handshake with {} took too long", host);
  }
  if (error == asio::error::operation_aborted) {
    co_return fail(ErrorKind::kCancelled, "the TLS handshake with {} was cancelled", host);
  }
  if (trust.verify && !check.refusal().empty()) {
    co_return fail(ErrorKind::kUnavailable, "the certificate of {} is not trusted: {}", host, check.refusal());
  }
  co_return fail(ErrorKind::kUnavailable, "no TLS with {}: {}", host, error.message());
}

}  // namespace mmm::http
