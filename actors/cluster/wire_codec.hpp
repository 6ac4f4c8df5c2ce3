#pragma once

#include "actors/cluster/known_dialects.hpp"
#include "actors/cluster/wire.hpp"
#include "actors/cluster/wire_bytes.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

/// Messages between nodes as bytes. No CAF but for the types of handles.
namespace confab::wire {

/// Puts the message behind what stands in `to`; on failure, part of it.
failure write_message(const wire_message& message, std::vector<char>& to);

/// Reads one message from the start of `from`, and says how many bytes it had. What is left in
/// `message` on failure is of no use. Without `dialects` none is known.
failure read_message(std::string_view from, const known_dialects* dialects, wire_message& message,
                     std::size_t& used);

}  // namespace confab::wire
