#pragma once

#include "actors/model/identity.hpp"

#include <cstddef>
#include <map>
#include <vector>

/// How the gateways share the memory that may be held for readers.
namespace confab {

/// Gives out credit: all of it together is never more than there is. While there is enough,
/// everybody gets what it wants; when there is not, whoever has less than an equal share gets it
/// from those who have more.
class memory_pool {
 public:
  /// What is to be done for a gateway.
  struct transfer {
    gateway_id gateway;
    std::size_t granted_bytes;   ///< It gets so much more.
    std::size_t recalled_bytes;  ///< It has to give back so much.
    friend bool operator==(const transfer&, const transfer&) = default;
  };

  memory_pool(std::size_t bytes, std::size_t gateways);

  /// A gateway would like to have so much in all, and gives back some. Returns what follows.
  std::vector<transfer> request(gateway_id gateway, std::size_t wanted_bytes,
                                std::size_t returned_bytes);

 private:
  struct account_state {
    std::size_t wanted_bytes = 0;
    std::size_t credit_bytes = 0;
    std::size_t recalled_bytes = 0;  ///< Asked back, and still on the way.
  };

  void grant(std::vector<transfer>& result);
  void recall(std::vector<transfer>& result);

  std::size_t free_bytes_;
  std::size_t fair_share_bytes_;
  std::map<gateway_id, account_state> accounts_;
};

}  // namespace confab
