#include "apps/server/ask_links.hpp"

#include <chrono>
#include <utility>

#include <caf/all.hpp>

namespace confab::server {

namespace {

constexpr std::chrono::milliseconds links_span{200};

}  // namespace

std::vector<link_report> ask_links(caf::actor_system& system,
                                   const std::vector<observed_peer>& peers) {
  std::vector<link_report> result;
  caf::scoped_actor self{system};
  std::vector<decltype(self->request(observed_peer{}, links_span, link_atom::value))> answers;
  answers.reserve(peers.size());
  for (const auto& peer : peers)
    answers.push_back(self->request(peer, links_span, link_atom::value));
  for (auto& answer : answers)
    answer.receive([&](link_report& report) { result.push_back(std::move(report)); },
                   [](caf::error&) {});
  return result;
}

}  // namespace confab::server
