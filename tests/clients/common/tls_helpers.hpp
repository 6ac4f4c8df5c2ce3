#pragma once

#include "tests/clients/common/helpers.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tls_contexts.hpp"
#include "tests/support/tls_peer.hpp"

#include <string>
#include <vector>

namespace confab::test {

/// A server's certificate, and the file that makes clients trust it.
struct trusted_server {
  explicit trusted_server(const certificate_plan& plan = {}) : own(make_identity(plan)) {}

  identity own;
  temporary_folder folder;
  std::string file = folder.write("ca.crt", pem_of(own.certificate));
  tls_context_ptr context = server_with(own);
};

/// The arguments of a program that connects to `host`, by the name of the program.
inline std::vector<std::string> arguments_of(const std::string& program, const std::string& host,
                                             const std::string& port) {
  if (program == "client")
    return {"Alice", host, port};
  if (program == "receiver")
    return {host, port, "alice", "cafe"};
  return {host, port, "alice"};
}

inline std::vector<std::string> joined(std::vector<std::string> front,
                                       const std::vector<std::string>& behind) {
  front.insert(front.end(), behind.begin(), behind.end());
  return front;
}

}  // namespace confab::test
