#include "actors/memory_pool.hpp"

#include <algorithm>

namespace confab {

memory_pool::memory_pool(std::size_t bytes, std::size_t gateways)
    : free_bytes_(bytes), fair_share_bytes_(bytes / std::max<std::size_t>(gateways, 1)) {}

std::vector<memory_pool::transfer> memory_pool::request(gateway_id gateway,
                                                        std::size_t wanted_bytes,
                                                        std::size_t returned_bytes) {
  auto& asking = accounts_[gateway];
  const auto returned = std::min(returned_bytes, asking.credit_bytes);
  asking.wanted_bytes = wanted_bytes;
  asking.credit_bytes -= returned;
  asking.recalled_bytes -= std::min(asking.recalled_bytes, returned);
  free_bytes_ += returned;
  std::vector<transfer> result;
  grant(result);
  recall(result);
  return result;
}

/// Gives out what is free, to whoever has least first.
void memory_pool::grant(std::vector<transfer>& result) {
  while (free_bytes_ > 0) {
    auto poorest = accounts_.end();
    for (auto each = accounts_.begin(); each != accounts_.end(); ++each)
      if (each->second.credit_bytes < each->second.wanted_bytes &&
          (poorest == accounts_.end() || each->second.credit_bytes < poorest->second.credit_bytes))
        poorest = each;
    if (poorest == accounts_.end())
      return;
    auto& account = poorest->second;
    const auto bytes = std::min(free_bytes_, account.wanted_bytes - account.credit_bytes);
    free_bytes_ -= bytes;
    account.credit_bytes += bytes;
    result.push_back({poorest->first, bytes, 0});
  }
}

/// Asks back from those above an equal share what those below it lack.
void memory_pool::recall(std::vector<transfer>& result) {
  std::size_t lacking = 0;
  std::size_t on_the_way = 0;
  for (const auto& [gateway, account] : accounts_) {
    const auto due = std::min(account.wanted_bytes, fair_share_bytes_);
    lacking += due - std::min(due, account.credit_bytes);
    on_the_way += account.recalled_bytes;
  }
  lacking -= std::min(lacking, on_the_way);
  for (auto& [gateway, account] : accounts_) {
    const auto kept = fair_share_bytes_ + account.recalled_bytes;
    const auto bytes =
        std::min(lacking, account.credit_bytes - std::min(account.credit_bytes, kept));
    if (bytes == 0)
      continue;
    account.recalled_bytes += bytes;
    lacking -= bytes;
    result.push_back({gateway, 0, bytes});
  }
}

}  // namespace confab
