#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mmm::agent::ble {

// The socket that a D-Bus address such as "unix:path=/run/dbus/system_bus_socket" names, as connect() wants it (an
// abstract one begins with NUL). Nothing for other kinds of address. Of several addresses the first counts. Pure.
std::optional<std::string> bus_socket(std::string_view address);

// Asks the system's bus daemon for a sign of life, without blocking: opening a connection by sdbus-c++ would block this
// program for a minute and more when the daemon stands still. kUnavailable, kTimeout. A bus that is reached otherwise
// than by a local socket is not asked.
boost::asio::awaitable<Result<>> probe_system_bus(TimeSource& time, SteadyTime deadline);

}  // namespace mmm::agent::ble
