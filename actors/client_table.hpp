#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

/// What the directory knows of all clients, and of the rooms that they are in.
namespace confab {

/// Of the rooms that a client was invited to, so many are remembered, if nothing else is said;
/// beyond it the oldest one is forgotten.
inline constexpr std::size_t invitations_max = 100;

/// A room that somebody is in, as far as the directory knows it.
struct known_room {
  room_actor room;
  std::string name;
  std::uint64_t life = 0;  ///< Tells it from a later room of the same name.
  bool secret = false;
  std::size_t members = 0;
};

/// The part that a client plays in a room.
struct known_part {
  known_room* room;
  bool room_operator = false;
  bool has_voice = false;
};

/// A room that a client was invited to.
struct known_invitation {
  std::string room;
  std::uint64_t life = 0;
};

/// A client that has logged in.
struct known_client {
  session_actor session;
  gateway_actor gateway;
  author who;
  std::string reserved_nick = {};  ///< That it will have when all were told; empty: none.
  std::int64_t login_ms = 0;
  std::int64_t active_ms = 0;
  std::int64_t nick_since_ms = 0;  ///< When it claimed its nick.
  std::vector<known_part> parts = {};
  std::vector<known_invitation> invitations = {};  ///< Oldest first.
  asking_ptr watches_as = nullptr;                 ///< How it is told of nicks that it watches.
};

/// All clients and the rooms that they are in, and how many there are of each.
class client_table {
 public:
  using clients = std::map<client_id, known_client>;

  explicit client_table(std::size_t invitations_each_max = invitations_max)
      : invitations_each_max_(invitations_each_max) {}

  /// A connection that has not logged in.
  void arrive(const client_id& whom) { unregistered_.insert(whom); }

  /// A client has logged in. It was not known before.
  known_client& add(known_client client);

  /// Forgets everything of a client, or of a connection that has not logged in.
  void remove(const client_id& whom);

  /// Forgets everything.
  void clear() { *this = client_table{invitations_each_max_}; }

  /// Null if no such client has logged in.
  known_client* find(const client_id& whom);
  const known_client* find(const client_id& whom) const;

  /// All clients that have logged in.
  const clients& all() const { return clients_; }

  /// The client is seen as this from now on.
  void set_identity(known_client& client, identity_ptr who);

  /// Somebody came into a room, left it, or plays another part. Returns false, and notes nothing,
  /// of a client that is gone.
  bool note(const presence& news);

  /// The room of exactly this name is secret from now on, or no longer. Nothing if nobody is there.
  void note_secrecy(const std::string& room, bool secret);

  /// The client was invited to the room of exactly this name. Nothing if it is in there, or gone,
  /// or nobody is there.
  void note_invitation(const client_id& whom, const std::string& room);

  /// The rooms that the client was invited to, as long as they live, oldest first.
  std::vector<std::string> invitations_of(const known_client& client) const;

  /// Null if nobody is in a room of exactly this name.
  const known_room* find_room(const std::string& name) const;

  /// How many there are of everything, but for nodes.
  census counts() const;

 private:
  void enter(known_client& client, const presence& news);
  void leave(known_client& client, const std::string& room);
  void drop_member(known_room& room);
  void count(const identity& who, bool comes);

  std::size_t invitations_each_max_;
  clients clients_;
  std::set<client_id> unregistered_;
  std::unordered_map<std::string, known_room> rooms_;  ///< Whose addresses do not change.
  std::uint64_t lives_ = 0;                            ///< Of rooms, so far.
  census counts_;  ///< But for what is counted elsewhere: unregistered and rooms.
};

/// The part that the client plays in the room; null: it is not there.
const known_part* part_in(const known_client& client, const known_room* room);

}  // namespace confab
