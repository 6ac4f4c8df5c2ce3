#include "apps/server/certificate_keeper.hpp"

#include "apps/server/cluster_start.hpp"
#include "io/placement.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>

#include <caf/all.hpp>
#include <spdlog/spdlog.h>

namespace confab::server {

certificate_keeper::certificate_keeper(const options& chosen, const started_actors& all,
                                       listener_layering& layers,
                                       std::shared_ptr<spdlog::logger> log)
    : chosen_(chosen), all_(all), layers_(layers), log_(std::move(log)) {}

void certificate_keeper::keep(membership_actor links, mutual_tls_ptr context) {
  links_ = std::move(links);
  context_ = std::move(context);
}

bool certificate_keeper::has_any() const {
  return !chosen_.layers.certificate_file.empty() || context_;
}

void certificate_keeper::read_again() {
  if (!chosen_.layers.certificate_file.empty())
    read_that_of_clients_again();
  if (context_)
    read_that_of_links_again();
}

void certificate_keeper::log_ends() const {
  layers_.log_end_of_certificate(*log_);
  if (context_)
    log_end_of_link_certificate(*context_, chosen_.cluster, *log_);
}

void certificate_keeper::read_that_of_clients_again() {
  auto layering = make_layering(chosen_);
  if (const auto* problem = std::get_if<std::string>(&layering)) {
    log_->error("certificate not renewed, the old one stays: {}", *problem);
    return;
  }
  layers_ = std::get<listener_layering>(std::move(layering));
  layers_.log_certificate(*log_);
  for (std::size_t i = 0; i < all_.gateways.size(); ++i)
    if (auto renewed = layers_.of(chosen_.listeners[all_.listener_of(i)]))
      placement::renew_layers(all_.gateways[i], std::move(renewed));
  log_->info("certificate read again, for connections to come");
}

void certificate_keeper::read_that_of_links_again() {
  auto loaded = load_link_certificate(chosen_.cluster);
  if (const auto* problem = std::get_if<std::string>(&loaded)) {
    log_->error("cluster: certificate not renewed, the old one stays: {}", *problem);
    return;
  }
  context_ = std::get<mutual_tls_ptr>(std::move(loaded));
  log_end_of_link_certificate(*context_, chosen_.cluster, *log_);
  placement::renew_context(links_, context_);
  log_->info("cluster: certificate read again, for links to come");
}

}  // namespace confab::server
