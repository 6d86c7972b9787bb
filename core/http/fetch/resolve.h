#pragma once

#include "core/base/result.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace mmm::http {

// The addresses of a host. The system's resolver cannot be interrupted: at the deadline this fails with kTimeout and
// leaves it to end by itself. Fails with kUnavailable when there is no such host, kCancelled.
boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(
    std::string host, std::uint16_t port, std::chrono::steady_clock::time_point deadline);

}  // namespace mmm::http
