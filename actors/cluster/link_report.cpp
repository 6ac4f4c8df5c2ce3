#include "actors/cluster/link_report.hpp"

#include <algorithm>
#include <utility>

namespace confab {

void link_watch::note_made() {
  up_ = true;
  ++made_;
  if (std::exchange(was_lost_, false))
    ++healed_;
}

/// What was being measured will never be taken.
void link_watch::note_lost(bool ended) {
  measured_ = 0;
  if (!std::exchange(up_, false))
    return;
  ++(ended ? ended_ : lost_);
  was_lost_ = !ended;
}

void link_watch::begin(std::uint64_t number, time_point now) {
  measured_ = number;
  begun_ = now;
}

void link_watch::note_taken(std::uint64_t up_to, time_point now) {
  if (measured_ == 0 || up_to < measured_)
    return;
  measured_ = 0;
  round_trip_ = std::chrono::duration_cast<std::chrono::microseconds>(now - begun_);
}

void link_watch::describe(link_report& report, time_point now) const {
  report.made = made_;
  report.lost = lost_;
  report.healed = healed_;
  report.ended = ended_;
  report.round_trip = round_trip_;
  if (is_measuring())
    report.round_trip =
        std::max(round_trip_, std::chrono::duration_cast<std::chrono::microseconds>(now - begun_));
}

}  // namespace confab
