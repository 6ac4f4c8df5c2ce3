#include "apps/clients/terminal/line_editor.hpp"

#include "apps/clients/common/report.hpp"
#include "apps/clients/terminal/half_typed_line.hpp"
#include "apps/clients/terminal/input_limits.hpp"
#include "apps/clients/terminal/key_reader.hpp"
#include "apps/clients/terminal/terminal_signals.hpp"

#include <cstdio>
#include <cwchar>
#include <histedit.h>
#include <signal.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace confab::client {
namespace {

constexpr int history_lines_max = 1000;

// Ctrl-_, which libedit leaves free. Pressed by the program itself, to get something done.
constexpr wchar_t errand_key = 0x1F;

// What the next errand_key is to do. Hiding empties the line and the prompt for libedit to take
// them off the screen, whichever rows they cover.
enum class errand { none, start_over, hide, restore };

struct close_file {
  void operator()(FILE* file) const { std::fclose(file); }
};
struct end_editor {
  void operator()(EditLine* editor) const { el_end(editor); }
};
struct end_history {
  void operator()(History* history) const { history_end(history); }
};

}  // namespace

struct line_editor::implementation {
  std::string prompt;
  bool own_mode = false;  // the terminal is in the editor's mode, which does not echo
  bool editing = false;   // the prompt is shown; implies own_mode
  bool hidden = false;    // off the screen, while editing
  errand wanted = errand::none;
  half_typed_line half_typed;  // of restore
  key_reader keys;
  std::optional<line> ready;
  terminal_signals signals;
  // Takes libedit's remarks about an unknown TERM, which would not help the user.
  std::unique_ptr<FILE, close_file> remarks{std::fopen("/dev/null", "w")};
  std::unique_ptr<History, end_history> history{history_init()};
  std::unique_ptr<EditLine, end_editor> editor;

  static implementation& of(EditLine* editor);
  static char* prompt_of(EditLine* editor) {
    implementation& self = of(editor);
    return self.prompt.data() + (self.hidden ? self.prompt.size() : 0);
  }
  static int read_character(EditLine* editor, wchar_t* character);
  static unsigned char end_or_delete(EditLine* editor, wint_t key);
  static unsigned char do_errand(EditLine* editor, wint_t key);

  void configure();
  void start();
  void stop();
  void press(errand what);
  void take(std::string_view text);
  void handle(int signal);
};

line_editor::implementation& line_editor::implementation::of(EditLine* editor) {
  void* self = nullptr;
  el_get(editor, EL_CLIENTDATA, &self);
  return *static_cast<implementation*>(self);
}

int line_editor::implementation::read_character(EditLine* editor, wchar_t* character) {
  implementation& self = of(editor);
  if (self.wanted != errand::none) {
    *character = errand_key;
    return 1;
  }
  return self.keys.read(*character) ? 1 : -1;
}

// Ctrl-D: the end of input on an empty line, else it deletes the character under the cursor.
unsigned char line_editor::implementation::end_or_delete(EditLine* editor, wint_t) {
  const LineInfo* edited = el_line(editor);
  if (edited->buffer == edited->lastchar) {
    of(editor).keys.end();
    return CC_NORM;
  }
  if (edited->cursor == edited->lastchar)
    return CC_ERROR;
  el_cursor(editor, 1);
  el_deletestr(editor, 1);
  return CC_REFRESH;
}

unsigned char line_editor::implementation::do_errand(EditLine* editor, wint_t) {
  implementation& self = of(editor);
  switch (std::exchange(self.wanted, errand::none)) {
    case errand::none:  // a person's own Ctrl-_
      return CC_ERROR;
    case errand::start_over:
      return CC_FATAL;
    case errand::hide:
      set_half_typed_line(editor, {});
      return CC_REFRESH;
    case errand::restore:
      set_half_typed_line(editor, self.half_typed);
      return CC_REFRESH;
  }
  return CC_ERROR;
}

void line_editor::implementation::configure() {
  editor.reset(el_init("confab", stdin, stdout, remarks.get()));
  if (!editor || !history || !remarks)
    throw std::runtime_error("the line editor cannot start");
  HistEvent event;
  ::history(history.get(), &event, H_SETSIZE, history_lines_max);
  ::history(history.get(), &event, H_SETUNIQUE, 1);
  EditLine* made = editor.get();
  el_set(made, EL_CLIENTDATA, this);
  el_set(made, EL_PROMPT, &prompt_of);
  el_set(made, EL_EDITOR, "emacs");
  el_set(made, EL_HIST, &::history, history.get());
  el_set(made, EL_GETCFN, &read_character);
  // Wide, as the narrow el_set() leaks copies of these texts.
  el_wset(made, EL_ADDFN, L"confab-end-or-delete", L"End the input or delete", &end_or_delete);
  el_wset(made, EL_ADDFN, L"confab-errand", L"What the program wants", &do_errand);
  el_set(made, EL_BIND, "^_", "confab-errand", nullptr);
  el_set(made, EL_BIND, "^D", "confab-end-or-delete", nullptr);
  el_set(made, EL_BIND, "^R", "em-inc-search-prev", nullptr);
}

