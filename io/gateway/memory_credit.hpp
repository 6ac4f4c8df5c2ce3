#pragma once

#include <cstddef>
#include <optional>

/// How much memory the output of a gateway may take.
namespace confab {

/// The credit of one gateway. The quota gives it out, so that all gateways together never hold more
/// than the server may; a gateway asks in time, before it needs more, and gives back what it does
/// not need.
class memory_credit {
 public:
  /// What a gateway tells the quota.
  struct request {
    std::size_t wanted_bytes;    ///< As much credit as it would like to have in all.
    std::size_t returned_bytes;  ///< Credit that it gives back with this.
  };

  std::size_t bytes() const { return bytes_; }

  /// The quota has given more.
  void grant(std::size_t more_bytes) { bytes_ += more_bytes; }

  /// The quota wants some back: it may be counted on at once.
  request give_back(std::size_t bytes);

  /// Looks at how much is held, and says what to tell the quota, if there is anything new.
  std::optional<request> review(std::size_t held_bytes);

 private:
  /// Credit is a permission and takes no memory. So a gateway asks for much at once: many batches
  /// may come before an answer does, and nobody may be cut while the server has memory to give.
  static constexpr std::size_t wanted_bytes_min = std::size_t{256} * 1024 * 1024;

  std::size_t bytes_ = 0;
  std::size_t wanted_bytes_ = 0;
};

}  // namespace confab
