// Masks: what they match, how long that can take, and their normal form.

#include "actors/model/mask.hpp"
#include "io/dialects/irc/normal_mask.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::irc;

namespace {

// The definition of a mask, without any care for time.
bool matches_by_definition(std::string_view mask, std::string_view text) {
  if (mask.empty())
    return text.empty();
  if (mask.front() == '*')
    return matches_by_definition(mask.substr(1), text) ||
           (!text.empty() && matches_by_definition(mask, text.substr(1)));
  return !text.empty() && (mask.front() == '?' || mask.front() == text.front()) &&
         matches_by_definition(mask.substr(1), text.substr(1));
}

// All strings of at most so many of these letters.
std::vector<std::string> all_strings(std::string_view letters, std::size_t length_max) {
  std::vector<std::string> result{""};
  for (std::size_t index = 0; index < result.size(); ++index)
    if (result[index].size() < length_max)
      for (const char letter : letters)
        result.push_back(result[index] + letter);
  return result;
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string result;
  for (; times > 0; --times)
    result += part;
  return result;
}

}  // namespace

TEST_CASE("irc: in a mask * stands for any number of bytes and ? for one") {
  CHECK(matches("*", ""));
  CHECK(matches("a*", "a"));
  CHECK(matches("*!*@*.ip", "bob!u@abc.ip"));
  CHECK(matches("b?b", "bob"));
  CHECK(!matches("b?b", "bb"));
  CHECK(!matches("bob", "bobby"));
  CHECK(!matches("bobby", "bob"));
  CHECK(!matches("*a", "ab"));
  CHECK(matches("", ""));
  CHECK(!matches("", "a"));
}

TEST_CASE("irc: masks fold A-Z only") {
  CHECK(matches("BOB!*@*", "bob!u@h"));
  CHECK(matches("bob!*@*", "BOB!u@h"));
  CHECK(!matches("[]!*", "{}!u@h"));
}

TEST_CASE("irc: masks match bytes, of whatever language") {
  CHECK(matches("Žof*!*@*", "Žofie/tagged!u@h"));
  CHECK(matches("??ofie", "Žofie"));
  CHECK(!matches("Ž*", "ž"));
}

TEST_CASE("irc: every short mask matches every short text as the definition says") {
  const auto texts = all_strings("ab", 5);
  std::vector<std::string> wrong;
  for (const auto& mask : all_strings("ab*?", 5))
    for (const auto& text : texts)
      if (matches(mask, text) != matches_by_definition(mask, text))
        wrong.push_back(mask + " against " + text);
  CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("irc: however many stars a mask has, the steps are bounded by the product of lengths") {
  const std::string text(500, 'a');
  for (const auto& part : {"*a", "*a?", "a*", "*?", "*aaaaaaaaaaaaaaaaaaaaab", "**", "?*a"}) {
    for (const auto& end : {"b", "", "*", "?"}) {
      const auto mask = repeated(part, 500 / std::string_view{part}.size()) + end;
      const auto outcome = try_mask(mask, text);
      CAPTURE(part, end);
      CHECK(outcome.steps <= mask_steps_max(mask.size(), text.size()));
    }
  }
}

TEST_CASE("irc: the worst that a mask can do is one star and a long end that almost matches") {
  const std::string text(500, 'a');
  const auto mask = "*" + std::string(250, 'a') + "b";
  const auto outcome = try_mask(mask, text);
  CHECK(!outcome.matches);
  CHECK(outcome.steps > 50'000);
  CHECK(outcome.steps <= mask_steps_max(mask.size(), text.size()));
}

TEST_CASE("irc: a comparison that would take too many steps is given up, and is no match") {
  const std::string text(50, 'a');
  const auto needed = try_mask("*aab*", text + "aab").steps;
  CHECK(try_mask("*aab*", text + "aab", needed).matches);
  const auto given_up = try_mask("*aab*", text + "aab", needed - 1);
  CHECK_FALSE(given_up.matches);
  CHECK(given_up.steps == needed - 1);
  CHECK(try_mask("*", text, 0).matches);
  CHECK(try_mask("", "", 0).matches);
  CHECK_FALSE(try_mask("a", "a", 0).matches);
}

TEST_CASE("irc: without a star, or with one at the end, each byte is looked at once") {
  CHECK(try_mask(std::string(500, '?'), std::string(500, 'x')).steps == 500);
  CHECK(try_mask("bob!*", "bob!u@h").steps == 4);
  CHECK(try_mask("*", std::string(500, 'x')).steps == 0);
}

TEST_CASE("irc: a mask is told as n!u@h: user@host is *!user@host, and nick is nick!*@* here") {
  CHECK(normal_mask("bob") == "bob!*@*");
  CHECK(normal_mask("u@h") == "*!u@h");
  CHECK(normal_mask("bob!u") == "bob!u@*");
  CHECK(normal_mask("bob!u@h") == "bob!u@h");
  CHECK(normal_mask("Bob/tagged") == "Bob/tagged!*@*");
  CHECK(normal_mask("Žofie") == "Žofie!*@*");
}

TEST_CASE("irc: one word with a dot is a host, as no nick has one") {
  CHECK(normal_mask("a1b2.ip") == "*!*@a1b2.ip");
  CHECK(normal_mask("*.ip") == "*!*@*.ip");
  CHECK(normal_mask("a.b!u") == "a.b!u@*");
}

TEST_CASE("irc: a part of a mask that is empty is a star") {
  CHECK(normal_mask("!u@h") == "*!u@h");
  CHECK(normal_mask("n!@h") == "n!*@h");
  CHECK(normal_mask("n!u@") == "n!u@*");
  CHECK(normal_mask("@") == "*!*@*");
  CHECK(normal_mask("!") == "*!*@*");
  CHECK(normal_mask("!@") == "*!*@*");
}

TEST_CASE("irc: stars in a row are one") {
  CHECK(normal_mask("**") == "*!*@*");
  CHECK(normal_mask("a**b!***@**.ip") == "a*b!*@*.ip");
  CHECK(normal_mask(std::string(400, '*')) == "*!*@*");
}

TEST_CASE("irc: a normal mask stays as it is") {
  for (const auto& mask : all_strings("a*!@.", 5))
    if (const auto normal = normal_mask(mask))
      CHECK(normal_mask(*normal) == normal);
}

TEST_CASE("irc: what cannot match anybody, or cannot be told in one word, is no mask") {
  for (const char* mask : {"", "a b", "a\r", "\x01", "a\x7f", "\xff", ":a", "u@h!n", "@!"})
    CHECK(!normal_mask(mask));
}

TEST_CASE("irc: a mask has at most 128 bytes in its normal form") {
  CHECK(normal_mask(std::string(124, 'n')) == std::string(124, 'n') + "!*@*");
  CHECK(!normal_mask(std::string(125, 'n')));
}
