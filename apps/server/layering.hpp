#pragma once

#include "apps/server/options.hpp"
#include "io/net/layers/web_site.hpp"
#include "io/net/listener_layers.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include <spdlog/fwd.h>

/// From options to the layers of listeners.
namespace confab::server {

/// What all listeners of the server pass their connections through. Made at the start, and again
/// when the certificate is to be read again.
class listener_layering {
 public:
  listener_layering(const options& chosen, tls_context_ptr encrypted);

  /// Null: none.
  listener_layers_ptr of(const listener& which) const;

  /// What the operator should know of the certificate: a line each.
  void log_certificate(spdlog::logger& log) const;

  /// That the certificate ends within 30 days, or has ended: one line, or nothing.
  void log_end_of_certificate(spdlog::logger& log) const;

 private:
  std::chrono::seconds seconds_left() const;

  layer_options chosen_;
  tls_context_ptr encrypted_;  ///< Null: no listener is encrypted.
  web_site_ptr site_;          ///< Null: there is no page.
};

/// Reads the certificate if there is one. Otherwise returns one line that says what is wrong.
std::variant<listener_layering, std::string> make_layering(const options& chosen);

}  // namespace confab::server
