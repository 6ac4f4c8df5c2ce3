#include "io/dialects/oneroom/names.hpp"

#include "io/dialects/safe_text.hpp"
#include "io/text/printable.hpp"

namespace confab::oneroom {

std::string safe_name(std::string_view name) {
  constexpr std::string_view unsafe{":\n\r\0", 4};
  std::string result;
  append_replacing(name, unsafe, '_', result);
  return without_controls(result, '_');
}

}  // namespace confab::oneroom
