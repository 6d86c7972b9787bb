#pragma once

#include "core/base/result.h"
#include "core/http/client.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/span_body.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace mmm::http {

using WireRequest = boost::beast::http::request<boost::beast::http::span_body<const char>>;

// How one exchange ended.
struct Exchange {
  Result<ClientResponse> result;
  bool got_bytes = false;   // of an answer, whole or not
  bool keep_alive = false;  // another exchange may follow
};

// One connection to a server, plain or TLS.
class Link {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // With `tls` null: plain. Otherwise `trust` is what it was made from. Both must outlive connect().
  Link(boost::asio::any_io_executor executor, boost::asio::ssl::context* tls, const TlsTrust* trust);

  // To the server, or through the proxy to it. Fails with kTimeout, kUnavailable or kCancelled.
  boost::asio::awaitable<Result<>> connect(Url url, std::optional<Proxy> proxy, Deadline deadline);

  // Sends the request, which must live until it returns, and reads the answer. Requests after the first: a failure
  // before any byte of the answer may mean that the server had closed the connection meanwhile.
  boost::asio::awaitable<Exchange> exchange(WireRequest& request, std::size_t response_bytes_max, Deadline deadline);

 private:
  using PlainStream = boost::beast::tcp_stream;
  using TlsStream = boost::asio::ssl::stream<PlainStream>;

  template <class Stream>
  boost::asio::awaitable<Exchange> exchange_over(Stream& stream, WireRequest& request, std::size_t response_bytes_max);
  PlainStream& plain() { return tls_ ? tls_->next_layer() : *plain_; }

  const TlsTrust* trust_;
  std::unique_ptr<PlainStream> plain_;
  std::unique_ptr<TlsStream> tls_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace mmm::http
