#pragma once

#include <cstddef>
#include <malloc.h>

namespace confab::test {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool counts_heap = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool counts_heap = false;  ///< The sanitizer has an allocator of its own.
#else
constexpr bool counts_heap = true;
#endif
#else
constexpr bool counts_heap = true;
#endif

/// Bytes that the process has taken from the heap and not given back; 0 if nobody counts them.
inline std::size_t heap_bytes() {
  return counts_heap ? ::mallinfo2().uordblks : 0;
}

}  // namespace confab::test
