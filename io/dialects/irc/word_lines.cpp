#include "io/dialects/irc/word_lines.hpp"

#include "io/dialects/irc/message.hpp"
#include "io/dialects/safe_text.hpp"

namespace confab::irc {

void word_lines::add(std::string_view prefix, std::string_view word) {
  const auto bytes = prefix.size() + word.size();
  if (is_open_ && out_.size() - start_ + 1 + bytes > line_text_bytes_max)
    end_line();
  if (is_open_) {
    out_ += separator_;
  } else {
    start_ = out_.size();
    is_open_ = true;
    out_ += front_;
  }
  out_ += prefix;
  out_ += word;
}

void word_lines::end_line() {
  if (!is_open_)
    return;
  const auto line = std::string_view{out_}.substr(start_);
  out_.resize(start_ + cut_utf8(line, line_text_bytes_max).size());
  out_ += "\r\n";
  is_open_ = false;
}

}  // namespace confab::irc
