// What people at browsers see of what is said: docs/web.md.

#include "tests/browser/chat_page.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace confab::test;
using namespace std::chrono_literals;

namespace {

/// What the issue promises: the room and what was said before are there by then.
constexpr std::chrono::milliseconds opening_span{5000};
/// After the server is there again.
constexpr std::chrono::milliseconds return_span{3000};

using texts = std::vector<shown_text>;

}  // namespace

TEST_CASE("a browser shows within five seconds what was said before the server was killed") {
  if (!has_browser())
    return;
  web_server server;
  server.say("tim", "lobby", {"one", "two"});
  server.kill();
  server.start();
  browser chromium;
  chat_page ida{chromium};
  const auto start = std::chrono::steady_clock::now();
  ida.enter(server, "ida");
  ida.wait_for("two");
  CHECK(std::chrono::steady_clock::now() - start < opening_span);
  CHECK(ida.log() == texts{{"tim/tagged", "one"}, {"tim/tagged", "two"}});
  CHECK(ida.text_of("#room_name") == "lobby");
  CHECK(ida.text_of("#rooms").find("lobby") != std::string::npos);
  CHECK(ida.complaints().empty());
}

TEST_CASE("browsers and clients of all courses see each text of a room once with its author") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  chat_page joe{chromium};
  ida.enter(server, "ida");
  joe.enter(server, "joe");
  auto bob = server.running().receiver("bob", "lobby");
  auto kay = server.running().framed("Kay", "/join lobby");
  auto olaf = server.running().oneroom("olaf");
  ida.wait_for("(olaf)");
  REQUIRE(bob.read_line() == "delivery:lobby:olaf:(olaf)");

  ida.say("from ida");
  CHECK(bob.read_line() == "delivery:lobby:ida:from ida");
  CHECK(olaf.read_line() == "ida:from ida");
  joe.say("/me waves");
  CHECK(bob.read_line() == "delivery:lobby:joe:* waves");
  joe.wait_for("waves");
  server.say("tim", "lobby", {"from tim"});
  kay.send("from Kay");
  joe.wait_for("from Kay");
  olaf.send("from olaf\n");

  const texts all{{"olaf/oneroom", "(olaf)"}, {"ida", "from ida"},
                  {"joe", "waves"},           {"tim/tagged", "from tim"},
                  {"Kay/framed", "from Kay"}, {"olaf/oneroom", "from olaf"}};
  for (auto* each : {&ida, &joe}) {
    each->wait_for("from olaf");
    each->wait_until_settled();
    CHECK(each->log() == all);
    each->wait_until("document.querySelectorAll('#people .nick').length === 5");
    CHECK(each->people() ==
          std::vector<std::string>{"bob/tagged", "ida", "joe", "Kay/framed", "olaf/oneroom"});
    CHECK(each->complaints().empty());
  }
}

TEST_CASE("when the server is killed browsers come back, miss nothing and repeat nothing") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  chat_page joe{chromium};
  ida.enter(server, "ida");
  joe.enter(server, "joe");
  std::vector<std::string> said;
  const auto say = [&](chat_page& who, const std::string& text) {
    who.say(text);
    said.push_back(text);
  };
  for (int round = 0; round < 3; ++round) {
    const auto number = std::to_string(round);
    for (const auto* text : {"a", "b", "c"}) {
      say(ida, number + text + " ida");
      say(joe, number + text + " joe");
    }
    server.kill();  // Some of these have an answer by now, some have none.
    say(ida, number + " while it is gone, ida");
    say(joe, number + " while it is gone, joe");
    server.start();
    const auto back = std::chrono::steady_clock::now();
    ida.wait_until_settled();
    joe.wait_until_settled();
    CHECK(std::chrono::steady_clock::now() - back < return_span);
    said.push_back(number + " tim");
    server.say("tim", "lobby", {said.back()});
    ida.wait_for(said.back());
    joe.wait_for(said.back());
  }
  for (auto* each : {&ida, &joe})
    for (const auto& text : said) {
      INFO(text);
      CHECK(each->count(text) == 1);
    }
  CHECK(ida.log() == joe.log());
  CHECK(ida.log().size() == said.size());
  CHECK(ida.text_of("#own_nick") == "ida");
  chat_page kim{chromium};
  kim.enter(server, "kim");
  kim.wait_for(said.back());
  CHECK(kim.log() == ida.log());
}

