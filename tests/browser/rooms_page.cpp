// What somebody who runs the server sees at /rooms: docs/web.md.

#include "tests/browser/chat_page.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab::test;

namespace {

/// Whether a figure of the page has this title, and a value or a note that reads so.
std::string has_figure(const std::string& title, const std::string& words) {
  return "[...document.querySelectorAll('#figures .card')].some((each) =>"
         " each.querySelector('h3').textContent === '" +
         title +
         "' && (each.querySelector('.value').textContent + ' ' +"
         " each.querySelector('.note').textContent).includes('" +
         words + "'))";
}

}  // namespace

TEST_CASE("the page of the rooms shows, live, rooms, people by dialect, and what is said") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  browser_tab host{chromium};
  host.open(server.admin_address());
  host.wait_until("document.getElementById('rooms_hint').textContent === 'There are no rooms.'");
  auto rita = server.running().receiver("rita", "lobby");
  auto kay = server.running().framed("Kay", "/create cafe");
  server.say("tim", "lobby", {"one", "two"});
  const auto row = [](const std::string& room, int people) {
    return "[...document.querySelectorAll('#rooms tr')].some((each) =>"
           " each.querySelector('.name').textContent === '" +
           room + "' && each.querySelector('.number').textContent === '" + std::to_string(people) +
           "')";
  };
  host.wait_until(row("lobby", 1) + " && " + row("cafe", 1));
  host.wait_until(has_figure("People", "1 framed, 1 tagged"));
  host.wait_until(has_figure("Rooms", "2"));
  host.wait_until(has_figure("History", "events kept"));
  host.wait_until("document.querySelectorAll('#plots svg, #plots canvas').length === 4");
  auto eve = server.running().receiver("eve", "lobby");
  host.wait_until(row("lobby", 2));
  host.keep_picture("rooms");
  CHECK(host.complaints().empty());
  CHECK(host.foreign_requests(server.admin_address().substr(0, server.admin_address().rfind('/')))
            .empty());
}

TEST_CASE("names and topics of rooms are text on the page of the rooms") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  browser_tab host{chromium};
  host.open(server.admin_address());
  chat_page ida{chromium};
  ida.enter(server, "ida", "<b>cafe</b>");
  ida.say("/topic <img src=x onerror=window.evil=1>");
  host.wait_until(
      "[...document.querySelectorAll('#rooms tr')].some((each) =>"
      " each.querySelector('.name').textContent === '<b>cafe</b>'"
      " && each.querySelector('.topic').textContent.startsWith('<img src=x'))");
  CHECK(host.evaluate("document.querySelectorAll('#rooms b, #rooms img').length") == 0);
  CHECK(host.evaluate("window.evil === undefined") == true);
}

TEST_CASE("the page of the rooms says so when the server is gone, and goes on when it is back") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  browser_tab host{chromium};
  host.open(server.admin_address());
  host.wait_until("document.getElementById('state').textContent.startsWith('as of')");
  server.kill();
  host.wait_until("document.getElementById('state').className === 'bad'");
  server.start();
  host.wait_until("document.getElementById('state').textContent.startsWith('as of')");
}
