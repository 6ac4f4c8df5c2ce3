#include "apps/clients/conversation/chat_screen.hpp"

#include "apps/clients/common/report.hpp"
#include "apps/clients/terminal/line_editor.hpp"
#include "apps/clients/terminal/stream_source.hpp"
#include "io/text/printable.hpp"

#include <unistd.h>

namespace confab::client {

std::string shown(std::string_view message, bool on_terminal) {
  return on_terminal ? printable_lines(message) : std::string(message);
}

chat_screen::chat_screen(chat_prompts prompts, int watched)
    : prompt_(prompts.unedited), on_terminal_(::isatty(STDOUT_FILENO) != 0) {
  if (on_terminal_ && ::isatty(STDIN_FILENO) != 0) {
    auto editor = std::make_unique<line_editor>(prompts.edited, watched);
    editor_ = editor.get();
    input_ = std::move(editor);
  } else {
    input_ = std::make_unique<stream_source>("");
  }
}

chat_screen::~chat_screen() = default;

bool chat_screen::ask() {
  if (editor_ != nullptr) {
    editor_->prompt();
    return true;
  }
  asked_ = !prompt_.empty();
  return print(prompt_);
}

// Blanks over what is to be seen of the prompt: four for `[Me] `.
std::string chat_screen::wipe() const {
  return asked_ ? "\r" + std::string(prompt_.find_last_not_of(' ') + 1, ' ') + "\r" : "";
}

bool chat_screen::show(std::span<const std::string> messages) {
  std::string output;
  for (const auto& each : messages) {
    output += wipe() + shown(each, on_terminal_) + "\n";
    output += asked_ ? prompt_ : "";
  }
  if (editor_ == nullptr || output.empty())
    return print(output);
  editor_->hide();
  const bool printed = print(output);
  editor_->restore();
  return printed;
}

void chat_screen::complain(std::string_view text) {
  if (editor_ == nullptr) {
    report(text);
    return;
  }
  editor_->hide();
  report(text);
  editor_->restore();
}

bool chat_screen::withdraw() {
  if (editor_ != nullptr) {
    editor_->withdraw();
    return true;
  }
  const bool wiped = print(wipe());
  asked_ = false;
  return wiped;
}

}  // namespace confab::client
