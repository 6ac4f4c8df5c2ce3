#pragma once

#include "tests/browser/browser.hpp"
#include "tests/support/deadline.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace confab::test {

/// What a screen reader is told of one element.
struct accessible_node {
  std::string role;
  std::string name;
};

/// One tab, in a context of its own: it shares neither storage nor cookies with other tabs, as if
/// somebody else sat there. It believes that it has the focus.
class browser_tab {
 public:
  explicit browser_tab(browser& owner);

  /// Goes to an address and waits until the page and its scripts are loaded.
  void open(const std::string& address);
  /// Loads the page again.
  void reload();
  /// As wide and high as a phone, for instance.
  void resize(int width, int height);
  void prefer_dark();

  /// The value of a script, which may be a promise; its errors are thrown.
  nlohmann::json evaluate(const std::string& script);
  /// Waits until a script is `true`; throws at the deadline, with what the page looked like.
  void wait_until(const std::string& script, std::chrono::milliseconds span = waiting_span);

  /// Puts the focus there and types, as an input method would.
  void type(const std::string& selector, const std::string& text);
  /// A key: "Enter", "Tab", "Escape", "ArrowDown", ...
  void press(const std::string& key, bool shift = false);
  /// Moves the mouse to the middle of an element and presses its button there.
  void click(const std::string& selector);
  /// Turns the wheel over an element; up is negative.
  void turn_wheel(const std::string& selector, int pixels);

  /// The text of an element, as it stands in the document.
  std::string text_of(const std::string& selector);
  /// The texts of all elements that match.
  std::vector<std::string> texts_of(const std::string& selector);
  /// All that has a role, ignored elements left out.
  std::vector<accessible_node> accessibility_tree();
  bool has_accessible(const std::string& role, const std::string& name);
  /// Keeps a picture of what is shown, for people to look at: `pictures/NAME.png` in the folder of
  /// the build.
  void keep_picture(const std::string& name);

  /// Errors that were told, but for those of connections that a server has refused or cut.
  std::vector<std::string> complaints();
  /// What was asked for that does not begin with `address`.
  std::vector<std::string> foreign_requests(const std::string& address);
  std::size_t dialogs();

 private:
  nlohmann::json call(const std::string& method, nlohmann::json params = nlohmann::json::object());

  browser& browser_;
  std::string session_;
};

}  // namespace confab::test
