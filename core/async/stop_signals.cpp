#include "core/async/stop_signals.h"

#include <boost/asio/use_awaitable.hpp>

#include <csignal>

namespace mmm {

StopSignals::StopSignals(boost::asio::any_io_executor executor)
    : signals_(std::move(executor), SIGTERM, SIGINT, SIGHUP) {}

boost::asio::awaitable<StopSignal> StopSignals::next() {
  const int signal = co_await signals_.async_wait(boost::asio::use_awaitable);
  co_return signal == SIGHUP ? StopSignal::kReload : StopSignal::kStop;
}

void ignore_sigpipe() {
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace mmm
