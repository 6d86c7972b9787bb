#pragma once

#include <cstdint>
#include <string>

namespace mmm::sim {

// The debug text that a board prints on its serial line until a client speaks protobuf, as a terminal would show it.
std::string boot_text(std::uint32_t own_num);
// One line of the running firmware's log.
std::string log_line(std::uint32_t uptime_seconds);

}  // namespace mmm::sim
