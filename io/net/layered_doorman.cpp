#include "io/net/layered_doorman.hpp"

#include "io/net/peer_address.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

namespace network = caf::io::network;

namespace {

constexpr std::chrono::seconds deadline_check_span{1};

}  // namespace

layered_doorman::layered_doorman(network::default_multiplexer& loop, network::native_socket fd,
                                 tcp_settings settings, output_memory_ptr memory,
                                 std::uint32_t number, listener_layers_ptr layers,
                                 opening_limits limits)
    : tcp_doorman(loop, fd, settings, std::move(memory), number),
      layers_(std::move(layers)),
      limits_(limits),
      timer_(loop, deadline_check_span, [this] { check_deadlines(); }) {}

void layered_doorman::add_to(gateway_report& report) const {
  report.opening += opening_.size();
  report.openings_failed += failed_;
  report.openings_timed_out += timed_out_;
  report.openings_pushed_out += pushed_out_;
  report.certificate_ends_s = layers_->certificate_ends_s();
}

void layered_doorman::on_connected(network::native_socket fd) {
  make_room();
  auto& waits = static_cast<layered_link::opener&>(*this);
  opening_.push_back(caf::make_counted<layered_link>(loop(), fd, next_link_id(), memory(), input(),
                                                     layers_->make(peer_address_of(fd)), scratch_,
                                                     waits));
  timer_.start();
  opening_.back()->resume_input();
}

void layered_doorman::make_room() {
  if (opening_.size() < limits_.openings_max)
    return;
  ++pushed_out_;
  const auto oldest = std::move(opening_.front());
  opening_.pop_front();
  oldest->abandon();
}

layered_doorman::link_ptr layered_doorman::take(const layered_link& which) {
  const auto found = std::find_if(opening_.begin(), opening_.end(),
                                  [&](const auto& each) { return each.get() == &which; });
  auto result = std::move(*found);
  opening_.erase(found);
  if (opening_.empty())
    timer_.stop();
  return result;
}

void layered_doorman::on_opened(layered_link& opened) {
  give_to_broker(take(opened));
}

void layered_doorman::on_not_opened(layered_link& gone, std::string_view complaint) {
  const auto last_look = take(gone);
  if (complaint.empty())
    return;
  ++failed_;
  if (auto* observer = dynamic_cast<opening_observer*>(parent()))
    observer->on_opening_failed(last_look->addr(), complaint);
}

/// A peer that takes an answer slowly has more time than one that has yet to say something.
void layered_doorman::check_deadlines() {
  const auto now = layered_link::clock::now();
  const auto overdue =
      std::stable_partition(opening_.begin(), opening_.end(), [&](const link_ptr& each) {
        const auto span = each->is_answering() ? limits_.answer_max : limits_.silence_max;
        return now - each->last_progress() < span;
      });
  const std::deque<link_ptr> ended(std::make_move_iterator(overdue),
                                   std::make_move_iterator(opening_.end()));
  opening_.erase(overdue, opening_.end());
  timed_out_ += ended.size();
  for (const auto& each : ended)
    each->abandon();
  if (opening_.empty())
    timer_.stop();
}

void layered_doorman::graceful_shutdown() {
  timer_.stop();
  for (const auto& each : std::exchange(opening_, {}))
    each->abandon();
  tcp_doorman::graceful_shutdown();
}

}  // namespace confab
