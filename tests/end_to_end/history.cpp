// What is kept, what `ok` means, and what whoever comes later gets: docs/history.md.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <sys/mount.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace confab::test;
using namespace std::string_literals;

namespace {

/// A disk of 2 MiB in a folder, if root runs the test.
class small_disk {
 public:
  explicit small_disk(std::string folder)
      : folder_(std::move(folder)),
        there_(::geteuid() == 0 && ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=2m") == 0) {}
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk() {
    if (there_)
      ::umount2(folder_.c_str(), MNT_DETACH);
  }

  bool there() const { return there_; }
  bool resize(const std::string& size) const {
    return ::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT, ("size=" + size).c_str()) == 0;
  }

 private:
  std::string folder_;
  bool there_;
};

/// What `server history export` says of a file.
std::string exported(const std::string& file) {
  process program{"server", {"history", "export", file}};
  program.close_input();
  REQUIRE(program.wait() == 0);
  return program.output();
}

/// The texts of an export, oldest first, by author.
std::map<std::string, std::vector<std::string>> texts_of(const std::string& lines) {
  std::map<std::string, std::vector<std::string>> result;
  const auto value = [](const std::string& line, const std::string& key) {
    const auto begin = line.find("\"" + key + "\":\"") + key.size() + 4;
    return line.substr(begin, line.find('"', begin) - begin);
  };
  for (const auto& line : split_lines(lines))
    if (line.find("\"kind\":\"message\"") != std::string::npos)
      result[value(line, "name")].push_back(value(line, "text"));
  return result;
}

/// A client of IRC that has logged in and is in #cafe.
class irc_client {
 public:
  irc_client(const running_server& server, const std::string& nick, const std::string& capabilities)
      : wire_(wait_for_port(server, "irc")) {
    wire_.send("CAP REQ :" + capabilities + "\r\nNICK " + nick +
               "\r\nUSER u 0 * :r\r\nCAP END\r\n" + "JOIN #cafe\r\n");
    while (next().find(" 366 ") == std::string::npos) {
    }
  }

  /// All lines up to the answer of a PING that is sent behind these lines.
  std::vector<std::string> ask(const std::string& lines) {
    wire_.send(lines + "PING behind\r\n");
    std::vector<std::string> result;
    for (auto line = next(); line.find("PONG") == std::string::npos; line = next())
      result.push_back(line);
    return result;
  }

 private:
  std::string next() {
    auto line = wire_.read_line();
    if (line.ends_with('\r'))
      line.pop_back();
    return line;
  }

  client wire_;
};

/// The value of a tag of a line; empty: it has none.
std::string tag_of(const std::string& line, const std::string& key) {
  if (!line.starts_with('@'))
    return {};
  const auto tags = ";" + line.substr(1, line.find(' ') - 1) + ";";
  const auto found = tags.find(";" + key + "=");
  if (found == std::string::npos)
    return {};
  const auto begin = found + key.size() + 2;
  return tags.substr(begin, tags.find(';', begin) - begin);
}

/// Those of the lines that are texts: id, time and the text.
std::vector<std::string> texts_in(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (const auto& line : lines)
    if (const auto text = line.find(" PRIVMSG #cafe :"); text != std::string::npos)
      result.push_back(tag_of(line, "msgid") + " " + tag_of(line, "time") + " " +
                       line.substr(text + 16));
  return result;
}

/// Runs `server` with options that it must refuse; returns what it says.
std::string complaint_of(const std::vector<std::string>& options) {
  process program{"server", options};
  program.close_input();
  REQUIRE(program.wait() == 1);
  REQUIRE(program.output().empty());
  return program.errors();
}

}  // namespace

