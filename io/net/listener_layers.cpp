#include "io/net/listener_layers.hpp"

#include "io/net/layers/layer_stack.hpp"
#include "io/net/layers/proxy_header.hpp"
#include "io/net/layers/tls_layer.hpp"
#include "io/net/layers/web_layer.hpp"

#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

namespace {

/// Whoever is no trusted proxy could say that it is anybody.
class stranger final : public byte_layer {
 public:
  layer_state take(std::string_view, layer_output&) override { return layer_state::broken; }
  layer_state end_of_input(layer_output&) override { return layer_state::finished; }
  void finish(std::string&) override {}
  std::string_view complaint() const override {
    return "it is no trusted proxy, and this listener takes no others (--trusted-proxy)";
  }
};

std::unique_ptr<byte_layer> stack(std::vector<std::unique_ptr<byte_layer>> layers) {
  if (layers.empty())
    return nullptr;
  if (layers.size() == 1)
    return std::move(layers.front());
  return std::make_unique<layer_stack>(std::move(layers));
}

}  // namespace

connection_layers listener_layers::make(const std::string& peer_address) const {
  std::vector<std::unique_ptr<byte_layer>> lower;
  if (demands_proxy_header) {
    if (!contain(trusted_proxies, peer_address))
      return {std::make_unique<stranger>(), nullptr};
    lower.push_back(std::make_unique<proxy_header>());
  }
  if (tls)
    lower.push_back(std::make_unique<tls_layer>(tls));
  connection_layers result{stack(std::move(lower)), nullptr};
  if (site)
    result.upper = std::make_unique<web_layer>(site, peer_address);
  return result;
}

std::int64_t listener_layers::certificate_ends_s() const {
  return tls ? tls->not_after().time_since_epoch().count() : 0;
}

}  // namespace confab
