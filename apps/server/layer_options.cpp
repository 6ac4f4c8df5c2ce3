#include "apps/server/layer_options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace confab::server {

namespace {

/// "https://chat.example.org", "http://localhost:8080", or "*": what a browser sends, to the byte.
bool is_origin(const std::string& text) {
  const auto begin = text.find("://");
  return text == "*" || (begin != std::string::npos && begin > 0 && begin + 3 < text.size() &&
                         text.find_first_of("/ \t", begin + 3) == std::string::npos);
}

std::optional<std::string> problem_of_certificate(const layer_options& chosen, bool any_encrypted) {
  if (chosen.certificate_file.empty() != chosen.key_file.empty())
    return chosen.key_file.empty() ? "--tls-key is missing: a certificate needs its key"
                                   : "--tls-certificate is missing: a key needs its certificate";
  if (any_encrypted && chosen.certificate_file.empty())
    return "--tls-certificate and --tls-key are missing: an encrypted port needs both; "
           "scripts/make-certificate makes a first pair";
  if (!any_encrypted && !chosen.certificate_file.empty())
    return "--tls-certificate: no port is encrypted, for example by --irc-tls or --web-tls";
  return std::nullopt;
}

}  // namespace

void declare_layer_options(CLI::App& app, layer_options& chosen) {
  app.add_option("--tls-certificate", chosen.certificate_file,
                 "PEM file with the certificate of the encrypted ports, behind it those that lead "
                 "to a known one; SIGHUP reads it again")
      ->type_name("FILE");
  app.add_option("--tls-key", chosen.key_file, "PEM file with the key of the certificate")
      ->type_name("FILE");
  app.add_option("--web-origin", chosen.web_origins,
                 "Let pages of this origin connect, too, for example https://chat.example.org; *: "
                 "all (default: only the server's own)")
      ->type_name("ORIGIN");
  app.add_option("--trusted-proxy", chosen.trusted_proxy_names,
                 "Believe proxies of this network whose connections they forward, for example "
                 "10.0.0.0/8 (default: nobody)")
      ->type_name("NETWORK");
  app.add_option("--proxy-protocol", chosen.proxy_header_listeners,
                 "Connections of this listener, for example irc-tls, come from a trusted proxy and "
                 "begin with the header of the PROXY protocol")
      ->type_name("LISTENER");
}

std::optional<std::string> complete(layer_options& chosen,
                                    const std::vector<std::string>& listeners, bool any_encrypted) {
  for (const auto& each : chosen.web_origins)
    if (!is_origin(each))
      return "--web-origin: '" + each +
             "' is not an origin, such as https://chat.example.org, or *";
  for (const auto& each : chosen.trusted_proxy_names) {
    const auto network = ip_network::parse(each);
    if (!network)
      return "--trusted-proxy: '" + each + "' is not a network, such as 10.0.0.0/8 or ::1";
    chosen.trusted_proxies.push_back(*network);
  }
  for (const auto& each : chosen.proxy_header_listeners)
    if (std::find(listeners.begin(), listeners.end(), each) == listeners.end())
      return "--proxy-protocol: there is no listener '" + each + "'";
  if (!chosen.proxy_header_listeners.empty() && chosen.trusted_proxies.empty())
    return "--trusted-proxy is missing: --proxy-protocol believes nobody without it";
  return problem_of_certificate(chosen, any_encrypted);
}

}  // namespace confab::server
