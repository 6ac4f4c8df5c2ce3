#pragma once

#include "actors/client_table.hpp"
#include "actors/model/answers.hpp"
#include "actors/model/commands.hpp"
#include "actors/nick_table.hpp"
#include "actors/watch_lists.hpp"
#include "actors/whowas_ring.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What the directory answers. No actor, no clock.
namespace confab {

/// The answer to a `who` has at most so many rows.
inline constexpr std::size_t who_rows_max = 500;

/// One question looks at so many bytes of names and so many rooms of clients, nearly; then the
/// answer ends. For masks as people write them that is enough for tens of thousands of clients.
/// Without this limit, one line whose mask is made for that could keep all others waiting.
inline constexpr std::size_t question_steps_max = 4'000'000;

/// All that the answers are taken from.
struct directory_view {
  const client_table& clients;
  const nick_table& nicks;
  const whowas_ring& whowas;
  const watch_lists& watches;
  const std::set<std::string>& nodes;  ///< Those that are linked, but for this one.

  /// How many there are of everything.
  census counts() const;
};

/// Who has the nick, or has reserved it; null: nobody.
const known_client* find_client(const directory_view& all, std::string_view nick);

/// Answers a question. `asker` is null if it is gone.
answer_ptr answer_question(const directory_view& all, const known_client* asker,
                           const ask_directory& question);

/// Which of these nicks are there and which are not, as those who watch them are told.
answer describe_watched(const directory_view& all, const std::vector<std::string>& nicks);

}  // namespace confab
