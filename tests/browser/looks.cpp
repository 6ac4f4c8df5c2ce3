// How the page treats foreign text, narrow windows, and people who do not see it or use no mouse.

#include "tests/browser/chat_page.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

std::string content_of(const std::string& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts{
      "<img src=http://evil.invalid/x onerror=\"window.evil=1\">",
      "<script>window.evil=1</script>",
      "<svg onload=window.evil=1><style>*{display:none}</style>",
      "javascript:window.evil=1 data:text/html,<script>window.evil=1</script>",
      "http://example.org/\"onmouseover=\"window.evil=1",
      "https://example.org/<b>x</b> ${window.evil=1} {{evil}} &lt;b&gt;",
      "'\"><iframe src=//evil.invalid></iframe>",
      std::string(4000, 'x'),
      "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
  };
  return texts;
}

}  // namespace

TEST_CASE("foreign text stays text: it runs nothing, loads nothing, and hides nothing") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  ida.resize(390, 800);
  ida.enter(server, "ida");
  auto olaf = server.running().oneroom("<b>olaf</b>");
  for (const auto& each : hostile_texts())
    olaf.send(each + "\n");
  ida.say("/topic <img src=x onerror=window.evil=1>");
  for (const auto& each : hostile_texts())
    ida.wait_for(each);
  ida.say("turned \u202e around");
  ida.wait_for("turned [U+202E] around");
  CHECK(ida.evaluate("window.evil === undefined") == true);
  CHECK(ida.evaluate("document.querySelectorAll('#log img, #log script, #log svg, #log iframe,"
                     " #log style, #people b').length") == 0);
  const auto links = ida.evaluate(
      "[...document.querySelectorAll('#log a')].map((each) =>"
      " [each.protocol, each.target, each.rel.includes('noopener noreferrer')])");
  CHECK(links.size() == 3);
  for (const auto& each : links) {
    CHECK((each[0] == "http:" || each[0] == "https:"));
    CHECK(each[1] == "_blank");
    CHECK(each[2] == true);
  }
  CHECK(ida.evaluate("document.documentElement.scrollWidth <= innerWidth"
                     " && document.getElementById('log').scrollWidth"
                     " <= document.getElementById('log').clientWidth") == true);
  CHECK(ida.dialogs() == 0);
  const std::string pile = "[...document.querySelectorAll('#log .said')].at(-2)";
  CHECK(ida.evaluate("getComputedStyle(" + pile + ").overflowY") == "clip");
  ida.keep_picture("hostile-texts-end");
  ida.evaluate("document.getElementById('log').scrollTop = 0");
  ida.keep_picture("hostile-texts-phone");
  ida.resize(1200, 800);
  ida.keep_picture("hostile-texts");
  auto foreign = ida.foreign_requests(server.address());
  const auto is_socket = [](const std::string& each) { return each.rfind("ws:", 0) == 0; };
  foreign.erase(std::remove_if(foreign.begin(), foreign.end(), is_socket), foreign.end());
  CHECK(foreign.empty());
  CHECK(ida.complaints().empty());
}

TEST_CASE("five hundred people with names of all kinds are listed and break no layout") {
  if (!has_browser())
    return;
  constexpr std::size_t crowd_size = 500;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  ida.enter(server, "ida");
  ida.wait_until("document.querySelectorAll('#people .nick').length === 1");
  std::vector<framed_client> crowd;
  for (std::size_t i = 0; i < crowd_size; ++i) {
    const auto number = std::to_string(i);
    const auto name = i % 3 == 0   ? number + std::string(60, 'w')
                      : i % 3 == 1 ? "<i>" + number
                                   : "n" + number;
    crowd.push_back(server.running().framed(name, "/join lobby"));
  }
  ida.wait_until("document.querySelectorAll('#people .nick').length === " +
                 std::to_string(crowd_size + 1));
  crowd.front().send("from the crowd");
  ida.wait_for("from the crowd");
  CHECK(ida.evaluate("document.querySelectorAll('#people i').length") == 0);
  CHECK(ida.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0);
  CHECK(ida.evaluate("document.getElementById('say').getBoundingClientRect().bottom"
                     " <= innerHeight") == true);
  CHECK(ida.evaluate("(() => { const p = document.getElementById('people');"
                     " return p.scrollWidth - p.clientWidth; })()") <= 0);
  ida.keep_picture("crowd");
  CHECK(ida.complaints().empty());
}

