// The connection of the clients through a layer: docs/tls.md.

#include "tests/clients/common/encrypted_pair.hpp"

using confab::file_descriptor;
using confab::layer_state;
using namespace confab::test;

TEST_CASE("half-close: after finish_sending the farewell has come, and receiving goes on") {
  encrypted_pair pair;
  pair.made->send("hello");
  pair.made->finish_sending();
  CHECK_FALSE(pair.read());
  CHECK(pair.state == layer_state::input_ended);
  CHECK(pair.output.up == "hello");
  pair.say("still here");
  CHECK(pair.made->receive() == "still here");
  CHECK_FALSE(pair.made->ended());
  pair.say_farewell();
  CHECK(pair.made->receive().empty());
  CHECK(pair.made->ended());
  CHECK_FALSE(pair.made->failed());
  CHECK(pair.made->ending() == "the server closed the connection");
}

TEST_CASE("what the server does not take waits, in bounds, and the farewell waits behind it") {
  encrypted_pair pair;
  const std::string piece(40'000, 'x');
  std::size_t sent = 0;
  std::size_t taken = 0;
  while ((taken = pair.made->send_some(piece)) != 0) {
    CHECK(taken <= 16 * 1024);
    sent += taken;
  }
  CHECK(pair.made->has_unsent());
  pair.made->finish_sending();
  CHECK(pair.made->has_unsent());
  while (pair.read())
    pair.made->flush();
  CHECK_FALSE(pair.made->has_unsent());
  CHECK(pair.state == layer_state::input_ended);
  CHECK(pair.output.up == std::string(sent, 'x'));
}

TEST_CASE("what comes is received in any split of its bytes") {
  encrypted_pair pair;
  std::string sealed;
  pair.server->seal("one", sealed);
  pair.server->seal("two", sealed);
  std::string received;
  for (const char each : sealed) {
    pair.write({&each, 1});
    received += pair.made->receive();
    CHECK_FALSE(pair.made->ended());
  }
  CHECK(received == "onetwo");
}

TEST_CASE("last words and the farewell that arrive together are received, and then it has ended") {
  encrypted_pair pair;
  pair.say("bye");
  pair.say_farewell();
  CHECK(pair.made->receive() == "bye");
  CHECK(pair.made->ended());
  CHECK_FALSE(pair.made->failed());
}

TEST_CASE("a connection that ends without a farewell has failed: somebody may have cut it") {
  encrypted_pair pair;
  pair.say("bye");
  pair.server_end = file_descriptor();
  CHECK(pair.made->receive() == "bye");
  CHECK(pair.made->receive().empty());
  CHECK(pair.made->ended());
  CHECK(pair.made->failed());
  CHECK(pair.made->ending() ==
        "lost the connection to the server: it ended without the farewell of TLS");
}

TEST_CASE("damaged bytes end the connection, with a plain line") {
  encrypted_pair pair;
  std::string sealed;
  pair.server->seal("bye", sealed);
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  pair.write(sealed);
  CHECK(pair.made->receive().empty());
  CHECK(pair.made->ended());
  CHECK(pair.made->failed());
  CHECK(pair.made->ending() == "lost the connection to the server: a TLS record is damaged");
}

TEST_CASE("a connection that goes says farewell, once") {
  encrypted_pair pair;
  const bool by_itself = GENERATE(false, true);
  if (by_itself)
    pair.made->finish_sending();
  pair.made.reset();
  CHECK_FALSE(pair.read());
  CHECK(pair.state == layer_state::input_ended);
  CHECK_FALSE(pair.server->was_cut_short());
}

TEST_CASE("a server that is gone is told by the next receive, as without TLS") {
  encrypted_pair pair;
  pair.say("bye");
  pair.say_farewell();
  pair.server_end = file_descriptor();
  pair.made->send("hello?");
  CHECK_FALSE(pair.made->has_unsent());
  CHECK(pair.made->send_some("hello?") == 6);
  CHECK(pair.made->receive() == "bye");
  CHECK(pair.made->ended());
  CHECK(pair.made->failed());
  CHECK(pair.made->ending() == "the server closed the connection");
}
