#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/http/router.h"

namespace mmm::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one, see Server::port()
  unsigned threads = 1;    // I/O threads, each with its own io_context; a connection stays on one
  std::size_t connections_max = limits::kHttpConnectionsMax;
};

// Called after each response on the connection's thread, for metrics. `route` is the route's pattern or "unmatched".
using RequestObserver = std::function<void(std::string_view route, Method method, int status, double seconds)>;

// HTTP/1.1 server on its own I/O threads.
//
// Lifecycle: listen() -> start() -> stop(). stop() closes the listener, lets requests in flight finish within the grace
// time, cancels streams, then joins the threads; it blocks, is idempotent, and must not be called from an I/O thread.
// Concurrency: handlers run on the I/O threads.
// Bounds: connections_max (a further one is answered 503 and closed), limits::kHttp*.
class Server {
 public:
  // Binds and listens. Fails with kInvalidArgument (address) or kIo (port in use, no permission), in words.
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
