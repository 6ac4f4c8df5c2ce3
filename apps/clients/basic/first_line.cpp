#include "apps/clients/basic/first_line.hpp"

namespace confab::client {

std::string_view first_line::push(std::string_view bytes) {
  if (complete_) {
    return {};
  }
  begun_ = begun_ || !bytes.empty();
  const auto end = bytes.find('\n');
  complete_ = end != std::string_view::npos;
  return bytes.substr(0, end);
}

}  // namespace confab::client
