#pragma once

#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace confab::test {

/// The browser that the tests drive, or nothing if none is installed: $CONFAB_BROWSER, or a
/// headless Chromium that is found in PATH.
std::optional<std::string> find_browser();

/// Whether there is a browser. If not, says so in the words by which CTest knows a skipped test.
bool has_browser();

/// What one tab has told without being asked.
struct tab_events {
  std::vector<std::string> complaints;  ///< Errors of scripts, of loading, of the page's rules.
  std::vector<std::string> requests;    ///< The addresses that were asked for.
  std::size_t dialogs = 0;              ///< Such as that of `alert`.
};

/// One Chromium without a window, with a profile of its own, which is spoken to in the DevTools
/// protocol over two pipes: JSON, each message ended by a NUL.
///
/// It runs in a process group of its own; the destructor ends all of the group. Every wait ends,
/// and every failure throws `std::runtime_error`.
class browser {
 public:
  browser();
  browser(const browser&) = delete;
  browser& operator=(const browser&) = delete;
  ~browser();

  /// Calls a method, of the browser (`session` is empty) or of a tab, and returns its result.
  nlohmann::json call(const std::string& session, const std::string& method,
                      nlohmann::json params = nlohmann::json::object());

  /// What has been told of a tab so far.
  const tab_events& events(const std::string& session) { return events_[session]; }

 private:
  void launch(const std::string& program);
  void end() noexcept;
  void write(const std::string& bytes) const;
  nlohmann::json next();
  void note(const nlohmann::json& message);

  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  int last_id_ = 0;
  temporary_folder profile_;
  std::string buffer_;
  std::map<std::string, tab_events> events_;
};

}  // namespace confab::test
