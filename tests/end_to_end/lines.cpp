// One reply to each line, in order, however the bytes are cut and however the client ends.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

/// The length limit of the protocol, `\n` included.
constexpr std::size_t line_bytes_max = 255;

/// A conversation of a sender: the bytes to send, and each reply that they must get.
struct script {
  std::string requests;
  std::vector<std::string> replies;
};

/// Writes a script line by line, and knows like a specification what each line is answered.
class script_writer {
 public:
  explicit script_writer(unsigned seed) : random_(seed) {
    add("slogin:bob", "ok:logged in as bob");
  }

  script finish() && { return std::move(script_); }

  void add_any_request() {
    switch (pick(10)) {
      case 0:
      case 1:
        return join("room" + std::to_string(pick(5)));
      case 2:
        return leave();
      case 3:
        return add(pick_of({"", "no colon", "join cafe", "quit"}), "err:invalid message format");
      case 4:
        return add(
            pick_of({"slogin:eve", "senduser:a:b", "empty:", "ok:", "delivery:a:b:c", "x:y"}),
            "err:invalid message tag");
      case 5:
        return add(pick_of({"join:", "join:a b", "join:a:b", "join: a"}), "err:invalid room name");
      case 6:
        return add(std::string(line_bytes_max + pick(600), 'x'), "err:invalid message format");
      default:
        return say(std::string(pick(200), static_cast<char>('!' + pick(90))));
    }
  }

 private:
  std::size_t pick(std::size_t bound) { return random_() % bound; }

  std::string pick_of(const std::vector<std::string>& choices) {
    return choices[pick(choices.size())];
  }

  void add(const std::string& line, const std::string& reply) {
    script_.requests += line + (pick(4) == 0 ? "\r\n" : "\n");
    script_.replies.push_back(reply);
  }

  void join(const std::string& room) {
    room_ = room;
    add("join:" + room, "ok:joined room " + room);
  }

  void leave() {
    add("leave:", room_ ? "ok:left room " + *room_ : "err:not in a room");
    room_.reset();
  }

  void say(const std::string& text) {
    add("sendall:" + text, room_ ? "ok:message sent" : "err:not in a room");
  }

  std::mt19937 random_;
  std::optional<std::string> room_;
  script script_;
};

script mixed_requests(std::size_t count, unsigned seed) {
  script_writer writer{seed};
  for (std::size_t index = 1; index < count; ++index)
    writer.add_any_request();
  return std::move(writer).finish();
}

void require_same_lines(const std::vector<std::string>& actual,
                        const std::vector<std::string>& expected) {
  for (std::size_t index = 0; index < std::min(actual.size(), expected.size()); ++index) {
    INFO("line " << index);
    REQUIRE(actual[index] == expected[index]);
  }
  REQUIRE(actual.size() == expected.size());
}

}  // namespace

TEST_CASE("no colon, an empty line, an unreadable line: err:invalid message format") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  for (const std::string line :
       {"", "\r", "hello", "sendall", "join cafe", "\x80\xff", "\t", " "}) {
    INFO("line: '" << line << "'");
    CHECK(sender.request(line) == "err:invalid message format");
  }
  CHECK(sender.request(std::string(20, '\0')) == "err:invalid message format");
  CHECK(sender.request("sendall:hi") == "ok:message sent");
}

TEST_CASE("a line may end with a newline or with carriage return and newline") {
  running_server server;
  auto sender = server.connect();
  sender.send("slogin:bob\r\njoin:cafe\r\nsendall:hi\nleave:\r\nhello\r\nquit:\r\n");
  CHECK(split_lines(sender.read_to_end()) ==
        std::vector<std::string>{"ok:logged in as bob", "ok:joined room cafe", "ok:message sent",
                                 "ok:left room cafe", "err:invalid message format", "ok:bye!"});
}

TEST_CASE("MAX_LENGTH is 255 bytes, the newline included: 255 is fine, 256 is not") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  const std::string tag = "sendall:";
  const std::string longest = tag + std::string(line_bytes_max - 1 - tag.size(), 'x');
  CHECK(sender.request(longest) == "ok:message sent");
  CHECK(sender.request(longest + 'x') == "err:invalid message format");
  CHECK(sender.request(longest) == "ok:message sent");
}

TEST_CASE("a carriage return before the newline counts too") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  const std::string tag = "sendall:";
  const std::string longest = tag + std::string(line_bytes_max - 2 - tag.size(), 'x');
  CHECK(sender.request(longest + "\r") == "ok:message sent");
  CHECK(sender.request(longest + "x\r") == "err:invalid message format");
}

