#include "apps/server/layering.hpp"

#include "apps/server/page_files.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

namespace confab::server {

namespace {

/// From so long before its end on, a certificate is worth a line in the log.
constexpr std::chrono::days warning_span{30};

web_site_ptr make_site(const options& chosen) {
  const bool is_wanted = std::any_of(chosen.listeners.begin(), chosen.listeners.end(),
                                     [](const listener& each) { return each.is_web(); });
  if (!is_wanted)
    return nullptr;
  web_rules rules;
  rules.origins = chosen.layers.web_origins;
  rules.trusted_proxies = chosen.layers.trusted_proxies;
  return std::make_shared<const web_site>(page_files(), std::move(rules));
}

}  // namespace

listener_layering::listener_layering(const options& chosen, tls_context_ptr encrypted)
    : chosen_(chosen.layers), encrypted_(std::move(encrypted)), site_(make_site(chosen)) {}

listener_layers_ptr listener_layering::of(const listener& which) const {
  const auto& proxied = chosen_.proxy_header_listeners;
  listener_layers result;
  result.tls = which.is_encrypted() ? encrypted_ : nullptr;
  result.site = which.is_web() ? site_ : nullptr;
  result.demands_proxy_header =
      std::find(proxied.begin(), proxied.end(), which.name()) != proxied.end();
  result.trusted_proxies = chosen_.trusted_proxies;
  if (!result.tls && !result.site && !result.demands_proxy_header)
    return nullptr;
  return std::make_shared<const listener_layers>(std::move(result));
}

void listener_layering::log_certificate(spdlog::logger& log) const {
  if (!encrypted_)
    return;
  for (const auto& each : encrypted_->warnings())
    log.warn("certificate: {}", each);
  if (seconds_left() > std::chrono::seconds{0})
    log_end_of_certificate(log);
}

void listener_layering::log_end_of_certificate(spdlog::logger& log) const {
  if (!encrypted_ || seconds_left() >= warning_span)
    return;
  const auto days = std::chrono::duration_cast<std::chrono::days>(seconds_left()).count();
  const auto when =
      seconds_left() > std::chrono::seconds{0} ? fmt::format("ends in {} days", days) : "has ended";
  log.warn("certificate: {} {}; put a new one there and send SIGHUP", chosen_.certificate_file,
           when);
}

std::chrono::seconds listener_layering::seconds_left() const {
  return std::chrono::duration_cast<std::chrono::seconds>(encrypted_->not_after() -
                                                          std::chrono::system_clock::now());
}

std::variant<listener_layering, std::string> make_layering(const options& chosen) {
  if (chosen.layers.certificate_file.empty())
    return listener_layering{chosen, nullptr};
  auto loaded = load_tls_server(chosen.layers.certificate_file, chosen.layers.key_file);
  if (auto* problem = std::get_if<std::string>(&loaded))
    return std::move(*problem);
  return listener_layering{chosen, std::get<tls_context_ptr>(std::move(loaded))};
}

}  // namespace confab::server
