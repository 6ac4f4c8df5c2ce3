#pragma once

#include "actors/model/asking.hpp"
#include "actors/model/commands.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace confab::irc {

/// One of the commands that a line became, on its way to the session.
struct pending_command {
  command what;
  asking answered = {};        ///< Its nick and reader are filled in when its turn comes.
  std::size_t departures = 0;  ///< More than 0: leave room after room, at most so many.
};

/// What the line read last has become: commands that wait for their turn. Holds no memory when it
/// is empty, as there is one for each connection.
class command_queue {
 public:
  bool empty() const { return next_ == waiting_.size(); }
  std::size_t size() const { return waiting_.size() - next_; }

  pending_command& front() { return waiting_[next_]; }
  pending_command& back() { return waiting_.back(); }
  auto begin() { return waiting_.begin() + static_cast<std::ptrdiff_t>(next_); }
  auto end() { return waiting_.end(); }

  pending_command& emplace_back(pending_command added) {
    return waiting_.emplace_back(std::move(added));
  }
  void push_back(pending_command added) { waiting_.push_back(std::move(added)); }
  void push_front(pending_command added) { waiting_.insert(begin(), std::move(added)); }

  void pop_front() {
    if (++next_ == waiting_.size()) {
      waiting_ = std::vector<pending_command>{};
      next_ = 0;
    }
  }

 private:
  std::vector<pending_command> waiting_;
  std::size_t next_ = 0;  ///< The first one that was not taken.
};

}  // namespace confab::irc
