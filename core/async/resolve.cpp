#include "core/async/resolve.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mmm {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Shared with the resolver's handler, which may run after the caller has given up.
struct Lookup {
  Lookup(const asio::any_io_executor& executor, std::chrono::nanoseconds timeout)
      : resolver(executor), ended(executor, timeout) {}

  tcp::resolver resolver;
  asio::steady_timer ended;  // expires after the timeout, cancelled when the answer is there
  bool answered = false;
  boost::system::error_code error;
  std::vector<tcp::endpoint> endpoints;
};

}  // namespace

asio::awaitable<Result<std::vector<tcp::endpoint>>> resolve(std::string host, std::uint16_t port,
                                                            std::chrono::nanoseconds timeout) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (!error) co_return std::vector<tcp::endpoint>{{address, port}};

  const auto executor = co_await asio::this_coro::executor;
  auto lookup = std::make_shared<Lookup>(executor, timeout);
  auto keep_answer = [lookup](const boost::system::error_code& failure, const tcp::resolver::results_type& results) {
    lookup->answered = true;
    lookup->error = failure;
    for (const auto& entry : results) lookup->endpoints.push_back(entry.endpoint());
    lookup->ended.cancel();
  };
  lookup->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service, std::move(keep_answer));
  co_await lookup->ended.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (!lookup->answered) {
    lookup->resolver.cancel();
    if (error) co_return fail(ErrorKind::kCancelled, "looking up {} was cancelled", host);
    co_return fail(ErrorKind::kTimeout, "looking up {} took too long; check the machine's name server", host);
  }
  if (lookup->error) {
    co_return fail(ErrorKind::kUnavailable, "cannot find the host {}: {}", host, lookup->error.message());
  }
  co_return std::move(lookup->endpoints);
}

}  // namespace mmm
