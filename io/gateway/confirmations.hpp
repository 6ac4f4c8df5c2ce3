#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace confab {

/// The replies of one client that wait until the archive has kept what they confirm, and those that
/// come behind them: replies keep their order.
class confirmations {
 public:
  /// A reply whose time has come.
  struct ready_reply {
    std::string bytes;
    bool hangs_up = false;  ///< It was the last one.
  };

  /// The archive will say so many times more that it has kept something of this client, or not.
  void expect(std::size_t keeps) { expected_ += keeps; }

  /// The archive has said so. It may be faster than what is to be expected.
  void note(bool kept);

  /// A reply, ready to be written, that comes when all have been dealt with that were expected so
  /// far, and all replies before it have come. `if_unkept` is written instead if one of the last
  /// `keeps` could not be kept.
  void add(std::string bytes, std::string if_unkept, std::size_t keeps, bool hangs_up);

  /// Takes the next reply whose time has come.
  std::optional<ready_reply> take();

  /// Replies wait.
  bool waiting() const { return !replies_.empty(); }

  /// So many are awaited, or more.
  bool has_expected(std::size_t count) const { return expected_ >= noted_ + count; }

  /// Nothing is left to be remembered.
  bool idle() const { return replies_.empty() && noted_ == expected_; }

 private:
  struct reply {
    std::string bytes;
    std::string if_unkept;
    std::uint64_t first;  ///< Of what it confirms,
    std::uint64_t end;    ///< and behind the last.
    bool hangs_up;
  };

  bool failed_between(std::uint64_t first, std::uint64_t end) const;

  std::uint64_t expected_ = 0;
  std::uint64_t noted_ = 0;
  std::deque<reply> replies_;
  std::vector<std::uint64_t> failed_;  ///< Which ones were not kept, as far as a reply may ask.
};

}  // namespace confab
