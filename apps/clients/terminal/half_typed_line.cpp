#include "apps/clients/terminal/half_typed_line.hpp"

namespace confab::client {

half_typed_line half_typed_line_of(EditLine* editor) {
  const LineInfoW* edited = el_wline(editor);
  return {{edited->buffer, edited->lastchar},
          static_cast<std::size_t>(edited->cursor - edited->buffer)};
}

void set_half_typed_line(EditLine* editor, const half_typed_line& line) {
  const LineInfoW* old = el_wline(editor);
  const auto old_length = static_cast<int>(old->lastchar - old->buffer);
  el_cursor(editor, static_cast<int>(old->lastchar - old->cursor));
  if (old_length > 0)
    el_deletestr(editor, old_length);
  if (!line.text.empty()) {
    el_winsertstr(editor, line.text.c_str());
    el_cursor(editor, static_cast<int>(line.cursor) - static_cast<int>(line.text.size()));
  }
}

}  // namespace confab::client
