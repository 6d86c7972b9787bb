#include "core/http/server.h"

#include "core/base/check.h"
#include "core/http/serve/shared.h"
#include "core/http/serve/worker.h"
#include "core/log/log.h"

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <mutex>

namespace mmm::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// After a failed accept, nearly always for want of file descriptors: wait for some to be closed.
constexpr std::chrono::milliseconds kAcceptRetryDelay{100};
// One line in this many failures, so that a flood of them does not flood the log.
constexpr std::uint64_t kAcceptFailuresPerLine = 100;

Error listen_error(const tcp::endpoint& endpoint, const boost::system::error_code& error) {
  std::string where =
      endpoint.address().is_v6() ? "[" + endpoint.address().to_string() + "]" : endpoint.address().to_string();
  where += fmt::format(":{}", endpoint.port());
  if (error == asio::error::address_in_use) {
    return {ErrorKind::kIo,
            fmt::format("cannot listen on {}: another program uses this port; stop it or choose another port", where)};
  }
  if (error == asio::error::access_denied) {
    return {ErrorKind::kIo,
            fmt::format("cannot listen on {}: ports below 1024 are for root; choose another port", where)};
  }
  if (error == boost::system::errc::address_not_available) {
    return {ErrorKind::kInvalidArgument,
            fmt::format("cannot listen on {}: this machine does not have that address", where)};
  }
  return {ErrorKind::kIo, fmt::format("cannot listen on {}: {}", where, error.message())};
}

Result<> open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return fail(listen_error(endpoint, error));
  return {};
}

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& options, const Router& router, RequestObserver observer)
      : shared(options, router, std::move(observer)),
        workers(make_workers(shared)),
        acceptor(workers.front()->executor()) {}

  static std::vector<std::unique_ptr<Worker>> make_workers(Shared& shared) {
    std::vector<std::unique_ptr<Worker>> workers;
    for (unsigned i = 0; i < std::max(1U, shared.options.threads); ++i)
      workers.push_back(std::make_unique<Worker>(shared));
    return workers;
  }

  asio::awaitable<void> accept();
  void admit(Worker& worker, tcp::socket socket);
  void log_accept_failure(const boost::system::error_code& error);

  Shared shared;
  std::vector<std::unique_ptr<Worker>> workers;
  tcp::acceptor acceptor;  // on the first worker
  std::uint16_t port = 0;
  std::uint64_t accept_failures = 0;

  std::mutex lifecycle;
  bool started = false;
  bool stopped = false;
};

// Gives the connections to the workers in turn.
asio::awaitable<void> Server::Impl::accept() {
  struct CloseAtEnd {
    tcp::acceptor& acceptor;
    ~CloseAtEnd() {
      boost::system::error_code ignored;
      acceptor.close(ignored);
    }
  };
  const CloseAtEnd close_at_end{acceptor};
  asio::steady_timer timer(acceptor.get_executor());
  for (std::size_t next = 0;; next = (next + 1) % workers.size()) {
    Worker& worker = *workers[next];
    boost::system::error_code error;
    tcp::socket socket =
        co_await acceptor.async_accept(worker.executor(), asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (!error) {
      admit(worker, std::move(socket));
      continue;
    }
    log_accept_failure(error);
    timer.expires_after(kAcceptRetryDelay);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

void Server::Impl::admit(Worker& worker, tcp::socket socket) {
  if (shared.connections < shared.options.connections_max) {
    worker.adopt(std::move(socket), ConnectionSlot(shared.connections), Worker::Admission::kServe);
  } else if (shared.refusals < limits::kHttpRefusalsMax) {
    worker.adopt(std::move(socket), ConnectionSlot(shared.refusals), Worker::Admission::kTurnAway);
  }
}

void Server::Impl::log_accept_failure(const boost::system::error_code& error) {
  if (accept_failures++ % kAcceptFailuresPerLine != 0) return;
  log::error("core/http", "cannot accept a connection: {} ({} times so far); for too many open files, raise the limit",
             error.message(), accept_failures);
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  stop(std::chrono::milliseconds{0});
}

Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options, const Router& router,
                                               RequestObserver observer) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return fail(ErrorKind::kInvalidArgument,
                "\"{}\" is not an IP address to listen on; use 127.0.0.1 for this machine only or 0.0.0.0 for all",
                options.address);
  }
  auto impl = std::make_unique<Impl>(options, router, std::move(observer));
  if (auto opened = open(impl->acceptor, {address, options.port}); !opened) return fail(opened.error());
  impl->port = impl->acceptor.local_endpoint().port();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::start() {
  const std::lock_guard lock(impl_->lifecycle);
  MMM_CHECK(!impl_->started && !impl_->stopped);
  impl_->started = true;
  impl_->workers.front()->spawn("accept", impl_->accept());
  for (const auto& worker : impl_->workers) worker->start();
}

void Server::stop(std::chrono::milliseconds grace) {
  const std::lock_guard lock(impl_->lifecycle);
  if (std::exchange(impl_->stopped, true)) return;
  if (!impl_->started) {
    impl_->acceptor.close();
    return;
  }
  const auto deadline = std::chrono::steady_clock::now() + grace;
  for (const auto& worker : impl_->workers) worker->begin_stop(deadline);
  for (const auto& worker : impl_->workers) worker->join();
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::size_t Server::connections() const {
  return impl_->shared.connections;
}

}  // namespace mmm::http
