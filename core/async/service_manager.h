#pragma once

#include "core/async/time_source.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mmm {

// Tells systemd how the program is (sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names). Without such a
// manager everything does nothing. Thread-safe but for construction.
class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET and WATCHDOG_USEC, and takes them out of the environment, so that no child speaks for us.
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  [[nodiscard]] bool present() const { return socket_ >= 0; }
  // Up and doing its work; `status` is a line for `systemctl status`.
  void ready(std::string_view status);
  void stopping();
  // The configuration is being read again; ready() follows.
  void reloading(TimeSource& time);

  // Says that the program is alive, twice within the time after which systemd kills it (WatchdogSec=), as long as
  // `is_well` is true; it is asked on the caller's thread. Ends at once where nobody wants to know; else runs until it
  // is cancelled.
  boost::asio::awaitable<void> keep_alive(TimeSource& time, std::function<bool()> is_well);

 private:
  void send(const std::string& message);

  int socket_ = -1;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace mmm
