// Names: of users and channels, and of those who come by other dialects.

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/strict_reader.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::irc;

TEST_CASE("irc: fold A-Z only") {
  CHECK(folded("AbCZ") == "abcz");
  CHECK(folded("{|}~[\\]^É") == "{|}~[\\]^É");
  CHECK(same_name("#Cafe", "#cAFE"));
  CHECK(!same_name("a[", "a{"));
  CHECK(!same_name("a", "ab"));
  CHECK(!same_name("É", "é"));
  for (int value = 0; value < 256; ++value) {
    const auto byte = static_cast<char>(value);
    CHECK((folded(byte) != byte) == (value >= 'A' && value <= 'Z'));
  }
}

TEST_CASE("irc: names are ordered by what they fold to") {
  CHECK(compare_names("Bob", "bOB") == std::weak_ordering::equivalent);
  CHECK(compare_names("a", "B") == std::weak_ordering::less);
  CHECK(compare_names("b", "A") == std::weak_ordering::greater);
  CHECK(compare_names("a", "ab") == std::weak_ordering::less);
  CHECK(compare_names("z", "é") == std::weak_ordering::less);
  CHECK(compare_names("é", "z") == std::weak_ordering::greater);
}

TEST_CASE("irc: a nick begins with a letter or one of ten signs, then also digits and a hyphen") {
  const std::string first = "azAZ[]\\^{|}_`";
  const std::string then = first + "09-";
  for (int value = 0; value < 256; ++value) {
    const auto byte = static_cast<char>(value);
    const bool letter = (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z');
    CAPTURE(value);
    CHECK(is_valid_nick(std::string(1, byte)) ==
          (value != 0 && (letter || first.find(byte) != std::string::npos)));
    CHECK(is_valid_nick(std::string("a") + byte) ==
          (value != 0 &&
           (letter || (value >= '0' && value <= '9') || then.find(byte) != std::string::npos)));
  }
}

TEST_CASE("irc: a nick has at most 32 bytes, and at least one") {
  CHECK(is_valid_nick(std::string(32, 'n')));
  CHECK(!is_valid_nick(std::string(33, 'n')));
  CHECK(!is_valid_nick(""));
}

TEST_CASE("irc: of a user name A-Za-z0-9._- is kept, 10 bytes, or else it is user") {
  CHECK(clean_user("b.o_b-9") == "b.o_b-9");
  CHECK(clean_user("~b!o@b é") == "bob");
  CHECK(clean_user("!!1234567890123") == "1234567890");
  CHECK(clean_user("~!é") == "user");
  CHECK(clean_user("") == "user");
}

TEST_CASE("irc: #x is room x, ##x is room #x") {
  CHECK(room_of_channel("#x") == "x");
  CHECK(room_of_channel("##x") == "#x");
  CHECK(room_of_channel("##") == "#");
  CHECK(room_of_channel("#Café") == "Café");
  CHECK(channel_of_room("x") == "#x");
  CHECK(channel_of_room("#x") == "##x");
}

TEST_CASE("irc: what has no # in front, or nothing behind it, is no channel") {
  for (const char* name : {"", "#", "x", "&x", " #x", "@#x"})
    CHECK(!room_of_channel(name));
}

TEST_CASE("irc: a room with a byte <= 0x20, a comma, 0x7f or invalid UTF-8 cannot be seen") {
  for (int value = 0; value < 256; ++value) {
    const auto room = std::string("a") + static_cast<char>(value) + "b";
    const bool seen = value > 0x20 && value < 0x7f && value != ',';
    CAPTURE(value);
    CHECK(is_seen_from_irc(room) == seen);
    CHECK(channel_of_room(room).has_value() == seen);
    CHECK(room_of_channel("#" + room).has_value() == seen);
  }
  CHECK(!channel_of_room(""));
}

TEST_CASE("irc: a channel and its room are one, in its spelling") {
  for (const char* room : {"x", "#", "lobby", "Grüße", "a:b", ":x", "@x", "日本語"})
    CHECK(room_of_channel(channel_of_room(room).value()) == room);
}

TEST_CASE("irc: CHANNELLEN is the longest name of a room and one more") {
  CHECK(channel_bytes_max(64) == 65);
}

TEST_CASE("irc: others are bob/tagged, the next of that name bob/tagged2") {
  CHECK(foreign_nick("bob", "tagged", 1) == "bob/tagged");
  CHECK(foreign_nick("bob", "tagged", 2) == "bob/tagged2");
  CHECK(foreign_nick("bob", "oneroom", 10) == "bob/oneroom10");
  CHECK(!is_valid_nick(foreign_nick("bob", "tagged", 1)));
}

TEST_CASE("irc: a foreign name keeps what a nick may hold and what is printable beyond ASCII") {
  CHECK(foreign_nick_base("-[]\\^{|}_`09azAZ") == "-[]\\^{|}_`09azAZ");
  CHECK(foreign_nick_base("Žofie日本👍«€") == "Žofie日本👍«€");
  CHECK(foreign_nick_base("e\u0301") == "e\u0301");  // a mark
}

TEST_CASE("irc: in a foreign name, everything else becomes _, a byte or a character each") {
  CHECK(foreign_nick_base("~bob") == "_bob");
  CHECK(foreign_nick_base("@+b b.,:!*?/b") == "__b_b_______b");
  CHECK(foreign_nick_base("a\tb\x7f\x01") == "a_b__");
  CHECK(foreign_nick_base("a\xff\xc3") == "a__");
  CHECK(foreign_nick_base("a\u202Eb\u00A0c\u2028d\u0085") == "a_b_c_d_");  // categories C and Z
  CHECK(foreign_nick_base("") == "_");
}

TEST_CASE("irc: a foreign name is cut to 24 bytes at a character") {
  CHECK(foreign_nick_base(std::string(25, 'n')) == std::string(24, 'n'));
  CHECK(foreign_nick_base(std::string(24, 'n')) == std::string(24, 'n'));
  CHECK(foreign_nick_base(std::string(23, 'n') + "é") == std::string(23, 'n'));
  CHECK(foreign_nick_base(std::string(22, 'n') + "éé") == std::string(22, 'n') + "é");
  CHECK(foreign_nick_base(std::string(22, 'n') + "👍") == std::string(22, 'n'));
}

TEST_CASE("irc: whatever bytes a foreign name holds, its base is one word of UTF-8") {
  std::vector<std::string> wrong;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string name{static_cast<char>(first), static_cast<char>(second), 'x'};
      const auto base = foreign_nick_base(name);
      const bool fine = confab::test::is_utf8(base) && base.size() >= 2 && base.size() <= 24 &&
                        base.find_first_of(" \r\n!@,:*?/+~&%.") == std::string::npos;
      if (!fine)
        wrong.push_back(base);
    }
  }
  CHECK(wrong == std::vector<std::string>{});
}
