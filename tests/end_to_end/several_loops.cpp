// A server with several network loops (--loops): the same rooms and the same promises, whichever
// loop a connection comes to. The system spreads connections by chance, so each test has enough of
// them that all loops have some.

#include "tests/support/catch.hpp"
#include "tests/support/irc_client.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace confab::test;

namespace {

std::vector<std::string> with_loops(int loops, std::vector<std::string> options = {}) {
  options.insert(options.begin(), {"--loops", std::to_string(loops), "--irc", "0"});
  return options;
}

std::size_t count_with(const std::vector<std::string>& lines, const std::string& words) {
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(),
      [&](const std::string& line) { return line.find(words) != std::string::npos; }));
}

/// Texts like `<bob.17>`: they say who has said them, and which one it is.
std::string numbered(const std::string& author, int number) {
  return "<" + author + "." + std::to_string(number) + ">";
}

/// Somebody who says numbered texts, in any protocol.
struct author {
  std::string name;
  std::function<void(const std::string&)> say;
};

/// Reads until `count` numbered texts have come; checks that each stands behind the name of its
/// author, and that those of each author come in order, none twice and none missing.
void require_all_texts(const std::function<std::string()>& read, std::size_t count) {
  std::map<std::string, int> next;
  while (count > 0) {
    const auto line = read();
    const auto begin = line.find('<');
    const auto dot = line.find('.', begin);
    if (begin == std::string::npos || dot == std::string::npos)
      continue;  // Somebody has come.
    const auto name = line.substr(begin + 1, dot - begin - 1);
    INFO(line);
    REQUIRE(line.substr(0, begin).find(name) != std::string::npos);
    REQUIRE(std::stoi(line.substr(dot + 1)) == next[name]++);
    --count;
  }
}

/// The line that --irc-oper takes for this password.
std::string hash_of(const std::string& password) {
  process program{"server", {"--hash-password"}};
  program.write(password + "\n");
  program.close_input();
  REQUIRE(program.wait(patience) == 0);
  return split_lines(program.output()).front();
}

/// Lets many clients go on together until each has been answered with these words.
void require_all_answered(std::vector<client>& crowd, const std::string& words) {
  std::vector<client*> waiting;
  for (auto& each : crowd)
    waiting.push_back(&each);
  const auto drop_answered = [&] {
    std::erase_if(waiting, [&](client* each) {
      while (const auto line = each->take_line())
        if (line->find(words) != std::string::npos)
          return true;
      return false;
    });
    return waiting.empty();
  };
  while (!drop_answered()) {
    const auto before = waiting;
    pump_until(
        before, [&] { return drop_answered() || waiting.size() < before.size(); },
        "each of the crowd is answered: " + words);
  }
}

}  // namespace

TEST_CASE("loops: clients of all protocols in one room hear each text once, in order") {
  const auto loops = GENERATE(2, 3);
  constexpr int each = 4;
  constexpr int texts = 50;
  mixed_server server{with_loops(loops)};
  std::vector<client> receivers;
  std::vector<client> senders;
  std::vector<framed_client> framed;
  std::vector<client> oneroom;
  std::vector<irc_client> irc;
  for (int i = 0; i < each; ++i) {
    const auto number = std::to_string(i);
    receivers.push_back(server.receiver("listener" + number, "lobby"));
    senders.push_back(server.sender("tagged" + number, "lobby"));
    framed.push_back(server.framed("framed" + number, "/join lobby"));
    irc.emplace_back(server, "irc" + number).join("#lobby");
    oneroom.push_back(server.oneroom("oneroom" + number));
  }
  std::vector<author> authors;
  for (int i = 0; i < each; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto number = std::to_string(i);
    authors.push_back({"tagged" + number, [&senders, at](const std::string& text) {
                         senders[at].send("sendall:" + text + "\n");
                       }});
    authors.push_back(
        {"framed" + number, [&framed, at](const std::string& text) { framed[at].send(text); }});
    authors.push_back({"oneroom" + number,
                       [&oneroom, at](const std::string& text) { oneroom[at].send(text + "\n"); }});
    authors.push_back({"irc" + number, [&irc, at](const std::string& text) {
                         irc[at].send("PRIVMSG #lobby :" + text);
                       }});
  }
  for (int number = 0; number < texts; ++number)
    for (const auto& who : authors)
      who.say(numbered(who.name, number));
  const auto all = authors.size() * texts;
  for (auto& reader : receivers)
    require_all_texts([&] { return reader.read_line(); }, all);
  for (auto& reader : oneroom)
    require_all_texts([&] { return reader.read_line(); }, all);
  for (auto& reader : framed)
    require_all_texts([&] { return reader.read(); }, all - texts);
  for (auto& reader : irc)
    require_all_texts([&] { return reader.wire().read_line(); }, all - texts);
  for (auto& sender : senders)
    for (int number = 0; number < texts; ++number)
      REQUIRE(sender.read_line() == "ok:message sent");
  for (auto& reader : receivers)
    require_nothing_pending(reader);
  for (auto& reader : framed)
    reader.require_nothing_pending();
  for (auto& reader : irc)
    CHECK(reader.read_all().empty());
}

