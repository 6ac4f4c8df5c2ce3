#pragma once

#include "io/net/layers/ip_network.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 calls it so.
class App;
}  // namespace CLI

/// What the person who starts the server may choose of what carries its connections.
namespace confab::server {

struct layer_options {
  std::string certificate_file;          ///< Empty: no listener is encrypted.
  std::string key_file;                  ///< Empty likewise.
  std::vector<std::string> web_origins;  ///< Whose pages may connect, beside our own; "*": all.
  std::vector<std::string> trusted_proxy_names;
  std::vector<ip_network> trusted_proxies;          ///< The same, understood.
  std::vector<std::string> proxy_header_listeners;  ///< Whose connections begin with PROXY.
};

/// Declares `--tls-certificate`, `--web-origin` and what belongs to them.
void declare_layer_options(CLI::App& app, layer_options& chosen);

/// Understands them. `listeners`: the names of all listeners that there are; `any_encrypted`:
/// whether one of them needs a certificate. Returns what is wrong, in one line; nothing: they are
/// right.
std::optional<std::string> complete(layer_options& chosen,
                                    const std::vector<std::string>& listeners, bool any_encrypted);

}  // namespace confab::server
