// The oneroom dialect's decoder: a name, the lobby, then a text for each line; or the end.

#include "io/dialects/oneroom/oneroom.hpp"
#include "tests/fuzz/decoding.hpp"
#include "tests/fuzz/invariant.hpp"

#include <algorithm>

using namespace confab;

namespace {

constexpr std::size_t line_bytes_max = 300;

/// `index` counts from 0: the name, the lobby, the texts; only the last may be the end.
bool in_its_place(const command& request, std::size_t index, bool last) {
  if (std::holds_alternative<hang_up>(request))
    return last;
  if (index == 0)
    return std::holds_alternative<log_in>(request);
  if (index == 1)
    return std::holds_alternative<join_room>(request);
  const auto* text = std::get_if<say>(&request);
  return text != nullptr && text->text.size() < line_bytes_max &&
         text->text.find('\n') == std::string::npos;
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  static const auto oneroom = oneroom::make_dialect("lobby", line_bytes_max);
  const auto heard = fuzz::check_decoder(*oneroom, input);
  const auto& commands = heard.commands;
  for (std::size_t index = 0; index < commands.size(); ++index)
    fuzz::require(in_its_place(commands[index], index, index + 1 == commands.size()),
                  "commands come in their order");
  for (const auto& reply : heard.replies)
    fuzz::require(reply.empty(), "nothing is answered");
  const auto lines = static_cast<std::size_t>(std::count(input.all.begin(), input.all.end(), '\n'));
  const bool hangs_up = !commands.empty() && std::holds_alternative<hang_up>(commands.back());
  const std::size_t join = lines > 0 ? 1 : 0;  // Follows the login, without a line of its own.
  fuzz::require(hangs_up || commands.size() == lines + join, "a command for each line");
}
