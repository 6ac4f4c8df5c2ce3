// CAP: what is offered, asked for and answered.

#include "io/dialects/irc/capabilities.hpp"
#include "io/dialects/irc/message.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace confab::irc;

namespace {

constexpr cap_reader older{"srv", "bob", false};
constexpr cap_reader newer{"srv", "bob", true};

constexpr capability_row few[] = {
    {capability::batch, "a", "b"},
    {capability::setname, "c"},
};

// More than one line of rows: `names` keeps what they refer to.
std::vector<capability_row> many_rows(std::vector<std::string>& names) {
  for (int index = 0; index < 60; ++index)
    names.push_back("example.org/capability-" + std::to_string(index));
  std::vector<capability_row> rows;
  for (const auto& name : names)
    rows.push_back({capability::batch, name});
  return rows;
}

std::vector<std::string> lines_of(std::string_view wire) {
  std::vector<std::string> result;
  while (!wire.empty()) {
    const auto end = wire.find("\r\n");
    REQUIRE(end != std::string_view::npos);
    CHECK(end + 2 <= line_bytes_max);
    result.emplace_back(wire.substr(0, end));
    wire.remove_prefix(end + 2);
  }
  return result;
}

std::string ls(const cap_reader& to, std::span<const capability_row> rows) {
  std::string out;
  append_cap_ls(to, rows, out);
  return out;
}

std::optional<capability_set> after(capability_set on, std::string_view wanted) {
  return after_cap_request(on, wanted, offered_capabilities(true));
}

}  // namespace

TEST_CASE("irc: capabilities are offered by their names, those of history where it is kept") {
  CHECK(ls(older, offered_capabilities(false)) ==
        ":srv CAP bob LS :away-notify batch cap-notify draft/read-marker echo-message "
        "extended-join extended-monitor invite-notify labeled-response message-tags multi-prefix "
        "server-time setname standard-replies userhost-in-names\r\n");
  CHECK(ls(older, offered_capabilities(true)) ==
        ":srv CAP bob LS :away-notify batch cap-notify draft/chathistory draft/event-playback "
        "draft/message-redaction draft/read-marker echo-message extended-join extended-monitor "
        "invite-notify labeled-response message-tags multi-prefix server-time setname "
        "soju.im/search standard-replies userhost-in-names\r\n");
}

TEST_CASE("irc: each capability has a bit of its own, and a name of its own") {
  for (const auto& row : offered_capabilities(true)) {
    CHECK(after({}, row.name) == capability_set{row.which});
    for (const auto& other : offered_capabilities(true))
      CHECK((row.which == other.which) == (row.name == other.name));
  }
}

TEST_CASE("irc: LS and LS 301 have one line and no values, LS 302 has values") {
  CHECK(ls(older, few) == ":srv CAP bob LS :a c\r\n");
  CHECK(ls(newer, few) == ":srv CAP bob LS :a=b c\r\n");
  CHECK(is_version_302("302"));
  CHECK(is_version_302("307"));
  for (const char* version : {"", "301", "3", "x", "302x", "-302", "99999999999999999999"})
    CHECK(!is_version_302(version));
}

TEST_CASE("irc: CAP N LS * :a for each full line of 302, the last one is CAP N LS :c") {
  std::vector<std::string> names;
  const auto rows = many_rows(names);
  const auto lines = lines_of(ls(newer, rows));
  REQUIRE(lines.size() > 2);
  std::string all;
  for (std::size_t index = 0; index < lines.size(); ++index) {
    const std::string head = index + 1 < lines.size() ? ":srv CAP bob LS * :" : ":srv CAP bob LS :";
    REQUIRE(lines[index].starts_with(head));
    all += lines[index].substr(head.size()) + ' ';
  }
  for (const auto& name : names)
    CHECK(all.find(name + ' ') != std::string::npos);
}

