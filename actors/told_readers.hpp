#pragma once

#include "actors/model/audience.hpp"
#include "actors/model/identity.hpp"

#include <vector>

namespace confab {

/// Who was told of something already: so that whoever shares several rooms with a client hears once
/// that it goes. Travels from room to room with the news.
class told_readers {
 public:
  /// Those of the readers behind this gateway who were not told yet, and from now on were. Null if
  /// there are none.
  ///
  /// The first audience of a gateway is returned as it is, without a copy. After that the work is
  /// n log n for the new one, and n for all before.
  audience_ptr take_untold(gateway_id gateway, const audience_ptr& readers);

  /// Whether this client was told.
  bool contains(const client_id& reader) const;

 private:
  struct group {
    gateway_id gateway;
    audience_ptr first;  ///< Not in order; null when it is among `sorted`.
    audience sorted;
  };

  std::vector<group> groups_;
};

}  // namespace confab