TEST_CASE("the first room is the server's lobby, whatever it is called") {
  if (!has_browser())
    return;
  web_server server{{"--lobby", "cafe"}};
  browser chromium;
  chat_page ida{chromium};
  ida.enter(server, "ida");
  ida.wait_until("document.getElementById('room_name').textContent === 'cafe'");
  auto olaf = server.running().oneroom("olaf");
  ida.wait_for("(olaf)");
}

TEST_CASE("older texts come as one scrolls up, each once and in order") {
  if (!has_browser())
    return;
  web_server server;
  std::vector<std::string> said;
  for (int i = 1; i <= 350; ++i)
    said.push_back("text " + std::to_string(i));
  server.say("tim", "long", said);
  browser chromium;
  chat_page ida{chromium};
  ida.enter(server, "ida", "long");
  ida.wait_for("text 350");
  CHECK(ida.count("text 1") == 0);
  const deadline end{waiting_span};
  while (ida.count("text 1") == 0 && !end.passed())
    ida.turn_wheel("#log", -2000);
  CHECK(ida.texts_of("#log .said .words") == said);
  ida.wait_until("document.querySelector('.log_head').textContent.startsWith('This is where')");
}

TEST_CASE("what is looked for is found, and shown in the log") {
  if (!has_browser())
    return;
  web_server server;
  server.say("tim", "lobby", {"a red fish", "a blue bird", "a green fish"});
  browser chromium;
  chat_page ida{chromium};
  ida.enter(server, "ida");
  ida.wait_for("a green fish");
  const deadline end{waiting_span};
  do {  // What was just said can be found a moment later.
    ida.evaluate("document.getElementById('search').value = ''");
    ida.type("#search", "fish");
    ida.press("Enter");
    ida.wait_until("/^Nothing|^[0-9]/.test(document.querySelector('#found h2').textContent)");
  } while (ida.texts_of("#found li").size() < 2 && !end.passed());
  CHECK(ida.texts_of("#found .words") == std::vector<std::string>{"a green fish", "a red fish"});
  ida.click("#found li:nth-child(2) button");
  ida.wait_until("document.querySelector('#log .found .words')?.textContent === 'a red fish'");
}

TEST_CASE("a name that somebody has is told, and another one given") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  chat_page other{chromium};
  ida.enter(server, "ida");
  other.enter(server, "ida");
  other.wait_until("document.getElementById('own_nick').textContent === 'ida_'");
  other.wait_until("document.getElementById('log').textContent.includes('is taken')");
  other.say("/nick eve");
  ida.wait_until(
      "[...document.querySelectorAll('#people .nick')]"
      ".some((each) => each.textContent === 'eve')");
}

TEST_CASE("two people at browsers talk in private") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  chat_page joe{chromium};
  ida.enter(server, "ida");
  joe.enter(server, "joe");
  ida.say("/msg joe between us");
  ida.wait_for("between us");
  CHECK(ida.text_of("#room_name") == "joe");
  joe.wait_until("document.querySelector('#rooms .badge.calling') !== null");
  joe.wait_until("document.title.startsWith('(1!)')");
  joe.click("#rooms .room.unread");
  joe.wait_for("between us");
  CHECK(joe.log() == texts{{"ida", "between us"}});
}

TEST_CASE("a text that does not fit on one line of IRC arrives whole") {
  if (!has_browser())
    return;
  web_server server;
  browser chromium;
  chat_page ida{chromium};
  chat_page joe{chromium};
  ida.enter(server, "ida");
  joe.enter(server, "joe");
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "w\u00f6rd ";
  text += "end";
  ida.say(text);
  joe.wait_until("document.getElementById('log').textContent.includes('end')");
  std::string whole;
  for (const auto& each : joe.log())
    whole += each.text;
  CHECK(whole == text);
}
