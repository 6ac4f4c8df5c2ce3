#pragma once

#include "io/net/layers/mutual_tls.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <memory>
#include <openssl/ssl.h>
#include <utility>
#include <variant>

namespace confab::test {

/// Whoever signs the certificates of a cluster, and contexts with what it has signed.
class cluster_authority {
 public:
  /// A certificate that the authority has signed.
  identity sign(certificate_plan plan = {.name = "node"}) const {
    return make_identity(plan, &own_);
  }

  /// A context that trusts this authority and shows this certificate, however bad it is; null:
  /// none.
  mutual_tls_ptr context(const identity* shown) const {
    auto* result = ::SSL_CTX_new(::TLS_method());
    ::SSL_CTX_set_min_proto_version(result, TLS1_3_VERSION);
    ::SSL_CTX_set_num_tickets(result, 0);
    ::SSL_CTX_set_mode(result, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    ::SSL_CTX_set_verify(result, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    ::X509_STORE_add_cert(::SSL_CTX_get_cert_store(result), own_.certificate.get());
    if (shown != nullptr) {
      ::SSL_CTX_use_certificate(result, shown->certificate.get());
      ::SSL_CTX_use_PrivateKey(result, shown->key.get());
    }
    return std::make_shared<const mutual_tls>(result, std::chrono::sys_seconds{});
  }

  /// As a node loads it from its files.
  mutual_tls_ptr loaded() const {
    const auto own = sign();
    const temporary_folder folder;
    auto result = load_mutual_tls({folder.write("node.crt", pem_of(own.certificate)),
                                   folder.write("node.key", pem_of(own.key)),
                                   folder.write("ca.crt", pem_of(own_.certificate))});
    return std::get<mutual_tls_ptr>(std::move(result));
  }

 private:
  identity own_ =
      make_identity({.name = "Confab cluster", .alternatives = "", .is_authority = true});
};

}  // namespace confab::test
