#pragma once

#include <sys/types.h>

namespace mmm::perf {

// User and system time of this process, and of another one (0 when it is gone).
double own_cpu_seconds();
double cpu_seconds_of(pid_t process);

// Resident memory of a process in bytes; 0 when it is gone.
double resident_bytes_of(pid_t process);

}  // namespace mmm::perf
