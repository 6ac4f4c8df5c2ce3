#pragma once

#include "io/net/layers/tls_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <string>
#include <utility>
#include <variant>

/// Contexts of TLS with certificates that were made for a test.
namespace confab::test {

inline tls_context_ptr loaded(tls_loading outcome) {
  if (const auto* problem = std::get_if<std::string>(&outcome))
    FAIL(*problem);
  return std::get<tls_context_ptr>(std::move(outcome));
}

/// A server's context with this identity, and those behind it in the file.
inline tls_context_ptr server_with(const identity& own, const std::string& chain = {},
                                   const protocol_names& protocols = {"irc", "http/1.1"}) {
  const temporary_folder folder;
  const auto certificate = folder.write("server.crt", pem_of(own.certificate) + chain);
  return loaded(
      load_tls_server(certificate, folder.write("server.key", pem_of(own.key)), protocols));
}

inline tls_context_ptr client_trusting(const identity& authority,
                                       const protocol_names& protocols = {}) {
  const temporary_folder folder;
  return loaded(load_tls_client(folder.write("ca.crt", pem_of(authority.certificate)), protocols));
}

}  // namespace confab::test
