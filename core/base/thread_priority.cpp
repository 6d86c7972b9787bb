#include "core/base/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace mmm {

void lower_thread_priority(Nice nice) {
  // For POSIX the priority is the process'; on Linux it is the thread's whose id is given.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), static_cast<int>(nice)));
}

}  // namespace mmm