// Shows the prompt with an empty line. libedit does that when it enters its mode. Between two lines
// that mode is kept (a Ctrl-D that arrives outside of it would be lost).
void line_editor::implementation::start() {
  editing = true;
  if (std::exchange(own_mode, true))
    press(errand::start_over);
  else
    el_set(editor.get(), EL_UNBUFFERED, 1);
}

void line_editor::implementation::press(errand what) {
  int bytes = 0;
  wanted = what;
  (void)el_gets(editor.get(), &bytes);
}

// Back to the terminal's usual mode.
void line_editor::implementation::stop() {
  if (own_mode)
    el_set(editor.get(), EL_UNBUFFERED, 0);
  own_mode = editing = false;
}

// The terminal stays in the editor's mode, so that what is typed before the next prompt is shown
// then, once, and as part of that line.
void line_editor::implementation::take(std::string_view text) {
  editing = false;
  const bool too_long = text.size() > input_line_bytes_max;
  text.remove_suffix(1);
  if (!text.empty()) {
    HistEvent event;
    ::history(history.get(), &event, H_ENTER, std::string(text).c_str());
  }
  ready = too_long ? line{{}, true} : line{std::string(text), false};
}

void line_editor::implementation::handle(int signal) {
  if (signal == SIGWINCH) {
    el_resize(editor.get());
    return;
  }
  if (signal != SIGCONT) {
    if (own_mode)
      el_set(editor.get(), EL_PREP_TERM, 0);
    terminal_signals::take_effect(signal);  // when it returns: ignored, or stopped and continued
  }
  if (own_mode)
    el_set(editor.get(), EL_PREP_TERM, 1);
  if (signal == SIGCONT && editing) {
    [[maybe_unused]] const bool printed = print("\r");
    el_set(editor.get(), EL_REFRESH);
  }
}

line_editor::line_editor(std::string_view prompt, int watched)
    : implementation_(std::make_unique<implementation>()) {
  implementation_->prompt = prompt;
  implementation_->keys.watch(watched, implementation_->signals.descriptor());
  implementation_->configure();
}

line_editor::~line_editor() {
  implementation_->stop();
}

void line_editor::prompt() {
  if (!implementation_->editing)
    implementation_->start();
}

int line_editor::descriptor() const {
  return STDIN_FILENO;
}

int line_editor::signal_descriptor() const {
  return implementation_->signals.descriptor();
}

void line_editor::on_readable() {
  int bytes = 0;
  const auto before = half_typed_line_of(implementation_->editor.get());
  const char* edited = el_gets(implementation_->editor.get(), &bytes);
  if (implementation_->keys.ended()) {
    interrupt();
  } else if (implementation_->keys.gave_up()) {  // libedit leaves its own words in the line
    implementation_->half_typed = before;
    implementation_->press(errand::restore);
  } else if (edited != nullptr && bytes > 0) {
    const std::string_view text(edited, static_cast<std::size_t>(bytes));
    if (text.ends_with('\n') || text.ends_with('\r'))
      implementation_->take(text);
  }
}

void line_editor::on_signal() {
  while (const auto signal = implementation_->signals.next())
    implementation_->handle(*signal);
}

std::optional<line> line_editor::next() {
  return std::exchange(implementation_->ready, std::nullopt);
}

bool line_editor::ended() const {
  return implementation_->keys.ended();
}

void line_editor::interrupt() {
  if (implementation_->editing) {
    implementation_->stop();
    [[maybe_unused]] const bool printed = print("\n");
  }
}

void line_editor::hide() {
  if (implementation_->editing && !std::exchange(implementation_->hidden, true)) {
    implementation_->half_typed = half_typed_line_of(implementation_->editor.get());
    implementation_->press(errand::hide);
  }
}

void line_editor::restore() {
  if (std::exchange(implementation_->hidden, false))
    implementation_->press(errand::restore);
}

void line_editor::withdraw() {
  if (half_typed_line_of(implementation_->editor.get()).text.empty()) {
    hide();
    implementation_->stop();
  } else {
    interrupt();
  }
}

}  // namespace confab::client
