// Clients that want too much: endless lines, no reading, flooding, too many, never logging in.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <functional>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

/// A client whose kernel takes little, so that the server soon holds what it does not read.
const connect_options small_window{"127.0.0.1", 4096};

constexpr std::size_t mebibyte = 1024 * 1024;

/// A text of the greatest length whose beginning is its number.
std::string numbered_text(std::size_t number) {
  auto text = std::to_string(number) + ' ';
  return text + std::string(246 - text.size(), '.');
}

/// The same with 240 bytes.
std::string text_of_240(std::size_t number) {
  return numbered_text(number).substr(0, 240);
}

/// Requires that two clients of their own can talk, and soon: each text is waited for.
void require_others_talk(const running_server& server, const std::function<void()>& meanwhile) {
  auto receiver = server.receiver("alice", "quiet");
  auto sender = server.sender("carol", "quiet");
  for (int number = 0; number < 200; ++number) {
    meanwhile();
    REQUIRE(sender.request("sendall:" + std::to_string(number)) == "ok:message sent");
    REQUIRE(receiver.read_line() == "delivery:quiet:carol:" + std::to_string(number));
  }
}

}  // namespace

TEST_CASE("a line of 100 MB costs less than 8 MiB, gets one err:, and the connection goes on") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  const auto before = server.memory_bytes();
  const std::string piece(64 * 1024, 'x');
  sender.send("sendall:");
  for (std::size_t sent = 0; sent < 100'000'000; sent += piece.size())
    sender.send(piece);
  CHECK(sender.request("") == "err:invalid message format");
  if (memory_is_meaningful)
    CHECK(server.memory_peak_bytes() < before + 8 * mebibyte);
  CHECK(sender.request("sendall:hi") == "ok:message sent");
}

TEST_CASE("a slow reader is cut at --backlog-max, which is logged, the others get everything") {
  running_server server{{"--backlog-max", "65536"}};
  auto slow = server.receiver("slow", "cafe", small_window);
  slow.read_when_ready(false);
  auto keen = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  std::size_t said = 0;
  while (!server.log_has("slow")) {
    REQUIRE(said * 256 < 256 * mebibyte);
    REQUIRE(sender.request("sendall:" + numbered_text(said)) == "ok:message sent");
    REQUIRE(keen.read_line() == "delivery:cafe:bob:" + numbered_text(said));
    ++said;
  }
  REQUIRE(sender.request("sendall:after the cut") == "ok:message sent");
  REQUIRE(keen.read_line() == "delivery:cafe:bob:after the cut");
  slow.read_when_ready(true);
  const auto heard = split_lines(slow.read_to_end());
  CHECK(heard.size() < said);
  for (std::size_t number = 0; number + 1 < heard.size(); ++number)
    REQUIRE(heard[number] == "delivery:cafe:bob:" + numbered_text(number));
}

TEST_CASE("beside a slow reader, which is cut, logged and counted, a fast one gets 300,000 texts") {
  constexpr std::size_t texts = 300'000;
  constexpr std::size_t written_at_once = 1'000;
  running_server server{{"--admin", "0"}};
  auto slow = server.receiver("slow", "cafe", small_window);
  slow.read_when_ready(false);
  auto fast = server.receiver("fast", "cafe");
  auto sender = server.sender("bob", "cafe");
  for (std::size_t number = 0; number < texts;) {
    for (const auto end = number + written_at_once; number < end; ++number)
      sender.queue("sendall:" + text_of_240(number) + '\n');
    sender.send("");
    REQUIRE(sender.read_lines(written_at_once) ==
            std::vector<std::string>(written_at_once, "ok:message sent"));
    for (auto heard = number - written_at_once; heard < number; ++heard)
      REQUIRE(fast.read_line() == "delivery:cafe:bob:" + text_of_240(heard));
  }
  if (memory_is_meaningful)
    CHECK(server.memory_peak_bytes() < 256 * mebibyte);
  server.wait_for_log("slow reader cut: tagged user 'slow'");
  CHECK(server.metric("confab_cuts_total{dialect=\"tagged\",reason=\"slow_reader\"}") == "1");
}