TEST_CASE("irc: a client below 302 gets one line however many rows there are, no name is cut") {
  std::vector<std::string> names;
  const auto rows = many_rows(names);
  const auto lines = lines_of(ls(older, rows));
  REQUIRE(lines.size() == 1);
  const auto last = lines[0].substr(lines[0].rfind(' ') + 1);
  CHECK(std::find(names.begin(), names.end(), last) != names.end());
}

TEST_CASE("irc: LIST tells what is on, also when nothing is") {
  std::string out;
  append_cap_list(newer, few, {}, out);
  append_cap_list(newer, few, {capability::batch}, out);
  append_cap_list(older, few, {capability::setname, capability::batch}, out);
  CHECK(out == ":srv CAP bob LIST :\r\n:srv CAP bob LIST :a\r\n:srv CAP bob LIST :a c\r\n");
}

TEST_CASE("irc: REQ :a -b is all or nothing") {
  const capability_set on{capability::batch};
  CHECK(after(on, "setname -batch") == capability_set{capability::setname});
  CHECK(after(on, "batch") == on);
  CHECK(after(on, "-setname") == on);
  CHECK(!after(on, "setname unknown"));
  CHECK(!after(on, "-unknown setname"));
  CHECK(!after(on, "Setname"));
  CHECK(!after(on, "setname="));
  CHECK(!after(on, "-"));
}

TEST_CASE("irc: REQ takes blanks as they come, and the last word of two counts") {
  CHECK(after({}, "  batch   setname ") == capability_set{capability::batch, capability::setname});
  CHECK(after({}, "") == capability_set{});
  CHECK(after({}, "batch -batch") == capability_set{});
  CHECK(after({}, "-batch batch") == capability_set{capability::batch});
}

TEST_CASE("irc: ACK and NAK have the client's string byte for byte") {
  std::string out;
  append_cap_ack(newer, " batch  -setname ", out);
  append_cap_nak(older, "Foo  -bar=1 é ", out);
  append_cap_nak({"srv", "*", false}, "", out);
  CHECK(out ==
        ":srv CAP bob ACK : batch  -setname \r\n"
        ":srv CAP bob NAK :Foo  -bar=1 é \r\n"
        ":srv CAP * NAK :\r\n");
}

TEST_CASE("irc: an answer that does not fit into one line is told in several, no word is cut") {
  std::string wanted;
  while (wanted.size() < 495)
    wanted += "batch -setname ";
  std::string out;
  append_cap_ack(newer, wanted, out);
  const auto lines = lines_of(out);
  CHECK(lines.size() == 2);
  std::string all;
  for (const auto& line : lines)
    all += line.substr(std::string_view{":srv CAP bob ACK :"}.size()) + ' ';
  CHECK(all == wanted);
}

TEST_CASE("irc: with cap-notify there are CAP N NEW :x and CAP N DEL :x") {
  std::string out;
  append_cap_new(newer, few, out);
  append_cap_new(older, few, out);
  append_cap_del(newer, few, out);
  CHECK(out == ":srv CAP bob NEW :a=b c\r\n:srv CAP bob NEW :a c\r\n:srv CAP bob DEL :a c\r\n");
}

TEST_CASE("irc: the words of CAP are LS, LIST, REQ and END in any case, others are 410") {
  CHECK(parse_cap_word("LS") == cap_word::ls);
  CHECK(parse_cap_word("list") == cap_word::list);
  CHECK(parse_cap_word("Req") == cap_word::req);
  CHECK(parse_cap_word("END") == cap_word::end);
  for (const char* word : {"", "L", "LSX", "ACK", "CLEAR"})
    CHECK(!parse_cap_word(word));
}

TEST_CASE("irc: a set of capabilities knows its members") {
  capability_set set;
  CHECK(set.empty());
  set.add(capability::userhost_in_names);
  CHECK(set.has(capability::userhost_in_names));
  CHECK(!set.has(capability::away_notify));
  set.remove(capability::userhost_in_names);
  CHECK(set.empty());
}
