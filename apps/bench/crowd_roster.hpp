#pragma once

#include "apps/bench/connection_set.hpp"
#include "apps/bench/options.hpp"
#include "apps/bench/protocol_adapter.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace confab::bench {

/// Who takes part in a run. Connections are numbered: first the receivers room by room, then the
/// senders room by room, then the flooder when there is one.
class crowd_roster {
 public:
  /// All names of users and rooms begin with `name_prefix` (letters and digits).
  explicit crowd_roster(const bench_options& options, const std::string& name_prefix = {});

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] const client_identity& operator[](connection_id id) const { return members_[id]; }

  [[nodiscard]] std::uint32_t receivers() const { return rooms_ * receivers_per_room_; }
  [[nodiscard]] std::uint32_t senders() const { return rooms_ * senders_per_room_; }
  [[nodiscard]] std::uint32_t receivers_per_room() const { return receivers_per_room_; }
  [[nodiscard]] std::uint32_t senders_per_room() const { return senders_per_room_; }

  [[nodiscard]] bool is_receiver(connection_id id) const { return id < receivers(); }
  /// Whether a connection stops reading once it has joined.
  [[nodiscard]] bool stalls(connection_id id) const {
    return has_stalled_ && is_receiver(id) && id % receivers_per_room_ != 0;
  }
  /// Whether a connection takes what comes without a look at it, once it has joined.
  [[nodiscard]] bool skims(connection_id id) const {
    return has_skimming_ && !has_stalled_ && is_receiver(id) && id % receivers_per_room_ != 0;
  }
  /// How many receivers of each room check their texts.
  [[nodiscard]] std::uint32_t checking_receivers_per_room() const {
    return has_stalled_ || has_skimming_ ? 1 : receivers_per_room_;
  }
  /// The connection of a sender, which has a number below senders().
  [[nodiscard]] connection_id sender_id(std::uint32_t sender) const { return receivers() + sender; }
  /// The number of the sender with this connection.
  [[nodiscard]] std::uint32_t sender_number(connection_id id) const { return id - receivers(); }
  /// The connection of the flooder, when the options ask for one.
  [[nodiscard]] connection_id flooder_id() const { return receivers() + senders(); }

  /// The room of a connection that is not the flooder's.
  [[nodiscard]] std::uint32_t room(connection_id id) const {
    return is_receiver(id) ? id / receivers_per_room_ : sender_number(id) / senders_per_room_;
  }

  /// Which of the servers a connection uses.
  [[nodiscard]] std::size_t server(connection_id id) const {
    const auto place = is_receiver(id) ? id : sender_number(id);
    if (!apart_)
      return place % servers_;
    return is_receiver(id) ? 1 + place % (servers_ - 1) : 0;
  }

 private:
  std::size_t servers_;
  bool apart_;  ///< There are several servers, then.
  std::uint32_t rooms_;
  std::uint32_t receivers_per_room_;
  std::uint32_t senders_per_room_;
  bool has_stalled_;
  bool has_skimming_;
  std::vector<client_identity> members_;
};

}  // namespace confab::bench
