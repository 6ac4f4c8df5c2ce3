// The tagged dialect's decoder: one command, and one reply of one line, to each line.

#include "io/dialects/tagged/tagged.hpp"
#include "tests/fuzz/decoding.hpp"
#include "tests/fuzz/invariant.hpp"

#include <algorithm>

using namespace confab;

void fuzz::try_input(const split_input& input) {
  static const auto tagged = tagged::make_dialect(tagged::edition::spring2022);
  const auto heard = fuzz::check_decoder(*tagged, input);
  const auto lines = static_cast<std::size_t>(std::count(input.all.begin(), input.all.end(), '\n'));
  const bool quits = !heard.commands.empty() && std::holds_alternative<quit>(heard.commands.back());
  fuzz::require(quits ? heard.commands.size() <= lines : heard.commands.size() == lines,
                "there are as many commands as lines");
  for (const auto& reply : heard.replies) {
    fuzz::require(reply.find('\n') + 1 == reply.size(), "a reply is one line");
    fuzz::require(reply.starts_with("ok:") || reply.starts_with("err:"), "a reply is ok or err");
  }
}