TEST_CASE("loops: a text that was answered with ok stands in the queues of all readers") {
  running_server server{with_loops(GENERATE(2, 3))};
  auto sender = server.sender("bob", "cafe");
  std::vector<client> receivers;
  for (int i = 0; i < 6; ++i)
    receivers.push_back(server.receiver("r" + std::to_string(i), "cafe"));
  for (int round = 0; round < 200; ++round) {
    const auto text = std::to_string(round);
    REQUIRE(sender.request("sendall:" + text) == "ok:message sent");
    for (auto& each : receivers)
      each.send("leave:\n");  // Asked for only now, so answered only behind the text.
    for (auto& each : receivers) {
      REQUIRE(each.read_line() == "delivery:cafe:bob:" + text);
      REQUIRE(each.read_line() == "err:invalid message tag");
    }
  }
}

TEST_CASE("loops: private texts come to whom they are for, once and in order") {
  running_server server{with_loops(GENERATE(2, 3))};
  constexpr int texts = 50;
  std::vector<irc_client> all;
  for (int i = 0; i < 6; ++i)
    all.emplace_back(server, "nick" + std::to_string(i));
  for (int number = 0; number < texts; ++number)
    for (auto& from : all)
      for (auto& to : all)
        if (&from != &to)
          from.send("PRIVMSG " + to.nick() + " :" + numbered(from.nick(), number));
  for (auto& reader : all)
    require_all_texts([&] { return reader.wire().read_line(); }, (all.size() - 1) * texts);
  for (auto& each : all)
    CHECK(each.read_all().empty());
}

TEST_CASE("loops: whoever shares two rooms with one who quits is told once") {
  running_server server{with_loops(GENERATE(2, 3))};
  std::vector<irc_client> readers;
  for (int i = 0; i < 8; ++i) {
    auto& reader = readers.emplace_back(server, "reader" + std::to_string(i));
    reader.join("#one");
    reader.join("#two");
  }
  for (int round = 0; round < 20; ++round) {
    const auto name = "leaver" + std::to_string(round);
    irc_client leaver{server, name};
    leaver.join("#one");
    leaver.join("#two");
    if (round % 2 == 0) {
      leaver.send("QUIT :bye");
      leaver.wire().read_to_end();  // By then all have been told.
    } else {
      leaver.wire().reset();
      for (auto& each : readers)
        each.read_until(" QUIT ");
    }
    for (auto& each : readers)
      CHECK(count_with(each.read_all(), ":" + name + "!") ==
            (round % 2 == 0 ? 3U : 0U));  // Two JOINs and one QUIT, or they were read before.
  }
}

