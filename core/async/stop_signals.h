#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdint>

namespace mmm {

enum class StopSignal : std::uint8_t {
  kStop,    // SIGTERM or SIGINT: end in good order
  kReload,  // SIGHUP: what that means is the program's choice
};

// The signals that people and supervisors send to a program. Make it before the first thread is started; from then on
// they no longer end the process by themselves. One per process.
class StopSignals {
 public:
  explicit StopSignals(boost::asio::any_io_executor executor);

  // Completes when the next signal comes; one that came before the call is not lost.
  boost::asio::awaitable<StopSignal> next();

 private:
  boost::asio::signal_set signals_;
};

// Writing to a closed socket or pipe becomes an error value instead of the end of the process. Call first in main.
void ignore_sigpipe();

}  // namespace mmm
