#pragma once

#include "core/base/result.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace mmm {

// The addresses of a host. The system's resolver cannot be interrupted: after `timeout` of real time this fails with
// kTimeout and leaves it to end by itself; being cancelled is honoured at once. Fails with kUnavailable when there is
// no such host, kCancelled.
boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                                    std::uint16_t port,
                                                                                    std::chrono::nanoseconds timeout);

}  // namespace mmm
