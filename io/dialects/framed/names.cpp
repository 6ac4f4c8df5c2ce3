#include "io/dialects/framed/names.hpp"

#include "io/dialects/safe_text.hpp"
#include "io/text/printable.hpp"

#include <algorithm>

namespace confab::framed {

std::string safe_name(std::string_view name) {
  std::string in_one_line;
  append_in_one_line(name, in_one_line);
  in_one_line = without_controls(in_one_line, '_');
  std::replace(in_one_line.begin(), in_one_line.end(), '[', '(');
  std::replace(in_one_line.begin(), in_one_line.end(), ']', ')');
  return in_one_line;
}

}  // namespace confab::framed
