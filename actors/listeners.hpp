#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <utility>

namespace confab {

/// The members of a room behind one gateway that listen: how many there are, and their connections
/// as the last event found them. Who they are is in the roster.
class listeners {
 public:
  listeners(gateway_id id, gateway_actor gateway, bool announces_members)
      : id_(id), gateway_(std::move(gateway)), announces_members_(announces_members) {}

  gateway_id id() const { return id_; }
  const gateway_actor& gateway() const { return gateway_; }
  bool announces_members() const { return announces_members_; }
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }

  void add() {
    ++count_;
    snapshot_.reset();
  }

  void remove() {
    --count_;
    snapshot_.reset();
  }

  /// What was kept since the last change; null: nothing.
  const audience_ptr& snapshot() const { return snapshot_; }

  const audience_ptr& keep(audience_ptr made) { return snapshot_ = std::move(made); }

 private:
  gateway_id id_;
  gateway_actor gateway_;
  bool announces_members_;
  std::size_t count_ = 0;
  audience_ptr snapshot_;
};

}  // namespace confab