TEST_CASE("ok means kept: after kill -9 each acknowledged text is there, once and in order") {
  const temporary_folder folder;
  std::map<std::string, std::size_t> sent;
  std::map<std::string, std::vector<std::string>> acknowledged;
  std::mt19937 random{20261128};
  const int rounds = long_run() ? 100 : 8;
  for (int round = 0; round < rounds; ++round) {
    running_server server{{"--history", folder.file()}};
    std::vector<client> senders;
    std::vector<std::string> names{"ann", "ben", "cat"};
    std::vector<std::vector<std::string>> asked(names.size());
    for (const auto& name : names)
      senders.push_back(server.sender(name, "cafe"));
    std::vector<client*> all{&senders[0], &senders[1], &senders[2]};
    const std::size_t enough = 1 + random() % 3000;
    std::size_t answered = 0;
    while (answered < enough) {
      for (std::size_t i = 0; i < names.size(); ++i)
        for (int burst = 0; senders[i].unsent_bytes() == 0 && burst < 40; ++burst) {
          auto text = names[i] + std::to_string(sent[names[i]]++);
          senders[i].queue("sendall:" + text + "\n");
          asked[i].push_back(std::move(text));
        }
      pump(all, std::chrono::milliseconds{10});
      for (std::size_t i = 0; i < names.size(); ++i)
        while (const auto line = senders[i].take_line()) {
          REQUIRE(*line == "ok:message sent");
          acknowledged[names[i]].push_back(asked[i].front());
          asked[i].erase(asked[i].begin());
          ++answered;
        }
    }
    server.signal(SIGKILL);
    REQUIRE(server.wait() == 128 + SIGKILL);
    for (std::size_t i = 0; i < names.size(); ++i)
      while (const auto line = senders[i].take_line()) {
        acknowledged[names[i]].push_back(asked[i].front());
        asked[i].erase(asked[i].begin());
      }
  }
  const auto kept = texts_of(exported(folder.file()));
  for (const auto& [name, texts] : acknowledged) {
    const auto& there = kept.at(name);
    CHECK(std::is_sorted(there.begin(), there.end(), [](const auto& one, const auto& other) {
      return std::stoul(one.substr(3)) < std::stoul(other.substr(3));
    }));
    CHECK(std::adjacent_find(there.begin(), there.end()) == there.end());
    CHECK(std::includes(there.begin(), there.end(), texts.begin(), texts.end(),
                        [](const auto& one, const auto& other) {
                          return std::stoul(one.substr(3)) < std::stoul(other.substr(3));
                        }));
  }
}

TEST_CASE("what was said before a restart is read back with the same id and the same time") {
  const temporary_folder folder;
  std::vector<std::string> live;
  {
    running_server server{{"--irc", "0", "--history", folder.file()}};
    irc_client ida{server, "ida", "message-tags server-time batch echo-message draft/chathistory"};
    live =
        texts_in(ida.ask("PRIVMSG #cafe :one\r\nPRIVMSG #cafe :two\r\nPRIVMSG #cafe :three\r\n"));
    REQUIRE(live.size() == 3);
    REQUIRE(live[0].ends_with(" one"));
    CHECK(texts_in(ida.ask("CHATHISTORY LATEST #cafe * 10\r\n")) == live);
    server.signal(SIGKILL);
    server.wait();
  }
  running_server server{{"--irc", "0", "--history", folder.file()}};
  irc_client ivy{server, "ivy", "message-tags server-time batch draft/chathistory"};
  CHECK(texts_in(ivy.ask("CHATHISTORY LATEST #cafe * 10\r\n")) == live);
  const auto second = live[1].substr(0, live[1].find(' '));
  CHECK(texts_in(ivy.ask("CHATHISTORY AFTER #cafe msgid=" + second + " 10\r\n")) ==
        std::vector<std::string>{live[2]});
  CHECK(texts_in(ivy.ask("CHATHISTORY BEFORE #cafe msgid=" + second + " 10\r\n")) ==
        std::vector<std::string>{live[0]});
}

TEST_CASE("history: members only read it") {
  const temporary_folder folder;
  running_server server{{"--irc", "0", "--history", folder.file()}};
  auto bob = server.sender("bob", "den");
  REQUIRE(bob.request("sendall:secret") == "ok:message sent");
  irc_client ida{server, "ida", "batch draft/chathistory"};
  const auto heard = ida.ask("CHATHISTORY LATEST #den * 10\r\n");
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("FAIL CHATHISTORY INVALID_TARGET") != std::string::npos);
}

TEST_CASE("with --replay N whoever comes in gets the last N texts behind the answer to its join") {
  const temporary_folder folder;
  const std::vector<std::string> options{"--history", folder.file(), "--replay", "2", "--irc", "0"};
  {
    mixed_server server{options};
    auto bob = server.sender("bob", "cafe");
    for (const auto* text : {"one", "two", "three"})
      REQUIRE(bob.request("sendall:"s + text) == "ok:message sent");
    auto alice = server.receiver("alice", "cafe");
    CHECK(alice.read_lines(2) ==
          std::vector<std::string>{"delivery:cafe:bob:two", "delivery:cafe:bob:three"});
    require_nothing_pending(alice);
    auto fay = server.framed("fay");
    fay.send("/join cafe");
    CHECK(fay.read() == "[bob] two");
    CHECK(fay.read() == "[bob] three");
  }
  mixed_server server{options};
  auto alice = server.receiver("alice", "cafe");
  CHECK(alice.read_lines(2) ==
        std::vector<std::string>{"delivery:cafe:bob:two", "delivery:cafe:bob:three"});
  auto bob = server.sender("bob", "cafe");
  REQUIRE(bob.request("sendall:four") == "ok:message sent");
  CHECK(alice.read_line() == "delivery:cafe:bob:four");
  require_nothing_pending(alice);
}