TEST_CASE("an over-long line is discarded up to its newline and answered with one err:") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  for (const std::size_t bytes : {255U, 256U, 509U, 510U, 511U, 4096U, 65536U, 1000000U}) {
    INFO(bytes << " bytes");
    CHECK(sender.request("sendall:" + std::string(bytes, ':')) == "err:invalid message format");
  }
  CHECK(sender.request(std::string(300, 'x') + "\nsendall:next") == "err:invalid message format");
  CHECK(sender.read_line() == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:cafe:bob:next");
  require_nothing_pending(receiver);
}

TEST_CASE("exactly one reply to each line, in order, for 3,000 requests sent in one write") {
  running_server server;
  for (const unsigned seed : {1U, 2U, 3U}) {
    const auto conversation = mixed_requests(3000, seed);
    auto sender = server.connect();
    sender.send(conversation.requests);
    require_same_lines(sender.read_lines(conversation.replies.size()), conversation.replies);
    CHECK(sender.request("quit:") == "ok:bye!");
    CHECK(sender.read_to_end().empty());
  }
}

TEST_CASE("exactly one reply to each line, in order, for 3,000 requests sent byte by byte") {
  running_server server;
  const auto conversation = mixed_requests(3000, 4);
  auto sender = server.connect();
  sender.send_bytewise(conversation.requests);
  require_same_lines(sender.read_lines(conversation.replies.size()), conversation.replies);
  CHECK(sender.request("quit:") == "ok:bye!");
  CHECK(sender.read_to_end().empty());
}

TEST_CASE("3,000 requests of a client that reads no reply before it has sent them all") {
  running_server server;
  const auto conversation = mixed_requests(3000, 5);
  auto sender = server.connect();
  sender.read_when_ready(false);
  sender.send(conversation.requests);
  sender.read_when_ready(true);
  require_same_lines(sender.read_lines(conversation.replies.size()), conversation.replies);
}

TEST_CASE("3,000 texts sent in one write arrive as 3,000 deliveries in order") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  std::string requests;
  std::vector<std::string> deliveries;
  for (int number = 0; number < 3000; ++number) {
    requests += "sendall:" + std::to_string(number) + '\n';
    deliveries.push_back("delivery:cafe:bob:" + std::to_string(number));
  }
  sender.send(requests);
  require_same_lines(sender.read_lines(3000), std::vector<std::string>(3000, "ok:message sent"));
  require_same_lines(receiver.read_lines(3000), deliveries);
  require_nothing_pending(receiver);
}

TEST_CASE("a client that shuts down its sending side after quit: still gets every reply") {
  running_server server;
  auto sender = server.connect();
  sender.send("slogin:bob\njoin:a\nsendall:x\nquit:\n");
  sender.shutdown_sending();
  CHECK(sender.read_to_end() ==
        "ok:logged in as bob\nok:joined room a\nok:message sent\nok:bye!\n");
}

TEST_CASE("a client that shuts down its sending side without quit: all replies, then the end") {
  running_server server;
  auto sender = server.connect();
  sender.send("slogin:bob\njoin:a\nsendall:x\n");
  sender.shutdown_sending();
  CHECK(sender.read_to_end() == "ok:logged in as bob\nok:joined room a\nok:message sent\n");
}

TEST_CASE("3,000 requests and then the end of the sending side: all replies, then the end") {
  running_server server;
  const auto conversation = mixed_requests(3000, 6);
  auto sender = server.connect();
  sender.send(conversation.requests);
  sender.shutdown_sending();
  require_same_lines(split_lines(sender.read_to_end()), conversation.replies);
}

TEST_CASE("a connection that ends before it sent anything is closed without a word") {
  running_server server;
  auto silent = server.connect();
  silent.shutdown_sending();
  CHECK(silent.read_to_end().empty());
}

TEST_CASE("half a line before the end of the sending side is no request") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  sender.send("sendall:whole\nsendall:half");
  sender.shutdown_sending();
  CHECK(sender.read_line() == "ok:message sent");
  sender.read_to_end();  // whether the half is answered is not laid down
  CHECK(receiver.read_line() == "delivery:cafe:bob:whole");
  require_nothing_pending(receiver);
}

TEST_CASE("a receiver that shuts down its sending side gets its replies, then the end") {
  running_server server;
  auto receiver = server.connect();
  receiver.send("rlogin:alice\njoin:cafe\n");
  receiver.shutdown_sending();
  CHECK(receiver.read_to_end() == "ok:logged in as alice\nok:welcome\n");
}
