#pragma once

#include "actors/model/events.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace confab::storage {

/// One event, alone in its batch, as a line of JSON without its end.
std::string json_line(const event_batch& batch);

/// Reads such lines.
class json_line_reader {
 public:
  /// The event of a line. Throws a `std::exception` that says what is wrong with it.
  std::shared_ptr<const event_batch> read(std::string_view line);

 private:
  /// The same identity for the same words: who writes it looks it up once.
  std::unordered_map<std::string, identity_ptr> known_;
};

}  // namespace confab::storage
