// What the server holds for its readers stays within bounds, however much is owed to however many.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/reader_crowd.hpp"
#include "tests/support/server_process.hpp"

#include <csignal>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;
constexpr std::size_t frame_bytes = 200;
constexpr std::size_t text_bytes = 240;

/// A chunk of requests that asks for so much output at once as the server's read buffer allows.
constexpr std::size_t newlines = 16 * 1024;

/// Has `count` texts said in `room`; all are answered ok before it returns.
void say_texts(client& sender, std::size_t count) {
  constexpr std::size_t sent_at_once = 500;
  const auto request = "sendall:" + std::string(text_bytes, 'x') + '\n';
  for (std::size_t said = 0; said < count; said += sent_at_once) {
    for (std::size_t i = 0; i < sent_at_once; ++i)
      sender.queue(request);
    sender.send("");
    REQUIRE(sender.read_lines(sent_at_once) ==
            std::vector<std::string>(sent_at_once, "ok:message sent"));
  }
}

/// Bytes of one text of `say_texts` as a tagged reader gets it.
std::size_t delivery_bytes(const std::string& room, const std::string& author) {
  return ("delivery:" + room + ':' + author + ":\n").size() + text_bytes;
}

void require_memory_below(const running_server& server, std::size_t before_bytes,
                          std::size_t growth_bytes) {
  if (memory_is_meaningful)
    CHECK(server.memory_peak_bytes() < before_bytes + growth_bytes);
}

}  // namespace

TEST_CASE("a write of 16 KiB of newlines to a hundred framed readers takes less than 20 MiB") {
  constexpr std::size_t readers = 100;
  const mixed_server server{{"--lobby", "cafe"}};
  const auto owner = server.framed("owner", "/create cafe");
  reader_crowd crowd(server.framed_port(), readers,
                     [](std::size_t number) { return framed_entrance("cafe", number); });
  auto olaf = server.oneroom("olaf");
  crowd.read(2 * frame_bytes);  // he has joined, and said something
  const auto before = server.memory_bytes();
  olaf.send(std::string(newlines, '\n'));
  crowd.read(newlines * frame_bytes);
  require_memory_below(server, before, 20 * mebibyte);
}

TEST_CASE("a backlog that a room's stalled readers share is held once and not for each of them") {
  constexpr std::size_t readers = 200;
  const running_server server{{"--backlog-total-max", "8GiB"}};
  const reader_crowd crowd(server.port(), readers,
                           [](std::size_t number) { return tagged_entrance("cafe", number); });
  auto sender = server.sender("bob", "cafe");
  const auto before = server.memory_bytes();
  say_texts(sender, 5'000);  // more than a mebibyte for each reader
  require_memory_below(server, before, 32 * mebibyte);
}

TEST_CASE("the limit of all backlogs holds for a room with stalled readers of three dialects") {
  constexpr std::size_t readers = 50;
  const mixed_server server{{"--lobby", "cafe", "--backlog-total-max", "16MiB"}};
  const auto owner = server.framed("owner", "/create cafe");
  const reader_crowd tagged(server.port(), readers,
                            [](std::size_t number) { return tagged_entrance("cafe", number); });
  const reader_crowd framed(server.framed_port(), readers,
                            [](std::size_t number) { return framed_entrance("cafe", number); });
  const reader_crowd oneroom(server.oneroom_port(), readers, oneroom_entrance);
  auto sender = server.sender("bob", "cafe");
  const auto before = server.memory_bytes();
  say_texts(sender, 30'000);
  require_memory_below(server, before, 48 * mebibyte);
}

TEST_CASE("the limit of all backlogs holds for stalled readers who share nothing") {
  constexpr std::size_t readers = 100;
  const running_server server{{"--backlog-total-max", "16MiB", "--admin", "0"}};
  const auto room_of = [](std::size_t number) { return "room" + std::to_string(number); };
  const reader_crowd crowd(server.port(), readers, [&room_of](std::size_t number) {
    return tagged_entrance(room_of(number), number);
  });
  auto sender = server.sender("bob");
  const auto before = server.memory_bytes();
  for (std::size_t number = 0; number < readers; ++number) {
    REQUIRE(sender.request("join:" + room_of(number)) == "ok:joined room " + room_of(number));
    say_texts(sender, 3'000);
  }
  require_memory_below(server, before, 48 * mebibyte);
  const auto cuts =
      server.metric("confab_cuts_total{dialect=\"tagged\",reason=\"server_backlog\"}");
  CHECK(cuts != "0");
  const auto held = std::stod(server.metric("confab_output_held_bytes{dialect=\"tagged\"}"));
  CHECK(held > 4.0 * mebibyte);
  CHECK(held <= 17.0 * mebibyte);
  CHECK(std::stod(server.metric("confab_output_credit_bytes{dialect=\"tagged\"}")) <=
        16.0 * mebibyte);
}

TEST_CASE("SIGTERM: readers get all that is queued for them beside 2,000 clients who leave") {
  constexpr std::size_t steady_readers = 3;
  constexpr std::size_t leaving_clients = 2'000;
  constexpr std::size_t texts = 48'000;  // 12 MiB, less than the default backlog
  running_server server;
  reader_crowd steady(server.port(), steady_readers,
                      [](std::size_t number) { return tagged_entrance("cafe", number); });
  reader_crowd leaving(server.port(), leaving_clients,
                       [](std::size_t number) { return tagged_entrance("crowd", number); });
  auto sender = server.sender("bob", "cafe");
  say_texts(sender, texts);
  server.signal(SIGTERM);
  leaving.close();
  steady.read(texts * delivery_bytes("cafe", "bob"));
  CHECK(server.wait() == 0);
}
