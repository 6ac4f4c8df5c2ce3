#pragma once

#include <cwchar>

namespace confab::client {

/// Reads what is typed at the terminal, one character at a time, for a line editor that asks for
/// more in the middle of a key sequence or a search. It must not wait there for ever while the
/// server goes away or a signal arrives: then it gets nothing.
class key_reader {
 public:
  /// Gives up waiting when one of these descriptors is readable.
  void watch(int server, int signals);

  /// Waits for the next character, whose bytes may come one by one. Bytes that are no
  /// character are skipped. False when there is none: see ended() and gave_up().
  [[nodiscard]] bool read(wchar_t& character);

  /// True when the input has ended.
  [[nodiscard]] bool ended() const { return ended_; }

  /// The person ends the input, by a key.
  void end() { ended_ = true; }

  /// True when the last read() gave up.
  [[nodiscard]] bool gave_up() const { return gave_up_; }

 private:
  bool key_waits() const;

  int server_ = -1;
  int signals_ = -1;
  bool ended_ = false;
  bool gave_up_ = false;
  std::mbstate_t decoder_{};
};

}  // namespace confab::client
