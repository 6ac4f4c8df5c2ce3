#pragma once

#include "actors/interfaces.hpp"

#include <algorithm>
#include <cstddef>

/// How much of what one author says travels together.
namespace confab {

/// How large the next batch of an author may be so that it costs no more than `work_bytes` (bytes
/// times readers) when so many readers get it.
inline batch_bytes batch_bytes_for(std::size_t work_bytes, std::size_t readers) {
  return std::max<batch_bytes>(work_bytes / std::max<std::size_t>(readers, 1), 1);
}

}  // namespace confab
