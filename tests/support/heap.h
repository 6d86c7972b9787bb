#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MMM_SANITIZED_HEAP 1
#endif
#endif

#ifdef MMM_SANITIZED_HEAP
#include <sanitizer/allocator_interface.h>
#else
#include <malloc.h>
#endif

namespace mmm::test {

// Bytes that this process has allocated and not freed, over all threads.
inline std::size_t heap_bytes() {
#ifdef MMM_SANITIZED_HEAP
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto heap = ::mallinfo2();
  return heap.uordblks + heap.hblkhd;
#endif
}

}  // namespace mmm::test
