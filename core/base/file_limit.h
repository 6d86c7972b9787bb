#pragma once

#include <cstddef>

namespace mmm {

// Lets this process open as many files and sockets as its hard limit allows (systemd and shells give a soft limit of
// 1024 that is meant for programs which know no better), and says how many that are.
std::size_t raise_open_files_limit();

}  // namespace mmm
