// Logging in: who may, with what, and what a client hears before it has done so.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <string>
#include <vector>

using namespace confab::test;

namespace {

const std::string no_login = "err:did not receive valid login message";

/// Requires that `connection`, which has not logged in, can still do so.
void require_login_works(client& connection) {
  REQUIRE(connection.request("slogin:bob") == "ok:logged in as bob");
  REQUIRE(connection.request("join:cafe") == "ok:joined room cafe");
}

}  // namespace

TEST_CASE("slogin:bob or rlogin:bob is answered ok:logged in as bob") {
  running_server server;
  auto sender = server.connect();
  CHECK(sender.request("slogin:bob") == "ok:logged in as bob");
  auto receiver = server.connect();
  CHECK(receiver.request("rlogin:bob") == "ok:logged in as bob");
}

TEST_CASE("names are 1 or more of A-Z, a-z and 0-9") {
  running_server server;
  for (const std::string name : {"a", "Z", "0", "Bob42", "azAZ09"}) {
    auto connection = server.connect();
    CHECK(connection.request("slogin:" + name) == "ok:logged in as " + name);
    CHECK(connection.request("join:" + name) == "ok:joined room " + name);
  }
}

TEST_CASE("a bad user name is answered err:did not receive valid login message") {
  running_server server;
  const std::vector<std::string> names{"",
                                       " ",
                                       " bob",
                                       "bob ",
                                       "bob smith",
                                       "b:b",
                                       "bob\t",
                                       "b_b",
                                       "b-b",
                                       "b.b",
                                       "/bob",
                                       "bob@",
                                       "b[b",
                                       "b`b",
                                       "b{b",
                                       "b\xc3\xb6",
                                       std::string{"b\0b", 3},
                                       "\x7f"};
  for (const std::string tag : {"slogin:", "rlogin:"}) {
    auto connection = server.connect();
    for (const auto& name : names) {
      INFO("name: '" << name << "'");
      CHECK(connection.request(tag + name) == no_login);
    }
    require_login_works(connection);
  }
}

TEST_CASE("a first message that is no login keeps the connection open and waits for a valid one") {
  running_server server;
  for (const std::string line :
       {"join:cafe", "sendall:hi", "leave:", "senduser:bob:hi", "empty:", "ok:x", "err:x",
        "delivery:cafe:bob:hi", "nonsense:", "SLOGIN:bob", " slogin:bob", "slogin :bob"}) {
    INFO("line: " << line);
    auto connection = server.connect();
    CHECK(connection.request(line) == no_login);
    CHECK(connection.request(line) == no_login);
    require_login_works(connection);
  }
}

TEST_CASE("a malformed line before the login is answered err:invalid message format") {
  running_server server;
  auto connection = server.connect();
  for (const std::string line : {"", "slogin", "bob", "\r", "slogin bob"}) {
    INFO("line: '" << line << "'");
    CHECK(connection.request(line) == "err:invalid message format");
  }
  require_login_works(connection);
}

TEST_CASE("an over-long line before the login gets one err: and the connection goes on") {
  running_server server;
  auto connection = server.connect();
  CHECK(connection.request("slogin:" + std::string(1000, 'a')).rfind("err:", 0) == 0);
  require_login_works(connection);
}

TEST_CASE("a second login is answered err:invalid message tag and changes nothing") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("slogin:eve") == "err:invalid message tag");
  CHECK(sender.request("slogin:bob") == "err:invalid message tag");
  CHECK(sender.request("rlogin:bob") == "err:invalid message tag");
  auto receiver = server.receiver("alice", "cafe");
  CHECK(receiver.request("rlogin:eve") == "err:invalid message tag");
  CHECK(receiver.request("slogin:eve") == "err:invalid message tag");
  CHECK(sender.request("sendall:still bob") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:cafe:bob:still bob");
}

TEST_CASE("several connections may use one user name at the same time") {
  running_server server;
  auto hears_first = server.receiver("alice", "cafe");
  auto hears_second = server.receiver("alice", "cafe");
  auto first = server.sender("bob", "cafe");
  auto second = server.sender("bob", "cafe");
  CHECK(first.request("sendall:one") == "ok:message sent");
  CHECK(second.request("sendall:two") == "ok:message sent");
  CHECK(first.request("quit:") == "ok:bye!");
  CHECK(first.read_to_end().empty());
  CHECK(second.request("sendall:three") == "ok:message sent");
  for (auto* receiver : {&hears_first, &hears_second}) {
    CHECK(receiver->read_lines(3) == std::vector<std::string>{"delivery:cafe:bob:one",
                                                              "delivery:cafe:bob:two",
                                                              "delivery:cafe:bob:three"});
  }
}

TEST_CASE("a receiver that has not joined hears nothing") {
  running_server server;
  auto receiver = server.connect();
  CHECK(receiver.request("rlogin:alice") == "ok:logged in as alice");
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:too early") == "ok:message sent");
  CHECK(receiver.request("join:cafe") == "ok:welcome");
  CHECK(sender.request("sendall:now") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:cafe:bob:now");
}

TEST_CASE("before the login quit: is no valid login message either") {
  running_server server;
  auto connection = server.connect();
  CHECK(connection.request("quit:") == no_login);
  require_login_works(connection);
}