TEST_CASE("loops: a nick is given once, whichever loop asks for it") {
  running_server server{with_loops(GENERATE(2, 3))};
  for (int round = 0; round < 20; ++round) {
    std::vector<client> rivals;
    for (int i = 0; i < 6; ++i)
      rivals.emplace_back(wait_for_port(server, "irc"));
    for (auto& each : rivals)
      each.send("NICK same\r\nUSER same 0 * :same\r\n");
    std::size_t winners = 0;
    for (auto& each : rivals) {
      std::string line;
      while (line.find(" 433 ") == std::string::npos && line.find(" 001 ") == std::string::npos)
        line = each.read_line();
      winners += line.find(" 001 ") != std::string::npos ? 1U : 0U;
    }
    REQUIRE(winners == 1);
    for (auto& each : rivals) {
      each.send("QUIT\r\n");
      each.read_to_end();
    }
  }
}

TEST_CASE("loops: connections are limited over all loops, in all and by address") {
  const auto loops = GENERATE(2, 3);
  const auto [option, refusal] = GENERATE(table<std::string, std::string>(
      {{"--max-connections-per-address", "err:too many connections from your address"},
       {"--max-connections", "err:server is full"}}));
  running_server server{with_loops(loops, {option, "8"})};
  std::vector<client> inside;
  for (int i = 0; i < 8; ++i)
    inside.push_back(server.sender("bob" + std::to_string(i), "cafe"));
  for (int i = 0; i < 8; ++i)
    CHECK(server.connect().read_line() == refusal);
  for (auto& each : inside)
    each.send("quit:\n");
  for (auto& each : inside)
    each.read_to_end();
  inside.clear();
  wait_until(
      [&] {
        auto newcomer = server.connect();
        newcomer.send("slogin:carol\n");
        return newcomer.read_line() == "ok:logged in as carol";
      },
      "a place for another one");
}

TEST_CASE("loops: a client is killed by an operator of any loop, and all see it once") {
  const auto hash = hash_of("secret");
  running_server server{with_loops(GENERATE(2, 3), {"--irc-oper", "root:" + hash})};
  std::vector<irc_client> readers;
  for (int i = 0; i < 6; ++i)
    readers.emplace_back(server, "reader" + std::to_string(i)).join("#cafe");
  irc_client killer{server, "killer"};
  killer.send("OPER root secret");
  killer.read_until(" 381 ");
  for (auto& each : readers)
    each.read_all();
  for (int round = 0; round < 10; ++round) {
    const auto name = "victim" + std::to_string(round);
    irc_client victim{server, name};
    victim.join("#cafe");
    killer.send("KILL " + name + " :enough");
    killer.send("WHOIS " + name);
    killer.read_until(" 401 ");  // What is asked next is answered without the victim.
    victim.wire().read_to_end();
    for (auto& each : readers)
      CHECK(count_with(each.read_all(), ":" + name + "!") == 2);  // JOIN and QUIT.
  }
}

TEST_CASE("loops: two thousand clients come at once and leave at once") {
  running_server server{with_loops(GENERATE(2, 3), {"--admin", "0"})};
  constexpr std::size_t crowd_size = 2'000;
  auto sender = server.sender("bob", "hall");
  for (int round = 0; round < 2; ++round) {
    std::vector<client> crowd;
    for (std::size_t i = 0; i < crowd_size; ++i) {
      crowd.push_back(server.connect());
      crowd.back().queue("rlogin:r" + std::to_string(i) + "\njoin:hall\n");
    }
    require_all_answered(crowd, "ok:welcome");
    REQUIRE(sender.request("sendall:all of you") == "ok:message sent");
    require_all_answered(crowd, "delivery:hall:bob:all of you");
    for (std::size_t i = 0; i < crowd.size(); ++i)
      i % 2 == 0 ? crowd[i].reset() : crowd[i].close();
    REQUIRE(sender.request("sendall:none of you") == "ok:message sent");
    wait_until([&] { return server.metric(R"(confab_connections{dialect="tagged"})") == "1"; },
               "all of the crowd are gone");
  }
}

