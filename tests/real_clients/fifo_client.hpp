#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace confab::test {

/// A client, or one conversation of it, that is told what to do by lines written into a named pipe,
/// and that writes what it hears into a file.
class fifo_client {
 public:
  /// `pipe` and `heard` are paths; both may come into being later.
  fifo_client(std::string pipe, std::string heard)
      : pipe_(std::move(pipe)), heard_(std::move(heard)) {}

  /// Writes `text` and a newline into the pipe; waits until the client has opened it.
  void enter(std::string_view text) const;
  /// All that the client has written so far.
  std::string heard() const;
  /// Waits until the client has written `text`.
  void wait_for(const std::string& text) const { wait_for(text, 1); }
  /// Waits until the client has written `text` so many times.
  void wait_for(const std::string& text, std::size_t times) const;

 private:
  std::string pipe_;
  std::string heard_;
};

}  // namespace confab::test
