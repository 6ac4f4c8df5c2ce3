#pragma once

#include "actors/model/identity.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

/// What a gateway has to look at when some time has passed.
namespace confab {

using deadline_clock = std::chrono::steady_clock;

/// What is looked at when a deadline has come.
enum class timer_kind : std::uint8_t {
  login,      ///< Has the client logged in?
  leaving,    ///< Does a client that leaves still take what is queued for it?
  idle,       ///< Has anything come or gone?
  throttled,  ///< A client that sent too fast has waited for long enough.
  silence,    ///< Whether the client is there.
};
inline constexpr std::size_t timer_kinds = 5;

/// The deadlines of one connection, one of each kind at most.
class deadlines {
  friend class deadline_queue;
  std::array<deadline_clock::time_point, timer_kinds> due_{};  ///< The epoch: none.
};

/// All deadlines of a gateway, the earliest first. A connection that is no more leaves none behind.
class deadline_queue {
 public:
  struct deadline {
    connection_key key;
    timer_kind kind;
  };

  /// Sets the deadline of this kind, in place of an earlier one.
  void schedule(deadlines& of, connection_key key, timer_kind kind, deadline_clock::time_point due);

  void cancel(deadlines& of, connection_key key, timer_kind kind);
  void cancel_all(deadlines& of, connection_key key);

  /// Takes the earliest deadline if its time has come. The caller tells `passed` whose it was.
  std::optional<deadline> take_due(deadline_clock::time_point now);

  /// A deadline that was taken is not pending any more.
  static void passed(deadlines& of, timer_kind kind) {
    of.due_[static_cast<std::size_t>(kind)] = {};
  }

  /// When the earliest deadline comes, if there is any.
  std::optional<deadline_clock::time_point> earliest() const;

  std::size_t size() const { return queue_.size(); }

 private:
  std::set<std::tuple<deadline_clock::time_point, connection_key, timer_kind>> queue_;
};

/// Which wake-up calls are on their way. A call cannot be taken back, so a new one is asked for
/// only when none comes early enough: they do not pile up.
class wake_up_calls {
 public:
  /// True when a call has to be made for `due`; it counts as made.
  bool needed(deadline_clock::time_point due);

  /// It is `now`: forgets the calls that have come.
  void came(deadline_clock::time_point now);

  std::size_t pending() const { return pending_.size(); }

 private:
  std::set<deadline_clock::time_point> pending_;
};

}  // namespace confab
