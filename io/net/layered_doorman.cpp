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

// NOLINTNEXTLINE(readability-function-size): what a doorman has, and what layers need besides.
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
  auto address = peer_address_of(fd);
  auto link = caf::make_counted<layered_link>(loop(), fd, next_link_id(), memory(), input(),
                                              layers_->make(address), scratch_, waits);
  opening_.push_back({link, std::move(address)});
  timer_.start();
  link->resume_input();
}

/// For one more: there are only so many at once, and only so much for them to read.
void layered_doorman::make_room() {
  while (opening_.size() >= limits_.openings_max)
    push_out_oldest();
  std::size_t unread = 0;
  for (const auto& each : opening_)
    unread += each.link->answer_bytes();
  while (!opening_.empty() && unread > limits_.answers_bytes_max) {
    unread -= opening_.front().link->answer_bytes();
    push_out_oldest();
  }
}

void layered_doorman::push_out_oldest() {
  ++pushed_out_;
  const auto oldest = std::move(opening_.front());
  opening_.pop_front();
  oldest.link->abandon();
}

std::deque<layered_doorman::opening>::iterator layered_doorman::find(const layered_link& which) {
  return std::find_if(opening_.begin(), opening_.end(),
                      [&](const auto& each) { return each.link.get() == &which; });
}

layered_doorman::opening layered_doorman::take(const layered_link& which) {
  const auto found = find(which);
  auto result = std::move(*found);
  opening_.erase(found);
  if (opening_.empty())
    timer_.stop();
  return result;
}

void layered_doorman::on_opened(layered_link& opened) {
  give_to_broker(take(opened).link);
}

void layered_doorman::on_broken(const layered_link& broken, std::string_view complaint) {
  ++failed_;
  if (auto* observer = dynamic_cast<opening_observer*>(parent()))
    observer->on_opening_failed(find(broken)->address, complaint);
}

/// A peer that takes an answer slowly has more time than one that has yet to say something.
void layered_doorman::check_deadlines() {
  const auto now = layered_link::clock::now();
  const auto overdue =
      std::stable_partition(opening_.begin(), opening_.end(), [&](const opening& each) {
        const auto span = each.link->answer_bytes() > 0 ? limits_.answer_max : limits_.silence_max;
        return now - each.link->last_progress() < span;
      });
  const std::deque<opening> ended(std::make_move_iterator(overdue),
                                  std::make_move_iterator(opening_.end()));
  opening_.erase(overdue, opening_.end());
  timed_out_ += ended.size();
  for (const auto& each : ended)
    each.link->abandon();
  if (opening_.empty())
    timer_.stop();
}

void layered_doorman::graceful_shutdown() {
  timer_.stop();
  for (const auto& each : std::exchange(opening_, {}))
    each.link->abandon();
  tcp_doorman::graceful_shutdown();
}

}  // namespace confab