TEST_CASE("loops: three hundred clients that are told of one another come at once and leave") {
  running_server server{with_loops(GENERATE(2, 3), {"--admin", "0"})};
  std::vector<client> crowd;
  for (int i = 0; i < 300; ++i) {
    const auto nick = "n" + std::to_string(i);
    crowd.emplace_back(wait_for_port(server, "irc"));
    crowd.back().queue("NICK " + nick + "\r\nUSER a 0 * :a\r\nJOIN #hall\r\n");
  }
  require_all_answered(crowd, " 366 ");
  for (auto& each : crowd)
    each.queue("QUIT :all\r\n");
  std::vector<client*> leaving;
  for (auto& each : crowd)
    leaving.push_back(&each);
  const auto has_ended = [](const client& each) { return each.ended(); };
  pump_until(
      leaving, [&] { return std::all_of(crowd.begin(), crowd.end(), has_ended); },
      "all connections have ended");
  wait_until([&] { return server.metric(R"(confab_rooms{dialect="irc"})") == "0"; },
             "their room has ended");
}

TEST_CASE("loops: what was kept is there after a restart, each author's texts in order") {
  const auto loops = GENERATE(2, 3);
  const temporary_folder folder;
  constexpr int texts = 20;
  constexpr int count = 5;
  const std::vector<std::string> kept{"--history", folder.file(), "--replay", "100"};
  {
    running_server server{with_loops(loops, kept)};
    std::vector<client> senders;
    for (int i = 0; i < count; ++i)
      senders.push_back(server.sender("bob" + std::to_string(i), "cafe"));
    for (int number = 0; number < texts; ++number)
      for (int i = 0; i < count; ++i)
        senders[static_cast<std::size_t>(i)].send(
            "sendall:" + numbered("bob" + std::to_string(i), number) + "\n");
    for (auto& each : senders)
      for (int number = 0; number < texts; ++number)
        REQUIRE(each.read_line() == "ok:message sent");
  }
  running_server server{with_loops(loops, kept)};
  for (int i = 0; i < 4; ++i) {
    auto reader = server.receiver("late" + std::to_string(i), "cafe");
    require_all_texts([&] { return reader.read_line(); }, std::size_t{texts} * count);
    require_nothing_pending(reader);
  }
}

TEST_CASE("loops: SIGTERM drains all loops: what was answered is delivered, then the end") {
  running_server server{with_loops(GENERATE(2, 3))};
  std::vector<client> receivers;
  for (int i = 0; i < 8; ++i)
    receivers.push_back(server.receiver("r" + std::to_string(i), "cafe"));
  std::vector<client> senders;
  for (int i = 0; i < 4; ++i) {
    senders.push_back(server.sender("bob" + std::to_string(i), "cafe"));
    for (int number = 0; number < 500; ++number)
      senders.back().queue("sendall:" + std::to_string(number) + "\n");
  }
  std::vector<client*> pumped;
  for (auto& each : senders)
    pumped.push_back(&each);
  pump(pumped, std::chrono::milliseconds{10});
  server.signal(SIGTERM);
  std::size_t answered = 0;
  for (auto& each : senders)
    answered += count_with(split_lines(each.read_to_end()), "ok:message sent");
  for (auto& each : receivers)
    CHECK(count_with(split_lines(each.read_to_end()), "delivery:cafe:bob") >= answered);
  CHECK(server.wait() == 0);
}

TEST_CASE("loops: the metrics count a listener once, with the connections of all loops") {
  running_server server{with_loops(GENERATE(2, 3), {"--admin", "0"})};
  std::vector<client> clients;
  for (int i = 0; i < 10; ++i)
    clients.push_back(server.sender("bob" + std::to_string(i), "cafe"));
  CHECK(server.metric(R"(confab_connections{dialect="tagged"})") == "10");
  CHECK(server.metric(R"(confab_listener_connections{listener="tagged"})") == "10");
  CHECK(server.metric(R"(confab_rooms{dialect="tagged"})") == "1");
  const auto page = server.admin_page("/metrics");
  CHECK(count_with(split_lines(page), "confab_listener_connections{listener=\"tagged\"}") == 1);
}
