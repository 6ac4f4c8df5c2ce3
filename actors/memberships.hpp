#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <caf/actor_addr.hpp>

namespace confab {

/// A room that a client is in.
struct membership {
  std::shared_ptr<const std::string> name;  ///< In the room's own spelling; the room has it, too.
  room_actor room;
  bool readers_counted = false;  ///< Something was said there before.
};

/// The rooms that a client is in, in the order in which it entered them. A client is in a few
/// rooms, so they are looked through.
class memberships {
 public:
  /// `folds_names`: the case of A-Z does not matter.
  explicit memberships(bool folds_names) : folds_names_(folds_names) {}

  bool empty() const { return rooms_.empty(); }
  std::size_t size() const { return rooms_.size(); }

  /// The room of this name; the one that was entered last if the name is empty. Null if the client
  /// is in no such room. Valid until the next change.
  membership* find(std::string_view name);

  /// Whether the client is in the room of exactly this name.
  bool contains(std::string_view name) const;

  void add(std::shared_ptr<const std::string> name, room_actor room);

  /// Takes a room out; null if the client is not in it.
  room_actor take(std::string_view name);
  room_actor take(const caf::actor_addr& room);

  /// Takes all rooms out, the one entered last in front.
  std::vector<room_actor> take_all();

  /// All rooms, the one entered last in front.
  std::vector<room_actor> all() const;

  /// The names of all rooms.
  std::vector<std::string> names() const;

  /// The name of the room that was entered last; empty if there is none.
  std::string last_name() const { return rooms_.empty() ? std::string{} : *rooms_.back().name; }

 private:
  bool folds_names_;
  std::vector<membership> rooms_;
};

}  // namespace confab
