#include "io/gateway/confirmations.hpp"

#include <algorithm>
#include <utility>

namespace confab {

void confirmations::note(bool kept) {
  if (!kept)
    failed_.push_back(noted_);
  ++noted_;
}

void confirmations::add(std::string bytes, std::string if_unkept, std::size_t keeps,
                        bool hangs_up) {
  replies_.push_back(
      {std::move(bytes), std::move(if_unkept), expected_ - keeps, expected_, hangs_up});
}

std::optional<confirmations::ready_reply> confirmations::take() {
  if (replies_.empty() || replies_.front().end > noted_)
    return std::nullopt;
  auto next = std::move(replies_.front());
  replies_.pop_front();
  ready_reply result;
  result.hangs_up = next.hangs_up;
  result.bytes = std::move(failed_between(next.first, next.end) ? next.if_unkept : next.bytes);
  std::erase_if(failed_, [&next](std::uint64_t each) { return each < next.end; });
  return result;
}

bool confirmations::failed_between(std::uint64_t first, std::uint64_t end) const {
  return std::any_of(failed_.begin(), failed_.end(),
                     [=](std::uint64_t each) { return each >= first && each < end; });
}

}  // namespace confab
