#include "apps/server/admin.hpp"

#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <utility>

#include <caf/all.hpp>

namespace confab::server {

admin_port::admin_port(caf::actor_system& system, observed_actors observed,
                       listening_sockets listeners)
    : pages_(system, std::move(observed)),
      http_(std::move(listeners), pages_),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!stop_.valid())
    throw std::system_error{errno, std::generic_category()};
  thread_ = std::thread{[this] { http_.serve(stop_.get()); }};
}

void admin_port::show(std::vector<gateway_actor> gateways) {
  caf::anon_send(pages_.inbox(), opened_gateways{std::move(gateways)});
}

admin_port::~admin_port() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

}  // namespace confab::server
