#include "apps/clients/line_editor.hpp"

#include "apps/clients/file_descriptor.hpp"
#include "apps/clients/input_limits.hpp"
#include "apps/clients/report.hpp"
#include "apps/clients/terminal_signals.hpp"

#include <array>
#include <cerrno>
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

// Ctrl-_, which libedit leaves free.
constexpr wchar_t start_over_key = 0x1F;

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
  int watched = -1;
  bool own_mode = false;       // the terminal is in the editor's mode, which does not echo
  bool editing = false;        // the prompt is shown; implies own_mode
  bool starting_over = false;  // the next key is start_over_key
  bool ended = false;
  std::mbstate_t decoder{};
  std::optional<line> ready;
  terminal_signals signals;
  // libedit's remarks about an unknown TERM are no business of the user's.
  std::unique_ptr<FILE, close_file> remarks{std::fopen("/dev/null", "w")};
  std::unique_ptr<History, end_history> history{history_init()};
  std::unique_ptr<EditLine, end_editor> editor;

  static implementation& of(EditLine* editor);
  static char* prompt_of(EditLine* editor) { return of(editor).prompt.data(); }
  static int read_character(EditLine* editor, wchar_t* character);
  static unsigned char end_or_delete(EditLine* editor, wint_t key);
  static unsigned char start_over(EditLine*, wint_t) { return CC_FATAL; }

  void configure();
  bool key_waits() const;
  void start();
  void stop();
  void take(std::string_view text);
  void handle(int signal);
};

line_editor::implementation& line_editor::implementation::of(EditLine* editor) {
  void* self = nullptr;
  el_get(editor, EL_CLIENTDATA, &self);
  return *static_cast<implementation*>(self);
}

// libedit asks for more characters in the middle of a key sequence or a search. It must not wait
// there for ever while the server goes away or a signal arrives: then it gets none (-1).
bool line_editor::implementation::key_waits() const {
  std::array polled{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{watched, POLLIN, 0},
                    pollfd{signals.descriptor(), POLLIN, 0}};
  wait_for(polled);
  return polled[0].revents != 0;
}

// The one character, whose bytes may come one by one. Bytes that are no character are skipped.
int line_editor::implementation::read_character(EditLine* editor, wchar_t* character) {
  implementation& self = of(editor);
  if (std::exchange(self.starting_over, false)) {
    *character = start_over_key;
    return 1;
  }
  while (self.key_waits()) {
    char byte = 0;
    const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
      continue;
    }
    if (count <= 0) {
      self.ended = true;
      return -1;
    }
    const std::size_t decoded = std::mbrtowc(character, &byte, 1, &self.decoder);
    if (decoded == 0 || decoded == 1) {
      return 1;
    }
    if (decoded == static_cast<std::size_t>(-1)) {
      self.decoder = {};
    }
  }
  return -1;
}

// Ctrl-D: the end of input on an empty line, else it deletes the character under the cursor.
unsigned char line_editor::implementation::end_or_delete(EditLine* editor, wint_t) {
  const LineInfo* edited = el_line(editor);
  if (edited->buffer == edited->lastchar) {
    of(editor).ended = true;
    return CC_NORM;
  }
  if (edited->cursor == edited->lastchar) {
    return CC_ERROR;
  }
  el_cursor(editor, 1);
  el_deletestr(editor, 1);
  return CC_REFRESH;
}

void line_editor::implementation::configure() {
  editor.reset(el_init("confab", stdin, stdout, remarks.get()));
  if (!editor || !history || !remarks) {
    throw std::runtime_error("the line editor cannot start");
  }
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
  el_wset(made, EL_ADDFN, L"confab-start-over", L"Start a new line", &start_over);
  el_set(made, EL_BIND, "^_", "confab-start-over", nullptr);
  el_set(made, EL_BIND, "^D", "confab-end-or-delete", nullptr);
  el_set(made, EL_BIND, "^R", "em-inc-search-prev", nullptr);
}

// Shows the prompt with an empty line. libedit does that when it enters its mode. Between two lines
// that mode is kept (a Ctrl-D that arrives outside of it would be lost), so the editor is made to
// read a key that starts over.
void line_editor::implementation::start() {
  editing = true;
  if (!std::exchange(own_mode, true)) {
    el_set(editor.get(), EL_UNBUFFERED, 1);
    return;
  }
  int bytes = 0;
  starting_over = true;
  (void)el_gets(editor.get(), &bytes);
}

// Back to the terminal's usual mode.
void line_editor::implementation::stop() {
  if (own_mode) {
    el_set(editor.get(), EL_UNBUFFERED, 0);
  }
  own_mode = editing = false;
}

// The terminal stays in the editor's mode, so that what is typed before the next prompt is shown
// then, once, and as part of that line.
void line_editor::implementation::take(std::string_view text) {
  editing = false;
  text.remove_suffix(1);
  if (!text.empty()) {
    HistEvent event;
    ::history(history.get(), &event, H_ENTER, std::string(text).c_str());
  }
  ready = text.size() <= input_line_bytes_max ? line{std::string(text), false} : line{{}, true};
}

void line_editor::implementation::handle(int signal) {
  if (signal == SIGWINCH) {
    el_resize(editor.get());
    return;
  }
  if (signal != SIGCONT) {
    if (own_mode) {
      el_set(editor.get(), EL_PREP_TERM, 0);
    }
    terminal_signals::take_effect(signal);  // when it returns: ignored, or stopped and continued
  }
  if (own_mode) {
    el_set(editor.get(), EL_PREP_TERM, 1);
  }
  if (signal == SIGCONT && editing) {
    [[maybe_unused]] const bool printed = print("\r");
    el_set(editor.get(), EL_REFRESH);
  }
}

line_editor::line_editor(std::string_view prompt, int watched)
    : implementation_(std::make_unique<implementation>()) {
  implementation_->prompt = prompt;
  implementation_->watched = watched;
  implementation_->configure();
}

line_editor::~line_editor() {
  implementation_->stop();
}

void line_editor::prompt() {
  if (!implementation_->editing) {
    implementation_->start();
  }
}

int line_editor::descriptor() const {
  return STDIN_FILENO;
}

int line_editor::signal_descriptor() const {
  return implementation_->signals.descriptor();
}

void line_editor::on_readable() {
  int bytes = 0;
  const char* edited = el_gets(implementation_->editor.get(), &bytes);
  if (implementation_->ended) {
    interrupt();
  } else if (edited != nullptr && bytes > 0) {
    const std::string_view text(edited, static_cast<std::size_t>(bytes));
    if (text.ends_with('\n') || text.ends_with('\r')) {
      implementation_->take(text);
    }
  }
}

void line_editor::on_signal() {
  while (const auto signal = implementation_->signals.next()) {
    implementation_->handle(*signal);
  }
}

std::optional<line> line_editor::next() {
  return std::exchange(implementation_->ready, std::nullopt);
}

bool line_editor::ended() const {
  return implementation_->ended;
}

void line_editor::interrupt() {
  if (implementation_->editing) {
    implementation_->stop();
    [[maybe_unused]] const bool printed = print("\n");
  }
}

}  // namespace confab::client
