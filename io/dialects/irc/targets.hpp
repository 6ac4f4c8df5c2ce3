#pragma once

#include "io/dialects/irc/settings.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

/// Lists of targets, as commands have them.
namespace confab::irc {

/// TARGMAX: so many targets in one command. JOIN and PART take as many as a line holds.
inline constexpr std::size_t kick_targets_max = 4;
inline constexpr std::size_t names_targets_max = 4;
inline constexpr std::size_t text_targets_max = 4;

/// The words between the commas, the empty ones too. Refers to `list`.
std::vector<std::string_view> split_list(std::string_view list, char separator = ',');

/// The same without empty words, and each once, in the order in which they first came: names that
/// differ only in the case of A-Z are the same.
std::vector<std::string_view> targets_of(std::string_view list, char separator = ',');

/// The name of the room that a channel is. Nothing if this is no channel's name, or one that is
/// longer than rooms' names are.
std::optional<std::string_view> room_of(const settings& shared, std::string_view channel);

}  // namespace confab::irc
