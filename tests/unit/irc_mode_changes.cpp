// MODE: what is asked for, and how what changed is told.

#include "io/dialects/irc/mode_changes.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::irc;

namespace {

using words = std::vector<std::string_view>;
using changes = std::vector<mode_change>;
using mistakes = std::vector<mode_mistake>;

constexpr auto unknown_letter = mode_mistake::kind::unknown_letter;
constexpr auto bad_parameter = mode_mistake::kind::bad_parameter;

mode_request parse(const words& arguments) {
  return parse_channel_modes(arguments);
}

std::string lines_for(const changes& made) {
  std::string out;
  append_mode_lines("a!b@c", "#x", made, out);
  return out;
}

}  // namespace

TEST_CASE("irc: MODE C +ol-k n 5 key is three changes with their parameters") {
  const auto found = parse({"+ol-k", "n", "5", "key"});
  CHECK(found.changes == changes{{true, 'o', "n"}, {true, 'l', "5"}, {false, 'k', "key"}});
  CHECK(found.mistakes.empty());
  CHECK(found.list_queries.empty());
}

TEST_CASE("irc: without a sign modes are added, and a sign holds until the next one") {
  CHECK(parse({"nt-im+-+s"}).changes ==
        changes{
            {true, 'n', ""}, {true, 't', ""}, {false, 'i', ""}, {false, 'm', ""}, {true, 's', ""}});
  CHECK(parse({"+-"}).changes.empty());
  CHECK(parse({}).changes.empty());
  CHECK(parse({""}).changes.empty());
}

TEST_CASE("irc: of CHANMODES=beI,k,l,Cimnst lists, +k and +l take parameters, and so do o and v") {
  for (const char letter : std::string_view{"Cimnst"}) {
    CHECK(parse({std::string{'+', letter}, "p"}).changes == changes{{true, letter, ""}});
    CHECK(parse({std::string{'-', letter}, "p"}).changes == changes{{false, letter, ""}});
  }
  for (const char letter : std::string_view{"ov"}) {
    CHECK(parse({std::string{'+', letter}, "p"}).changes == changes{{true, letter, "p"}});
    CHECK(parse({std::string{'-', letter}, "p"}).changes == changes{{false, letter, "p"}});
  }
  for (const char letter : std::string_view{"beI"}) {
    CHECK(parse({std::string{'+', letter}, "p"}).changes == changes{{true, letter, "p!*@*"}});
    CHECK(parse({std::string{'-', letter}, "p"}).changes == changes{{false, letter, "p!*@*"}});
  }
  CHECK(parse({"-lo", "n"}).changes == changes{{false, 'l', ""}, {false, 'o', "n"}});
}

TEST_CASE("irc: a list is asked for by its letter without an argument, whatever the sign") {
  CHECK(parse({"b"}).list_queries == "b");
  CHECK(parse({"+e"}).list_queries == "e");
  CHECK(parse({"-I"}).list_queries == "I");
  CHECK(parse({"+bbeb"}).list_queries == "be");
  const auto both = parse({"+bb", "bob"});
  CHECK(both.changes == changes{{true, 'b', "bob!*@*"}});
  CHECK(both.list_queries == "b");
}

TEST_CASE("irc: -k takes a parameter, but needs none") {
  CHECK(parse({"-ko", "key", "n"}).changes == changes{{false, 'k', "key"}, {false, 'o', "n"}});
  CHECK(parse({"-k"}).changes == changes{{false, 'k', ""}});
  CHECK(parse({"-k", "any thing"}).changes == changes{{false, 'k', "any thing"}});
}

TEST_CASE("irc: an unknown letter is 472, each once, and the others still count") {
  const auto found = parse({"+nxqx-x"});
  CHECK(found.changes == changes{{true, 'n', ""}});
  CHECK(found.mistakes == mistakes{{unknown_letter, "x", ""}, {unknown_letter, "q", ""}});
}

TEST_CASE("irc: an unknown letter of several bytes is told whole") {
  CHECK(parse({"+é"}).mistakes == mistakes{{unknown_letter, "é", ""}});
}

TEST_CASE("irc: a missing parameter is 696 with a star") {
  for (const char letter : std::string_view{"klov"})
    CHECK(parse({std::string{'+', letter}}).mistakes ==
          mistakes{{bad_parameter, std::string{letter}, "*"}});
  CHECK(parse({"-o"}).mistakes == mistakes{{bad_parameter, "o", "*"}});
  CHECK(parse({"+o", ""}).mistakes == mistakes{{bad_parameter, "o", "*"}});
  CHECK(parse({"+kkk"}).mistakes.size() == 1);
}

TEST_CASE("irc: a key has 1-23 bytes of 0x21-0x7e without a comma") {
  for (int value = 0; value < 256; ++value) {
    CAPTURE(value);
    CHECK(is_valid_key(std::string("k") + static_cast<char>(value)) ==
          (value >= 0x21 && value <= 0x7e && value != ','));
  }
  CHECK(is_valid_key(std::string(23, 'k')));
  CHECK(!is_valid_key(std::string(24, 'k')));
  CHECK(!is_valid_key(""));
  CHECK(!is_valid_key(":k"));
}