TEST_CASE("a slow reader leaves no descriptor behind, and can come again") {
  running_server server{{"--backlog-max", "65536"}};
  const auto descriptors = server.descriptors();
  auto slow = server.receiver("slow", "cafe", small_window);
  slow.read_when_ready(false);
  {
    auto sender = server.sender("bob", "cafe");
    for (std::size_t said = 0; !server.log_has("slow"); ++said) {
      REQUIRE(said * 256 < 256 * mebibyte);
      REQUIRE(sender.request("sendall:" + numbered_text(said)) == "ok:message sent");
    }
  }
  server.wait_for_descriptors(descriptors);
  auto again = server.receiver("slow", "cafe");
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:hi") == "ok:message sent");
  CHECK(again.read_line() == "delivery:cafe:bob:hi");
}

TEST_CASE("a reader that pauses within the backlog gets everything") {
  running_server server;
  auto pausing = server.receiver("alice", "cafe", small_window);
  auto sender = server.sender("bob", "cafe");
  constexpr std::size_t texts = 20'000;  // 5 MB: more than the kernel buffers, less than 16 MiB
  for (std::size_t number = 0; number < texts; ++number)
    sender.queue("sendall:" + numbered_text(number) + '\n');
  sender.send("");
  REQUIRE(sender.read_lines(texts) == std::vector<std::string>(texts, "ok:message sent"));
  for (std::size_t number = 0; number < texts; ++number)
    REQUIRE(pausing.read_line() == "delivery:cafe:bob:" + numbered_text(number));
  require_nothing_pending(pausing);
}

TEST_CASE("a flooding client that never reads its replies does not stop others") {
  running_server server;
  auto flooder = server.sender("flooder", "flood");
  flooder.read_when_ready(false);
  std::string requests;
  for (std::size_t number = 0; requests.size() < mebibyte; ++number)
    requests += "sendall:x\nnonsense\n";
  require_others_talk(server, [&] {
    if (!flooder.ended()) {
      if (flooder.unsent_bytes() == 0)
        flooder.queue(requests);
      pump({&flooder}, std::chrono::milliseconds{0});
    }
  });
  flooder.reset();
}

TEST_CASE("a flood of endless lines does not stop others") {
  running_server server;
  auto flooder = server.connect();
  const std::string piece(mebibyte, 'x');
  require_others_talk(server, [&] {
    if (flooder.unsent_bytes() == 0)
      flooder.queue(piece);
    pump({&flooder}, std::chrono::milliseconds{0});
  });
  flooder.reset();
}

TEST_CASE("option --max-connections 2: the third is refused, and served when one has left") {
  running_server server{{"--max-connections", "2"}};
  const auto descriptors = server.descriptors();
  auto first = server.sender("bob", "cafe");
  auto second = server.receiver("alice", "cafe");
  auto third = server.connect();
  const auto refusal = split_lines(third.read_to_end());
  REQUIRE(refusal.size() <= 1);
  if (!refusal.empty())
    CHECK(refusal[0].rfind("err:", 0) == 0);
  CHECK(first.request("sendall:hi") == "ok:message sent");
  CHECK(second.read_line() == "delivery:cafe:bob:hi");
  first.close();
  server.wait_for_descriptors(descriptors + 1);
  auto fourth = server.sender("carol", "cafe");
  CHECK(fourth.request("sendall:again") == "ok:message sent");
  CHECK(second.read_line() == "delivery:cafe:carol:again");
}

TEST_CASE("option --max-connections: many refused clients leave no descriptor behind") {
  running_server server{{"--max-connections", "1"}};
  const auto descriptors = server.descriptors();
  auto only = server.sender("bob", "cafe");
  for (int number = 0; number < 100; ++number)
    server.connect().read_to_end();
  server.wait_for_descriptors(descriptors + 1);
  CHECK(only.request("sendall:hi") == "ok:message sent");
}

TEST_CASE("option --login-deadline 1 ends connections that never log in, and no other") {
  running_server server{{"--login-deadline", "1"}};
  auto sender = server.sender("bob");
  auto silent = server.connect();
  auto talkative = server.connect();
  CHECK(talkative.request("nonsense") == "err:invalid message format");
  auto dripping = server.connect();
  dripping.send("slogin:b");
  for (auto* unknown : {&silent, &talkative, &dripping}) {
    const auto last_words = split_lines(unknown->read_to_end());
    REQUIRE(last_words.size() <= 1);
    if (!last_words.empty())
      CHECK(last_words[0].rfind("err:", 0) == 0);
  }
  CHECK(sender.request("join:cafe") == "ok:joined room cafe");
}
