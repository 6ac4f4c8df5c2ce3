#include "apps/clients/common/line_queue.hpp"

#include <utility>
#include <variant>

namespace confab::client {
namespace {

std::optional<line> line_of(const line_reader::result& found) {
  if (const auto* complete = std::get_if<line_reader::line>(&found))
    return line{std::string(complete->text), false};
  if (std::holds_alternative<line_reader::too_long>(found))
    return line{{}, true};
  return std::nullopt;
}

}  // namespace

std::optional<line> line_queue::next() {
  if (!has_next())
    return std::nullopt;
  return std::exchange(ready_, std::nullopt);
}

bool line_queue::has_next() {
  if (!ready_)
    ready_ = line_of(unread_.read_with(reader_));
  return ready_.has_value();
}

std::optional<line> line_queue::rest() {
  return line_of(reader_.finish());
}

}  // namespace confab::client
