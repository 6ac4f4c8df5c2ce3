#include "apps/clients/common/tls_refusal.hpp"

#include "io/net/layers/tls_layer.hpp"

namespace confab::client {
namespace {

std::string self_signed(const tls_choice& tls) {
  return tls.trusted_file.empty() ? " is signed by itself; trust it with --ca FILE"
                                  : " is signed by itself and not in " + tls.trusted_file +
                                        "; trust it with --ca and its own file";
}

std::string unknown_authority(const tls_choice& tls) {
  return tls.trusted_file.empty()
             ? " was signed by an authority that is not known here; trust that with --ca FILE"
             : " was signed by an authority that is not in " + tls.trusted_file +
                   "; trust that with --ca and its file";
}

}  // namespace

std::string tls_refusal(const tls_layer& layer, const server_address& server,
                        const tls_choice& tls) {
  const auto certificate = "the certificate of " + server.host;
  switch (layer.failure()) {
    case tls_failure::not_tls:
      return name_of(server) + " does not speak TLS; leave --tls out, or give an encrypted port";
    case tls_failure::certificate_expired:
      return certificate + " has expired; ask for a new one, or check the clock of this machine";
    case tls_failure::certificate_not_yet_valid:
      return certificate + " is not valid yet; check the clock of this machine";
    case tls_failure::certificate_self_signed:
      return certificate + self_signed(tls);
    case tls_failure::certificate_unknown_authority:
      return certificate + unknown_authority(tls);
    case tls_failure::certificate_for_other_host:
      return certificate + " is for another host; give the name that it was made for";
    case tls_failure::none:
    case tls_failure::certificate_invalid:
    case tls_failure::other:
      break;
  }
  return "no TLS with " + name_of(server) + ": " + std::string(layer.complaint());
}

}  // namespace confab::client
