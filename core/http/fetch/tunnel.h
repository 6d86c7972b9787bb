#pragma once

#include "core/base/result.h"
#include "core/http/client.h"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

namespace mmm::http {

// Asks the proxy, to which `stream` is connected, for a way to the server (CONNECT). Afterwards the stream is the
// server's. Takes as long as the stream's deadline allows; the arguments must outlive it. Fails with kTimeout,
// kUnavailable (the proxy does not want to, with its reason) or kCancelled.
boost::asio::awaitable<Result<>> open_tunnel(boost::beast::tcp_stream& stream, const Proxy& proxy, const Url& url);

}  // namespace mmm::http
