// The ids and the times of messages, as tags have them.

#include "io/dialects/irc/message_id.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <set>
#include <string>

using namespace confab;
using namespace confab::irc;

namespace {

constexpr std::int64_t early = 1'795'493'545'246;  // 2026-11-24T04:12:25.246Z

}  // namespace

TEST_CASE("irc: message ids hold letters, digits and -, and no two are the same") {
  std::set<std::string> seen;
  for (const std::uint64_t run : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{early}})
    for (std::uint64_t room : {0U, 1U, 11U, 111U})
      for (std::uint64_t sequence : {0U, 1U, 11U, 111U}) {
        std::string id;
        append_message_id({early, early, run, room, sequence}, 0, id);
        CHECK(std::all_of(id.begin(), id.end(),
                          [](unsigned char byte) { return std::isalnum(byte) || byte == '-'; }));
        CHECK(seen.insert(id).second);
      }
  std::string longest;
  constexpr auto most = ~std::uint64_t{0};
  append_message_id({early, early, most, most, most}, 0, longest);
  CHECK(longest.size() == 41);
}

TEST_CASE("irc: times are written as 2026-11-24T04:12:25.246Z") {
  const auto written = [](std::int64_t time_ms) {
    std::string out;
    append_server_time(time_ms, out);
    return out;
  };
  CHECK(written(early) == "2026-11-24T04:12:25.246Z");
  CHECK(written(0) == "1970-01-01T00:00:00.000Z");
  CHECK(written(951'782'400'000 - 1) == "2000-02-28T23:59:59.999Z");
  CHECK(written(951'782'400'000) == "2000-02-29T00:00:00.000Z");
  CHECK(written(-5) == "1970-01-01T00:00:00.000Z");
  CHECK(written(INT64_MAX) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("irc: an id that was written is read back, and nothing else is an id") {
  const message_id which{36, 3, 37};
  CHECK(message_id_text(which) == "10-3-11");
  CHECK(parse_message_id("10-3-11") == which);
  constexpr auto most = ~std::uint64_t{0};
  CHECK(parse_message_id(message_id_text({most, most, most})) == message_id{most, most, most});
  for (const std::string_view other :
       {"", "10", "10-3", "10-3-", "10-3-11-", "10-3-11 ", " 10-3-11", "-10-3-11", "10--11",
        "A-1-1", "01-1-1", "+1-1-1", "zzzzzzzzzzzzzz-1-1", "nonexistent123"})
    CHECK(!parse_message_id(other));
}

TEST_CASE("irc: a time is read as it is written, and nothing else is a time") {
  for (const std::int64_t time_ms :
       {std::int64_t{0}, std::int64_t{1}, early, std::int64_t{951'782'399'999},
        std::int64_t{951'782'400'000}, std::int64_t{4'107'542'400'000}}) {
    std::string written;
    append_server_time(time_ms, written);
    CHECK(parse_server_time(written) == time_ms);
  }
  CHECK(parse_server_time("9999-12-31T23:59:59.999Z") == 253'402'300'799'999);
  CHECK(parse_server_time("2016-12-31T23:59:60.000Z") == 1'483'228'800'000);
  CHECK(parse_server_time("0001-01-01T00:00:00.000Z") == 0);
  for (const std::string_view other :
       {"", "*", "2026-11-24", "2026-11-24T04:12:25Z", "2026-11-24T04:12:25.246",
        "2026-11-24T04:12:25.246z", "2026-11-24 04:12:25.246Z", "2026-11-24T04:12:25.2460Z",
        "2026-13-24T04:12:25.246Z", "2026-00-24T04:12:25.246Z", "2026-02-29T04:12:25.246Z",
        "2026-11-31T04:12:25.246Z", "2026-11-00T04:12:25.246Z", "2026-11-24T24:12:25.246Z",
        "2026-11-24T04:60:25.246Z", "2026-11-24T04:12:61.246Z", "-026-11-24T04:12:25.246Z"})
    CHECK(!parse_server_time(other));
}
