#pragma once

#include "core/base/result.h"
#include "core/http/message.h"
#include "core/http/proxy.h"
#include "core/http/tls_trust.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::http {

// The parts of an http:// or https:// URL that a client needs.
struct Url {
  bool tls = false;
  std::string host;  // without brackets for IPv6
  std::uint16_t port = 80;
  std::string path;  // without trailing slash; may be empty
  // Strict: a host, a port from 1 to 65535 (80, or 443 for https, when left out), a path; no user, query or fragment.
  // Fails with kInvalidArgument and says what is wrong.
  static Result<Url> parse(std::string_view text);
};

// Reads "host", "host:port" or "[v6]:port" into `url`, whose port stays when there is none. False when it is neither.
bool parse_authority(std::string_view text, Url& url);

struct ClientResponse {
  int status = 0;
  std::vector<Header> headers;  // names in lower case
  std::string body;
  // The first header of that lower-case name; empty view when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct ClientOptions {
  std::chrono::milliseconds timeout{10'000};  // for one request, resolving and connecting included
  std::size_t response_bytes_max = 4U << 20U;
  TlsTrust trust = {};                        // for https
  std::optional<Proxy> proxy = std::nullopt;  // none: straight to the server
};

// One kept-alive connection to one server; reconnects by itself, and sends a request again at most once when a kept
// connection turns out to be dead before any byte of the answer.
//
// Concurrency: one request at a time, on the executor's thread. A request must have ended before the client is
// destroyed. The files of `trust` are read before the first connection, and again after one that failed.
class Client {
 public:
  Client(boost::asio::any_io_executor executor, Url url, ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // `path` is appended to the URL's. Fails with kTimeout, kUnavailable (cannot resolve or connect, or its certificate
  // is not trusted), kClosed (connection lost), kMalformed (not HTTP), kTooLarge, kCancelled; a status of 4xx or 5xx is
  // not a failure. `body` must live until it returns.
  boost::asio::awaitable<Result<ClientResponse>> request(Method method, std::string path, std::vector<Header> headers,
                                                         std::string_view body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::http
