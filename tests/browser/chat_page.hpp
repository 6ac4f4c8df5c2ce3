#pragma once

#include "tests/browser/browser_tab.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace confab::test {

/// A server with all its protocols and the page, whose history outlives it.
class web_server {
 public:
  /// With these options besides.
  explicit web_server(std::vector<std::string> more_options = {});

  /// Starts it, the first time on ports that the system chooses, then the page and IRC on the same
  /// ones.
  void start();
  /// kill -9.
  void kill();

  mixed_server& running() { return *server_; }
  std::uint16_t irc_port() const { return irc_port_; }
  /// Where the page of the rooms is.
  std::string admin_address() const;
  /// Where the page is, without what is behind the last slash.
  std::string address() const;
  /// Says texts as a sender of the tagged protocol, and waits until each is accepted.
  void say(const std::string& name, const std::string& room, const std::vector<std::string>& texts);

 private:
  std::vector<std::string> more_options_;
  temporary_folder folder_;
  std::uint16_t port_ = 0;
  std::uint16_t irc_port_ = 0;
  std::uint16_t admin_port_ = 0;
  std::unique_ptr<mixed_server> server_;
};

/// One text of a log: who is shown to have said what.
struct shown_text {
  std::string author;
  std::string text;

  bool operator==(const shown_text&) const = default;
};

std::ostream& operator<<(std::ostream& out, const shown_text& text);

/// The page of the chat in a tab, as a person uses it.
class chat_page : public browser_tab {
 public:
  /// As wide as a desk, so that all of the page is in sight.
  explicit chat_page(browser& owner) : browser_tab(owner) { resize(1200, 800); }

  /// Opens the page, and comes in under a name. An empty room: the page chooses it.
  void enter(const web_server& server, const std::string& name, const std::string& room = {});
  /// The same, at the address of a page.
  void enter(const std::string& address, const std::string& name, const std::string& room);
  /// Types a text and sends it.
  void say(const std::string& text);
  /// All texts of the log, those that wait left out.
  std::vector<shown_text> log();
  /// How often a text stands in the log, also where it waits.
  std::size_t count(const std::string& text);
  void wait_for(const std::string& text, std::chrono::milliseconds span = waiting_span);
  /// Waits until the page is connected and nothing waits to be sent.
  void wait_until_settled(std::chrono::milliseconds span = waiting_span);
  std::vector<std::string> people() { return texts_of("#people .nick"); }
};

}  // namespace confab::test
