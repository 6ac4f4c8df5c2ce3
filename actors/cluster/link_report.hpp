#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include <caf/allowed_unsafe_message_type.hpp>

/// What is known of a link to another node, for whoever runs this one.
namespace confab {

/// The link to one node. Counts are since the start.
struct link_report {
  std::string node;          ///< The name of the other node.
  bool up = false;           ///< Both know each other's clients, or are about to tell of them.
  std::uint64_t made = 0;    ///< How often the link was made,
  std::uint64_t lost = 0;    ///< how often it was lost,
  std::uint64_t healed = 0;  ///< how often it was made after a loss,
  std::uint64_t ended = 0;   ///< and how often the other node said that it ends.
  /// How long it took until readers there had what they were told last, as far as that was
  /// measured; or, if longer, how long what is measured now has been under way. 0: nothing was told
  /// yet.
  std::chrono::microseconds round_trip{0};
  std::size_t news_under_way = 0;       ///< Told, and not taken there yet:
  std::size_t bytes_under_way = 0;      ///< what they take in memory,
  std::size_t credit_bytes = 0;         ///< and how much they may take before the link is given up.
  std::size_t clients = 0;              ///< Of the other node, as far as this one knows them.
  std::uint64_t texts_to_catch_up = 0;  ///< About how many events are missing here.
  /// Since the link was made, its clients and rooms have become known here, and its history has
  /// been compared to the end.
  bool has_caught_up = false;
  std::uint64_t steps = 0;  ///< Grows as long as something comes from there.
};

/// Counts what happens to a link, and measures one piece of news after the other on its way to the
/// other node's readers and back.
class link_watch {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The link is up.
  void note_made();

  /// It is up no more. `ended`: the other node had said that it ends.
  void note_lost(bool ended);

  /// Something is being measured; nothing else can be meanwhile.
  bool is_measuring() const { return measured_ != 0; }

  /// The piece of news with this number is on its way. Nothing is being measured.
  void begin(std::uint64_t number, time_point now);

  /// All up to this number have been taken on the other node.
  void note_taken(std::uint64_t up_to, time_point now);

  /// Writes down the counts and the round trip.
  void describe(link_report& report, time_point now) const;

 private:
  bool up_ = false;
  bool was_lost_ = false;
  std::uint64_t made_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t healed_ = 0;
  std::uint64_t ended_ = 0;
  std::uint64_t measured_ = 0;  ///< The number of what is measured; 0: nothing is.
  time_point begun_;
  std::chrono::microseconds round_trip_{0};
};

}  // namespace confab

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::link_report)
