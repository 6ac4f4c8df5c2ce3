#pragma once

#include "actors/model/outcomes.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace confab::irc {

/// Comparing one channel with the masks of LIST takes no more steps than this; beyond it, the
/// channel is not shown. Masks as people write them take a few hundred. Without this limit, one
/// line whose masks are made for that could keep all others waiting for each page of rooms.
inline constexpr std::size_t list_steps_per_channel_max = 8'000;

/// Which channels LIST shows: ELIST=CMNTU. Parts of the argument stand between commas:
///
///     #cafe  *afe*    channels of that name, or that match the mask: one of those that are given
///     !*afe*          none that matches the mask
///     >3  <3          more, or fewer members
///     C>10  C<10      made more, or less than so many minutes ago
///     T>10  T<10      topic set more, or less than so many minutes ago
///
/// A channel has to meet all kinds that are given. Refers to the argument.
class list_filter {
 public:
  /// `now_ms`: milliseconds since 1970. An empty argument takes all channels.
  list_filter(std::string_view argument, std::int64_t now_ms);

  /// Whether LIST shows the channel of this name.
  bool takes(const room_summary& room, std::string_view channel) const;

 private:
  enum class quantity { members, minutes_since_made, minutes_since_topic };

  struct condition {
    quantity what = quantity::members;
    bool more = false;  ///< Otherwise less.
    std::int64_t than = 0;
  };

  bool masks_take(std::string_view channel) const;
  void add(std::string_view part);
  bool add_condition(std::string_view part);
  bool meets(const room_summary& room, const condition& each) const;

  std::int64_t now_ms_;
  std::vector<std::string_view> masks_;
  std::vector<std::string_view> excluded_;
  std::vector<condition> conditions_;
};

}  // namespace confab::irc
