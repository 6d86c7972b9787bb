#pragma once

#include "core/base/result.h"
#include "perf/sim/radio/port.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::sim {

// Where one radio is to be reached.
struct PortOptions {
  std::string host;  // an IP address; empty: a pseudo terminal
  std::uint16_t tcp_port = 0;
  std::string pty_path;
};

// One radio for each --listen HOST:PORT and --pty PATH; `radios` above 1 with a single --listen takes consecutive
// ports. kInvalidArgument says what is allowed.
Result<std::vector<PortOptions>> parse_ports(const std::vector<std::string>& listen,
                                             const std::vector<std::string>& ptys, std::size_t radios);

// Opens it; fails as TcpPort::listen and PtyPort::plug_in do.
Result<std::unique_ptr<Port>> open_port(boost::asio::any_io_executor executor, const SessionContext& context,
                                        const PortOptions& options);

}  // namespace mmm::sim
