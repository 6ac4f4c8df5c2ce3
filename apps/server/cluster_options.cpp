#include "apps/server/cluster_options.hpp"

#include "actors/node_nick.hpp"
#include "io/cluster/loopback.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

namespace confab::server {

namespace {

constexpr std::size_t host_bytes_max = 255;

/// The same as for scripts/make-certificate, whose authority has the files that a node `ca` would
/// have.
bool is_node_name(std::string_view text) {
  return !text.empty() && text.size() <= node_name_bytes_max && text.front() != '-' &&
         text != "ca" && std::all_of(text.begin(), text.end(), [](char byte) {
           return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
         });
}

std::string no_node_name(const std::string& option, std::string_view text) {
  return option + ": '" + std::string{text} + "' is no name for a node: 1 to " +
         std::to_string(node_name_bytes_max) +
         " characters of a-z, 0-9 and -, which is not the first; and not 'ca', as the files of the "
         "authority are called";
}

/// A host and a port.
struct place {
  std::string host;
  std::uint16_t port = 0;
};

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, port);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end)
    return std::nullopt;
  return port;
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= host_bytes_max &&
         std::all_of(text.begin(), text.end(), [](unsigned char byte) {
           return byte > ' ' && byte < 0x7F && byte != '[' && byte != ']' && byte != '/';
         });
}

/// "host:port", "10.0.0.1:port" or "[::1]:port".
std::optional<place> place_in(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  const auto port = port_in(text.substr(colon + 1));
  auto host = text.substr(0, colon);
  const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_bracketed)
    host = host.substr(1, host.size() - 2);
  const bool has_colon = host.find(':') != std::string_view::npos;
  if (!port || !is_host(host) || is_bracketed != has_colon)
    return std::nullopt;
  return place{std::string{host}, *port};
}

constexpr auto place_example = "such as 10.0.0.1:7400, [fd00::1]:7400 or north.example.org:7400";

std::optional<std::string> add_peer(cluster_options& chosen, const std::string& text) {
  const std::string option = "--peer " + text;
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    return option + ": a peer is NAME=HOST:PORT, such as south=10.0.0.2:7400";
  const auto name = text.substr(0, equals);
  if (!is_node_name(name))
    return no_node_name(option, name);
  if (name == chosen.node)
    return option + ": '" + name + "' is the name of this node (--node)";
  const auto has_name = [&name](const cluster_peer& each) { return each.name == name; };
  if (std::any_of(chosen.peers.begin(), chosen.peers.end(), has_name))
    return option + ": there is a peer '" + name + "' already";
  const auto where = place_in(std::string_view{text}.substr(equals + 1));
  if (!where || where->port == 0)
    return option + ": '" + text.substr(equals + 1) + "' is no host with a port, " + place_example;
  if (chosen.peers.size() == cluster_peers_max)
    return option + ": a node has " + std::to_string(cluster_peers_max) + " peers at most";
  chosen.peers.push_back({name, where->host, where->port});
  return std::nullopt;
}

std::optional<std::string> problem_of_files(const mutual_tls_files& files) {
  const std::pair<const char*, const std::string*> all[] = {
      {"--cluster-certificate", &files.certificate},
      {"--cluster-key", &files.key},
      {"--cluster-ca", &files.authority}};
  const auto given = std::count_if(std::begin(all), std::end(all),
                                   [](const auto& each) { return !each.second->empty(); });
  if (given == 0)
    return std::nullopt;
  for (const auto& [option, file] : all)
    if (file->empty())
      return std::string{option} + " is missing: links are encrypted with a certificate, its key " +
             "and the cluster's authority; 'scripts/make-certificate --cluster' makes all three";
  return std::nullopt;
}

/// BASP, which the nodes speak, believes whatever it is told.
std::optional<std::string> problem_of_trust(const cluster_options& chosen) {
  if (chosen.is_encrypted())
    return std::nullopt;
  const std::string cure =
      " without TLS: whoever reaches the port could take over or end the server; give "
      "--cluster-certificate, --cluster-key and --cluster-ca ('scripts/make-certificate "
      "--cluster' makes them), or a loopback address such as 127.0.0.1";
  if (!is_loopback_host(chosen.bind_host))
    return "--cluster: '" + chosen.address + "' is no loopback address, and is not opened" + cure;
  for (const auto& each : chosen.peers)
    if (!is_loopback_host(each.host))
      return "--peer: '" + each.host + "' is no loopback address, and is not dialled" + cure;
  return std::nullopt;
}

bool has_any(const cluster_options& chosen) {
  return !chosen.address.empty() || !chosen.peer_texts.empty() ||
         !chosen.files.certificate.empty() || !chosen.files.key.empty() ||
         !chosen.files.authority.empty();
}

}  // namespace

void declare_cluster_options(CLI::App& app, cluster_options& chosen) {
  app.add_option("--node", chosen.node,
                 "Be the node of this name in a cluster: 1 to 20 characters of a-z, 0-9 and -, "
                 "which is not the first; and not ca")
      ->type_name("NAME");
  app.add_option("--cluster", chosen.address,
                 "Listen here for the other nodes of the cluster, for example 10.0.0.1:7400; port "
                 "0 takes a free one")
      ->type_name("ADDRESS:PORT");
  app.add_option("--peer", chosen.peer_texts,
                 "Another node of the cluster, for example south=10.0.0.2:7400; one option for "
                 "each, 7 at most")
      ->type_name("NAME=HOST:PORT")
      ->allow_extra_args(false);
  app.add_option("--cluster-certificate", chosen.files.certificate,
                 "PEM file with the certificate that this node shows to others; SIGHUP reads it "
                 "again, with its key and the authority")
      ->type_name("FILE");
  app.add_option("--cluster-key", chosen.files.key, "PEM file with the key of that certificate")
      ->type_name("FILE");
  app.add_option("--cluster-ca", chosen.files.authority,
                 "PEM file with the certificate of the authority that has signed those of all "
                 "nodes: whoever has one signed by it is trusted")
      ->type_name("FILE");
}

std::optional<std::string> complete(cluster_options& chosen) {
  if (chosen.node.empty())
    return has_any(chosen) ? std::optional<std::string>{"--node is missing: a node of a cluster "
                                                        "needs a name"}
                           : std::nullopt;
  if (!is_node_name(chosen.node))
    return no_node_name("--node", chosen.node);
  if (chosen.address.empty())
    return "--cluster is missing: the other nodes need an address and a port to reach this one";
  const auto where = place_in(chosen.address);
  if (!where)
    return "--cluster: '" + chosen.address + "' is no address with a port, " + place_example;
  chosen.bind_host = where->host;
  chosen.bind_port = where->port;
  for (const auto& each : chosen.peer_texts)
    if (auto problem = add_peer(chosen, each))
      return problem;
  if (chosen.peers.empty())
    return "--peer is missing: a cluster has at least two nodes";
  if (auto problem = problem_of_files(chosen.files))
    return problem;
  return problem_of_trust(chosen);
}

}  // namespace confab::server
