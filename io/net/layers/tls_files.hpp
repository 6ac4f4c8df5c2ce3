#pragma once

#include "io/net/layers/openssl_handles.hpp"

#include <string>
#include <variant>
#include <vector>

/// Certificates and keys in files. A failure is one line for whoever named the file: what is wrong
/// with it, and what to do.
namespace confab {

/// All certificates of a PEM file, in its order; at least one. `where_from` is said of a file that
/// is not there: how to come by one; empty: nothing.
std::variant<std::vector<certificate_ptr>, std::string> read_certificates(
    const std::string& path, const std::string& where_from);

/// The private key of a PEM file. One that is locked with a password is refused: a server that
/// starts by itself has nobody to ask.
std::variant<key_ptr, std::string> read_private_key(const std::string& path,
                                                    const std::string& where_from);

}  // namespace confab
