#pragma once

#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/http/router.h"
#include "core/http/tls_credentials.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mmm::http {

// Bytes of answers held at one time for clients that have not taken them yet: what is many times that of all who read.
inline constexpr std::size_t kAnswerBytesTotalMax = 256U << 20U;
// Whoever takes an answer more slowly, and not within the write timeout, is as one that does not read: a byte a minute
// would hold its memory, and one of the few exports, for ever. Half of what GPRS does.
inline constexpr std::size_t kWriteBytesPerSecondMin = 2U << 10U;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one, see Server::port()
  unsigned threads = 1;    // I/O threads, each with its own io_context; a connection stays on one
  std::size_t connections_max = limits::kHttpConnectionsMax;
  std::size_t body_bytes_total_max = limits::kHttpBodyBytesTotalMax;
  std::size_t answer_bytes_total_max = kAnswerBytesTotalMax;
  // Null: plain HTTP. The handshake must end within header_timeout.
  std::shared_ptr<const TlsCredentials> tls = nullptr;
  // Called on an I/O thread for each connection that ended in its handshake.
  std::function<void()> on_handshake_failure = nullptr;

  // They are checked now and then: a connection may live up to a quarter of the shortest (at most 0.5 s) longer.
  std::chrono::milliseconds header_timeout = limits::kHttpHeaderTimeout;  // first byte to the end of the head: closed
  std::chrono::milliseconds body_timeout = limits::kHttpBodyTimeout;      // the whole body: 408, then closed
  std::chrono::milliseconds idle_timeout = limits::kHttpIdleTimeout;      // between requests: closed
  std::chrono::milliseconds write_timeout = limits::kHttpWriteTimeout;    // no byte of the response taken: closed
  std::size_t write_bytes_per_second_min = kWriteBytesPerSecondMin;
};

// Called after each response on an I/O thread, for metrics. `route` is the route's pattern or "unmatched"; `seconds`
// from the whole head to the end of the response.
using RequestObserver = std::function<void(std::string_view route, Method method, int status, double seconds)>;

// HTTP/1.1 server on its own I/O threads.
//
// It answers by itself, with problem documents, what no handler should see: malformed and ambiguous requests (400),
// unknown paths and methods (404, 405), too much (413, 414, 431), too slow (408), too many (503). A handler's exception
// is logged and answered 500. Lifecycle: listen() -> start() -> stop(). stop() closes the listener, lets requests in
// flight finish within the grace time, cancels streams, then joins the threads; it blocks, is idempotent, and must not
// be called from an I/O thread. Concurrency: handlers run on the I/O threads. Bounds: connections_max (a further one is
// answered 503 and closed), limits::kHttp*.
class Server {
 public:
  // Binds and listens. Fails with kInvalidArgument (address) or kIo (port in use, no permission), in words. `router`
  // must outlive the server; routes may be added until start().
  static Result<std::unique_ptr<Server>> listen(const ServerOptions& options, const Router& router,
                                                RequestObserver observer = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  void stop(std::chrono::milliseconds grace);
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::http