TEST_CASE("on a phone nothing sticks out, and the lists come when they are asked for") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  ida.resize(360, 740);
  ida.enter(server, "ida");
  ida.say("hello");
  ida.wait_for("hello");
  const std::string fits = "document.documentElement.scrollWidth <= innerWidth";
  const auto in_sight = [](const std::string& id) {
    return "(() => { const b = document.getElementById('" + id +
           "').getBoundingClientRect(); return b.width > 100 && b.left >= 0"
           " && b.right <= innerWidth + 1; })()";
  };
  CHECK(ida.evaluate(fits) == true);
  CHECK(ida.evaluate(in_sight("rooms")) == false);
  CHECK(ida.evaluate(in_sight("people")) == false);
  CHECK(ida.evaluate(in_sight("log")) == true);
  CHECK(ida.evaluate(in_sight("say")) == true);
  ida.keep_picture("phone");
  ida.click("#show_rooms");
  ida.wait_until(in_sight("rooms"));
  ida.press("Escape");
  ida.click("#show_people");
  ida.wait_until(in_sight("people"));
  ida.press("Escape");
  CHECK(ida.evaluate(fits) == true);
}

TEST_CASE("whoever does not see the page is told what its parts are, and what is said") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  ida.open(server.address());
  ida.wait_until("document.activeElement?.id === 'name'");
  CHECK(ida.has_accessible("textbox", "Your name"));
  CHECK(ida.has_accessible("button", "Enter"));
  ida.type("#name", "ida");
  ida.press("Enter");
  ida.wait_until("!document.getElementById('chat').hidden");
  ida.say("hello");
  ida.wait_for("hello");
  CHECK(ida.has_accessible("log", "Texts in lobby"));
  CHECK(ida.has_accessible("textbox", "Say something in lobby"));
  CHECK(ida.has_accessible("searchbox", "Search this room"));
  CHECK(ida.has_accessible("navigation", "Rooms"));
  CHECK(ida.has_accessible("complementary", "People"));
  CHECK(ida.has_accessible("heading", "lobby"));
  CHECK(ida.has_accessible("list", "Your rooms"));
  CHECK(ida.has_accessible("list", "People"));
  CHECK(ida.has_accessible("button", "Send"));
  const auto tree = ida.accessibility_tree();
  for (const auto& each : tree)
    if (each.role == "button" || each.role == "textbox" || each.role == "link")
      CHECK(!each.name.empty());
  server.say("tim", "lobby", {"good morning"});
  ida.wait_until(
      "document.querySelector('[aria-live=polite]').textContent"
      ".includes('tim/tagged: good morning')");
}

TEST_CASE("the keyboard is enough") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  ida.enter(server, "ida");
  CHECK(ida.evaluate("document.activeElement.id") == "say");
  ida.type("#say", "/jo");
  ida.wait_until("!document.getElementById('offers').hidden");
  ida.press("Tab");
  ida.type("#say", "cafe");
  CHECK(ida.evaluate("document.getElementById('say').value") == "/join cafe");
  ida.press("Enter");
  ida.wait_until("document.getElementById('room_name').textContent === 'cafe'");
  ida.wait_until("document.querySelectorAll('#rooms .room').length === 2");
  for (int i = 0; i < 40 && ida.evaluate("document.activeElement.dataset?.key") != "#lobby"; ++i)
    ida.press("Tab", true);
  ida.press("Enter");
  ida.wait_until("document.getElementById('room_name').textContent === 'lobby'");
  ida.wait_until("document.activeElement.id === 'say'");
}

TEST_CASE("the page is light or dark as the system is") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  ida.enter(server, "ida");
  const std::string colour = "getComputedStyle(document.body).backgroundColor";
  const auto light = ida.evaluate(colour);
  ida.keep_picture("light");
  ida.prefer_dark();
  ida.keep_picture("dark");
  CHECK(ida.evaluate(colour) != light);
}

TEST_CASE("a reload goes on where the page was") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  ida.enter(server, "ida", "cafe");
  ida.say("hello");
  ida.wait_for("hello");
  ida.reload();
  ida.wait_for("hello");
  ida.wait_until_settled();
  CHECK(ida.text_of("#own_nick") == "ida");
  CHECK(ida.count("hello") == 1);
}

TEST_CASE("the parts of the page keep what they promise one by one") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  ida.open(server.address());
  const auto failures =
      ida.evaluate("(async () => {" + content_of(CONFAB_BROWSER_TESTS "/parts.js") + "})()");
  REQUIRE(failures.is_array());
  for (const auto& each : failures)
    FAIL_CHECK(each.get<std::string>());
}
