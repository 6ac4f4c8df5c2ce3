// Where TLS records end.

#include "apps/clients/common/record_bounds.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using confab::client::record_bounds;

namespace {

std::string record(std::size_t length) {
  return std::string("\x17\x03\x03", 3) + static_cast<char>(length >> 8U) +
         static_cast<char>(length & 0xFFU) + std::string(length, '\xFF');
}

}  // namespace

TEST_CASE("whoever reads what is missing reads up to the end of a record, and no further") {
  record_bounds bounds;
  for (const auto length : std::vector<std::size_t>{1, 0, 255, 256, 16'640, 0, 3}) {
    auto bytes = record(length);
    CHECK(bounds.missing() == 5);
    bounds.take(bytes.substr(0, 5));
    if (length == 0)
      continue;
    CHECK(bounds.missing() == length);
    bounds.take(bytes.substr(5));
  }
  CHECK(bounds.missing() == 5);
}

TEST_CASE("records may be cut anywhere") {
  record_bounds bounds;
  const auto bytes = record(300);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    CHECK(bounds.missing() == (at < 5 ? 5 - at : bytes.size() - at));
    bounds.take(bytes.substr(at, 1));
  }
  CHECK(bounds.missing() == 5);
}
