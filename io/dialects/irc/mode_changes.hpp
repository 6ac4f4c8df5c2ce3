#pragma once

#include "actors/model/mode_change.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The modes of channels and users, as clients write them and as they are told.
namespace confab::irc {

/// CHANMODES and PREFIX: the letters of each kind.
inline constexpr std::string_view list_modes = "beI";
inline constexpr std::string_view key_mode = "k";
inline constexpr std::string_view limit_mode = "l";
inline constexpr std::string_view flag_modes = "Cimnst";
inline constexpr std::string_view member_modes = "ov";
inline constexpr std::string_view member_prefixes = "@+";

/// The letters of users' modes: bot, invisible, operator, wallops.
inline constexpr std::string_view user_modes = "Biow";

/// MODES: so many changes with a parameter in one command.
inline constexpr std::size_t modes_max = 6;

/// KEYLEN.
inline constexpr std::size_t key_bytes_max = 23;

/// A part of a MODE command that cannot be carried out.
struct mode_mistake {
  enum class kind {
    unknown_letter,  ///< `472 letter`
    bad_parameter,   ///< `696 C letter parameter`
  };
  kind what = kind::unknown_letter;
  std::string letter;     ///< One character, which may have more than one byte.
  std::string parameter;  ///< As it is shown: `*` for a key, and for one that is missing.

  bool operator==(const mode_mistake&) const = default;
};

/// What `MODE C args` asks for.
struct mode_request {
  std::vector<mode_change> changes;    ///< In their order.
  std::string list_queries;            ///< The letters of lists that are asked for, each once.
  std::vector<mode_mistake> mistakes;  ///< In their order, each once.
};

/// Reads the arguments of `MODE C +ol-k n 5 key`: letters, then the parameters of those letters
/// that take one, in their order.
///
/// Lists are asked for by a letter without a parameter, whatever its sign. Masks are in their
/// normal form, limits without zeros in front. `-k` takes a parameter, but needs none. Changes with
/// a parameter behind the sixth one are left out, and so are parameters that nothing takes.
mode_request parse_channel_modes(std::span<const std::string_view> arguments);

/// What `MODE N args` asks for.
struct user_mode_request {
  std::vector<mode_change> changes;
  bool has_unknown_letter = false;  ///< `501`, once.
};

/// Reads `+iwB` or `-o`; `+o` is passed over, as it is given by OPER only.
user_mode_request parse_user_modes(std::string_view letters);

/// Whether this can be the key of a channel: 1-23 bytes of 0x21-0x7e without `,`. A `:` in front
/// would not come back in one piece, so it is refused too.
bool is_valid_key(std::string_view key);

/// The letters of changes with as few signs as it takes: `+ol-k`. Empty without changes.
std::string mode_letters(std::span<const mode_change> changes);

/// Appends `:source MODE target +ol n 5` for changes that were made: nothing if there are none, and
/// several lines when there are more than `modes_max` parameters, or more than fits. `-k` without a
/// parameter is told with `*`, as clients expect one.
void append_mode_lines(std::string_view source, std::string_view target,
                       std::span<const mode_change> changes, std::string& out);

}  // namespace confab::irc
