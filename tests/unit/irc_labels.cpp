// labeled-response: which marks the answer to a request gets.

#include "io/dialects/irc/encoding.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab;
using namespace confab::irc;

namespace {

std::string marked(std::string lines, std::string label, std::string batch = {},
                   std::string_view verb = "JOIN") {
  settings chosen;
  chosen.server_name = "srv";
  asking asked;
  asked.verb = verb;
  asked.label = std::move(label);
  asked.batch = std::move(batch);
  mark_answers(asked, chosen, lines);
  return lines;
}

}  // namespace

TEST_CASE("irc: no reply -> @label=x :srv ACK") {
  CHECK(marked("", "x") == "@label=x :srv ACK\r\n");
}

TEST_CASE("irc: one reply -> that line labelled, in front of the tags that it has") {
  CHECK(marked(":srv PONG srv :t\r\n", "x") == "@label=x :srv PONG srv :t\r\n");
  CHECK(marked("@time=1;+k=v :a!b@c PRIVMSG #x :hi\r\n", "x") ==
        "@label=x;time=1;+k=v :a!b@c PRIVMSG #x :hi\r\n");
}

TEST_CASE("irc: more replies -> a labelled batch of labeled-response") {
  CHECK(marked(":a!b@c JOIN #x\r\n@time=1 :srv 366 a #x :End\r\n", "x") ==
        "@label=x :srv BATCH +answer labeled-response\r\n"
        "@batch=answer :a!b@c JOIN #x\r\n"
        "@batch=answer;time=1 :srv 366 a #x :End\r\n"
        ":srv BATCH -answer\r\n");
}

TEST_CASE("irc: a line of a batch inside of the answer stays in that batch") {
  CHECK(marked(":srv BATCH +in chathistory #x\r\n@batch=in :a PRIVMSG #x :1\r\n:srv BATCH -in\r\n"
               ":srv NOTE\r\n",
               "x") ==
        "@label=x :srv BATCH +answer labeled-response\r\n"
        "@batch=answer :srv BATCH +in chathistory #x\r\n"
        "@batch=in :a PRIVMSG #x :1\r\n"
        "@batch=answer :srv BATCH -in\r\n"
        "@batch=answer :srv NOTE\r\n"
        ":srv BATCH -answer\r\n");
}

TEST_CASE("irc: an answer that is one batch has the label at its beginning") {
  CHECK(marked(":srv BATCH +in chathistory #x\r\n@batch=in :a PRIVMSG #x ::srv BATCH -in\r\n"
               ":srv BATCH -in\r\n",
               "x") ==
        "@label=x :srv BATCH +in chathistory #x\r\n@batch=in :a PRIVMSG #x ::srv BATCH -in\r\n"
        ":srv BATCH -in\r\n");
  CHECK(marked(":srv BATCH +in chathistory #x\r\n:srv BATCH -in\r\n", "x") ==
        "@label=x :srv BATCH +in chathistory #x\r\n:srv BATCH -in\r\n");
  CHECK(marked(":srv BATCH +a t\r\n:srv BATCH -a\r\n:srv BATCH +a t\r\n:srv BATCH -a\r\n", "x")
            .starts_with("@label=x :srv BATCH +answer labeled-response\r\n"));
}

TEST_CASE(
    "irc: what belongs to a batch that the decoder has begun is marked so, and not labelled") {
  CHECK(marked(":srv 322 a #x 1 :\r\n@time=1 :srv 322 a #y 1 :\r\n", "", "7") ==
        "@batch=7 :srv 322 a #x 1 :\r\n@batch=7;time=1 :srv 322 a #y 1 :\r\n");
  CHECK(marked("", "", "7").empty());
}

TEST_CASE("irc: nothing is marked for who wants no label") {
  CHECK(marked(":srv PONG srv :t\r\n", "") == ":srv PONG srv :t\r\n");
  CHECK(marked("", "").empty());
}

TEST_CASE("irc: a label goes back as it was sent, and cannot end the tags") {
  CHECK(marked("", "a\\sb") == "@label=a\\sb :srv ACK\r\n");
  CHECK(marked("", "a b;c") == "@label=a\\sb\\:c :srv ACK\r\n");
}

TEST_CASE("irc: to oneself: a delivery and a labelled echo") {
  const std::string text = "@time=1 :a!b@c PRIVMSG a :hi\r\n";
  CHECK(marked(text + text, "x", {}, "PRIVMSG") ==
        text + "@label=x;time=1 :a!b@c PRIVMSG a :hi\r\n");
  CHECK(marked(text + text, "x", {}, "WHOIS").starts_with("@label=x :srv BATCH "));
}
