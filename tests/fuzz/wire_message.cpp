// Messages of other nodes.

#include "actors/cluster/known_dialects.hpp"
#include "actors/cluster/wire_codec.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

using namespace confab;

namespace {

class some_dialects : public known_dialects {
 public:
  some_dialects() : known_dialects({"tagged", "irc"}) {}
};

}  // namespace

void fuzz::try_input(const split_input& input) {
  const some_dialects dialects;
  wire_message message;
  std::size_t used = 0;
  if (const auto problem = wire::read_message(input.all, &dialects, message, used)) {
    fuzz::require(!std::string_view{problem.words}.empty(), "a refusal says why");
    return;
  }
  fuzz::require(used > 0 && used <= input.all.size(), "no more is read than there is");
  std::vector<char> bytes;
  fuzz::require(!wire::write_message(message, bytes), "what could be read can be written");
  wire_message again;
  std::size_t used_again = 0;
  fuzz::require(!wire::read_message({bytes.data(), bytes.size()}, &dialects, again, used_again) &&
                    used_again == bytes.size(),
                "what was written can be read");
  std::vector<char> bytes_again;
  fuzz::require(!wire::write_message(again, bytes_again) && bytes_again == bytes,
                "it says the same");
}