TEST_CASE("irc: a bad key is no change, and 696 does not repeat it") {
  for (const char* key : {"", "pass phrase", "a,b", "é", "123456789012345678901234"}) {
    const auto found = parse({"+k", key});
    CHECK(found.changes.empty());
    CHECK(found.mistakes == mistakes{{bad_parameter, "k", "*"}});
  }
}

TEST_CASE("irc: a limit is a number of at least 1, told without zeros in front") {
  CHECK(parse({"+l", "1"}).changes == changes{{true, 'l', "1"}});
  CHECK(parse({"+l", "4294967295"}).changes == changes{{true, 'l', "4294967295"}});
  CHECK(parse({"+l", "007"}).changes == changes{{true, 'l', "7"}});
}

TEST_CASE("irc: a bad limit is no change, and 696 repeats it") {
  for (const char* limit : {"0", "00", "-1", "+5", "5a", "a", "1.5", " 5", "4294967296"}) {
    const auto found = parse({"+l", limit});
    CHECK(found.changes.empty());
    CHECK(found.mistakes == mistakes{{bad_parameter, "l", limit}});
  }
  CHECK(parse({"+l", ""}).mistakes == mistakes{{bad_parameter, "l", "*"}});
}

TEST_CASE("irc: a mask that is none is 696 with a star") {
  CHECK(parse({"+b", "a b"}).mistakes == mistakes{{bad_parameter, "b", "*"}});
  CHECK(parse({"+b", ""}).mistakes == mistakes{{bad_parameter, "b", "*"}});
}

TEST_CASE("irc: at most MODES=6 changes with parameters, and any number without") {
  const auto found = parse({"+ooooooonv-t", "1", "2", "3", "4", "5", "6", "7", "8"});
  REQUIRE(found.changes.size() == 8);
  CHECK(found.changes[5] == mode_change{true, 'o', "6"});
  CHECK(found.changes[6] == mode_change{true, 'n', ""});
  CHECK(found.changes[7] == mode_change{false, 't', ""});
  CHECK(found.mistakes.empty());
}

TEST_CASE("irc: parameters that no letter takes are left out") {
  CHECK(parse({"+n", "a", "b"}).changes == changes{{true, 'n', ""}});
}

TEST_CASE("irc: users have the modes i, w and B, and o can only be taken away") {
  CHECK(parse_user_modes("+iw-B").changes ==
        changes{{true, 'i', ""}, {true, 'w', ""}, {false, 'B', ""}});
  CHECK(parse_user_modes("i").changes == changes{{true, 'i', ""}});
  CHECK(parse_user_modes("-o").changes == changes{{false, 'o', ""}});
  CHECK(parse_user_modes("+o").changes.empty());
  CHECK(!parse_user_modes("+o").has_unknown_letter);
}

TEST_CASE("irc: an unknown letter of a user's modes is noticed, the others still count") {
  const auto found = parse_user_modes("+xiz");
  CHECK(found.has_unknown_letter);
  CHECK(found.changes == changes{{true, 'i', ""}});
  CHECK(!parse_user_modes("+i").has_unknown_letter);
}

TEST_CASE("irc: what really changed is told with as few signs as it takes") {
  CHECK(mode_letters(changes{{true, 'o', "n"}, {true, 'l', "5"}, {false, 'k', "x"}}) == "+ol-k");
  CHECK(mode_letters(changes{{false, 'i', ""}, {true, 'w', ""}, {false, 'B', ""}}) == "-i+w-B");
  CHECK(mode_letters({}).empty());
}

TEST_CASE("irc: MODE C +ol n 5, and MODE C -l, and nothing for nothing") {
  CHECK(lines_for({{true, 'o', "n"}, {true, 'l', "5"}}) == ":a!b@c MODE #x +ol n 5\r\n");
  CHECK(lines_for({{false, 'l', ""}}) == ":a!b@c MODE #x -l\r\n");
  CHECK(lines_for({}).empty());
}

TEST_CASE("irc: a key that is taken away is told with a parameter") {
  CHECK(lines_for({{false, 'k', "key"}}) == ":a!b@c MODE #x -k key\r\n");
  CHECK(lines_for({{false, 'k', ""}, {false, 'o', "n"}}) == ":a!b@c MODE #x -ko * n\r\n");
}

TEST_CASE("irc: changes with more than 6 parameters are told in several lines") {
  const changes eight(8, mode_change{true, 'v', "n"});
  CHECK(lines_for(eight) == ":a!b@c MODE #x +vvvvvv n n n n n n\r\n:a!b@c MODE #x +vv n n\r\n");
}

TEST_CASE("irc: changes that do not fit into 512 bytes are told in several lines, none is cut") {
  const changes six(6, mode_change{false, 'b', std::string(124, 'n') + "!*@*"});
  auto rest = lines_for(six);
  std::size_t masks = 0;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n') + 1);
    CHECK(line.size() <= 512);
    CHECK(line.starts_with(":a!b@c MODE #x -bb"));
    for (auto at = line.find("n!*@*"); at != std::string::npos; at = line.find("n!*@*", at + 1))
      ++masks;
    rest.erase(0, line.size());
  }
  CHECK(masks == 6);
}
