#pragma once

#include "tests/faults/cluster/run_log.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The protocols, as the clients of a run speak them. All clients are in the room `lobby`.
namespace confab::faults {

/// What a server has told a client.
struct told {
  enum class kind : std::uint8_t {
    joined,    ///< It is in the room.
    again,     ///< It could not join, and has to ask again.
    text,      ///< `who` has said `words`.
    accepted,  ///< The first of its texts that were not answered yet.
    refused,   ///< The same.
    came,      ///< `who` is in the room; with `listed` if the client itself has just come.
    went,      ///< `who` is not any more.
    strange,   ///< `words`, which a server has no reason to say.
  };
  kind what = kind::strange;
  std::uint32_t who = 0;
  std::string words;
  bool listed = false;
};

/// One client's end of a protocol.
class speech {
 public:
  virtual ~speech() = default;

  /// What a client with this name says first, to log in and to join.
  virtual std::string greeting(const std::string& name) const = 0;

  /// What it says to join again.
  virtual std::string asking_again() const { return {}; }

  /// A text.
  virtual std::string say(std::string_view text) const = 0;

  /// Reads one message from the beginning of `bytes`, adds what it says to `heard`, and what is due
  /// at once to `reply`. Returns its length; 0 if it has not come whole.
  virtual std::size_t read(std::string_view bytes, std::vector<told>& heard,
                           std::string& reply) = 0;
};

std::unique_ptr<speech> make_speech(dialect of);

/// The name of a connection; the connection that has a name, whatever a protocol has put behind it.
std::string name_of_connection(std::uint32_t connection);
std::optional<std::uint32_t> connection_named(std::string_view name);

/// Whoever's nick begins so is no client of the run, and nothing is noted of it.
inline constexpr std::string_view onlooker_stem = "onlooker";

/// The words of a text, in so many bytes, or a few more; which text has these words, if any.
std::string words_of(const text_id& text, std::size_t bytes);
std::optional<text_id> text_with(std::string_view words);

}  // namespace confab::faults
