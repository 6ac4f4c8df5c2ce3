#pragma once

#include "tests/real_clients/sandbox.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

/// A full-screen program in a terminal of its own, driven and read as a person does it: by keys and
/// by what is on the screen. The terminal is tmux, with a socket of its own in the folder.
/// Program and terminal die with the object, and with the test however that ends.
class terminal_client {
 public:
  /// Starts `command`, whose first word is the name of an installed program. One a folder.
  terminal_client(const temporary_folder& folder, const std::vector<std::string>& command);
  terminal_client(const terminal_client&) = delete;
  terminal_client& operator=(const terminal_client&) = delete;
  ~terminal_client();

  /// Types `text` and then the key Enter.
  void enter(std::string_view text);
  /// What the screen shows, one line a row, without the blanks at their ends.
  std::string screen() const;
  /// Waits until the screen shows `text`.
  void wait_for(const std::string& text) const;
  /// Waits until `holds` of the screen; `what` is what should come.
  void wait_until_shown(const std::function<bool(const std::string&)>& holds,
                        const std::string& what) const;
  /// Waits until the program has ended by itself.
  void wait_for_end() const;

 private:
  /// Carries out a command of tmux: whether it could, and what it printed.
  struct told {
    bool done = false;
    std::string output = {};
  };
  told tell(const std::vector<std::string>& words) const;

  const temporary_folder& folder_;
  std::string socket_;
  std::unique_ptr<process> tmux_;
};

}  // namespace confab::test