TEST_CASE("without --replay the protocols of the courses show nothing of what was said before") {
  const temporary_folder folder;
  mixed_server server{{"--history", folder.file()}};
  auto bob = server.sender("bob", "cafe");
  REQUIRE(bob.request("sendall:one") == "ok:message sent");
  auto alice = server.receiver("alice", "cafe");
  require_nothing_pending(alice);
}

TEST_CASE("a full disk: refused with a reason, nothing lost, service again when there is room") {
  const temporary_folder folder;
  const small_disk disk{folder.path()};
  if (!disk.there()) {
    WARN("skipped here: only root can make a small disk");
    return;
  }
  {
    running_server server{{"--irc", "0", "--history", folder.file()}};
    auto bob = server.sender("bob", "cafe");
    std::vector<std::string> acknowledged;
    std::size_t refused = 0;
    std::size_t number = 0;
    const auto say = [&](std::size_t count) {
      const auto first = number;
      for (std::size_t i = 0; i < count; ++i)
        bob.queue("sendall:t" + std::to_string(number++) + std::string(200, 'x') + "\n");
      bob.send("");
      const auto answers = bob.read_lines(count);
      for (std::size_t i = 0; i < count; ++i) {
        if (answers[i] == "ok:message sent")
          acknowledged.push_back("t" + std::to_string(first + i) + std::string(200, 'x'));
        else
          refused += answers[i] == "err:the server could not keep this" ? 1 : 1'000'000;
      }
    };
    while (refused == 0 && number < 100'000)
      say(100);
    CHECK(refused > 0);
    CHECK(refused < 1'000'000);
    server.wait_for_log("no room on the disk");
    irc_client ida{server, "ida", "standard-replies"};
    // A small text may still find a place.
    std::vector<std::string> told;
    for (int turn = 0; told.empty() && turn < 10'000; ++turn)
      told = ida.ask("PRIVMSG #cafe :" + std::string(300, 'y') + "\r\n");
    REQUIRE(told.size() == 1);
    CHECK(told[0].find("FAIL PRIVMSG MESSAGE_NOT_STORED #cafe") != std::string::npos);
    REQUIRE(disk.resize("64m"));
    refused = 0;
    say(100);
    CHECK(refused == 0);
    CHECK(texts_of(exported(folder.file())).at("bob") == acknowledged);
  }
}

TEST_CASE("a file that is no history is refused with one line, and stays as it is") {
  const temporary_folder folder;
  const std::string content = "This is a letter to my mother, not a history.\n";
  std::ofstream{folder.file()} << content;
  const auto said = complaint_of({"0", "--history", folder.file()});
  CHECK(split_lines(said).size() == 1);
  CHECK(said.find(folder.file()) != std::string::npos);
  std::ostringstream now;
  now << std::ifstream{folder.file()}.rdbuf();
  CHECK(now.str() == content);
}

TEST_CASE("one history has one server") {
  const temporary_folder folder;
  running_server first{{"--history", folder.file()}};
  const auto said = complaint_of({"0", "--history", folder.file()});
  CHECK(split_lines(said).size() == 1);
  CHECK(first.runs());
}

TEST_CASE("what belongs to --history needs it") {
  CHECK(complaint_of({"0", "--replay", "3"}).find("--history") != std::string::npos);
  CHECK(complaint_of({"0", "--history-days", "3"}).find("--history") != std::string::npos);
  CHECK(complaint_of({"history", "check"}).find("FILE") != std::string::npos);
  CHECK(complaint_of({"history", "export", "/nowhere/at/all"}).find("/nowhere/at/all") !=
        std::string::npos);
}

TEST_CASE("an export brings the texts into another history, once") {
  const temporary_folder folder;
  {
    running_server server{{"--history", folder.file("one")}};
    auto bob = server.sender("bob", "cafe");
    for (const auto* text : {"one", "two"})
      REQUIRE(bob.request("sendall:"s + text) == "ok:message sent");
  }
  const auto lines = exported(folder.file("one"));
  for (int turn = 0; turn < 2; ++turn) {
    process import{"server", {"history", "import", folder.file("two")}};
    import.write(lines);
    import.close_input();
    REQUIRE(import.wait() == 0);
  }
  CHECK(exported(folder.file("two")) == lines);
  process check{"server", {"history", "check", folder.file("two")}};
  check.close_input();
  CHECK(check.wait() == 0);
}

TEST_CASE("metrics tell of the history") {
  const temporary_folder folder;
  running_server server{{"--admin", "0", "--history", folder.file()}};
  auto bob = server.sender("bob", "cafe");
  REQUIRE(bob.request("sendall:one") == "ok:message sent");
  CHECK(server.metric("confab_history_events") == "2");
  CHECK(server.metric("confab_history_failing") == "0");
  CHECK(server.metric("confab_history_batches_kept_total") == "2");
  CHECK(std::stoi(server.metric("confab_history_commit_seconds_count")) > 0);
}
