#pragma once

#include "actors/interfaces.hpp"
#include "actors/told_readers.hpp"

#include <cstddef>
#include <vector>

#include <caf/fwd.hpp>

/// How a room, or the directory, hands what has happened to the gateways.
namespace confab {

/// Hands a receipt without events to its gateway. A receipt without a gateway is for nobody.
void send_receipt(caf::local_actor* self, receipt reply);

/// One request that others are told of, on its way to the gateways. The receipt goes to the
/// gateway of who asked, with the last events for that gateway if there are any, and takes effect
/// when all others have said that they have queued theirs.
class publication {
 public:
  /// `home` is the gateway of who asked. `self` is the actor that sends everything.
  publication(caf::local_actor* self, gateway_id home, receipt reply);

  /// Tells readers behind one gateway: at once, except behind `home`, where the last batch waits
  /// for `finish`. Tells nobody if there are no readers.
  void tell(const event_batch_ptr& batch, gateway_id id, const gateway_actor& gateway,
            audience_ptr readers);

  /// Tells whoever asked, too, though it is in no audience: with the last readers behind `home`, if
  /// they were told of the same.
  void tell_author(const event_batch_ptr& batch);

  /// Has a batch kept, of which so many readers are told. The gateway of who asked will hear
  /// whether that was done.
  void keep(const event_batch_ptr& batch, const archive_actor& archive, std::size_t readers);

  /// Sends the rest, and the receipt. Call it once, at the end.
  void finish();

 private:
  receipt acknowledgement() const;

  caf::local_actor* self_;
  gateway_id home_;
  receipt reply_;
  std::size_t elsewhere_ = 0;   ///< Gateways that will say so when they have queued a batch.
  event_batch_ptr home_batch_;  ///< Null: nothing for `home_` so far.
  gateway_actor home_gateway_;
  audience_ptr home_readers_;
};

/// Sorts readers by the gateway that leads to them.
class audiences {
 public:
  struct group {
    gateway_id id;
    gateway_actor gateway;
    audience readers;
  };

  /// Adds a reader. Nobody must be added twice.
  void add(const client_id& reader, const gateway_actor& gateway);

  /// Tells all of them, but for those who were told already. From now on all were.
  void tell(publication& news, const event_batch_ptr& batch, told_readers* told = nullptr) &&;

 private:
  std::vector<group> groups_;  ///< One for each gateway; a handful.
};

}  // namespace confab
