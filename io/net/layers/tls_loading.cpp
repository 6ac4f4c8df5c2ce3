// How a context gets its certificates from files.

#include "io/net/layers/tls_context.hpp"
#include "io/net/layers/tls_files.hpp"

#include <cerrno>
#include <ctime>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <utility>

namespace confab {

namespace {

std::chrono::sys_seconds end_of(const X509* certificate) {
  std::tm parts{};
  if (::ASN1_TIME_to_tm(::X509_get0_notAfter(certificate), &parts) != 1)
    return {};
  return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&parts)}};
}

std::vector<std::string> warnings_about(const std::vector<certificate_ptr>& chain,
                                        const std::string& path) {
  std::vector<std::string> result;
  auto* own = chain.front().get();
  if (::X509_cmp_current_time(::X509_get0_notAfter(own)) < 0)
    result.push_back("the certificate in " + path + " has expired: clients will refuse it");
  if (::X509_cmp_current_time(::X509_get0_notBefore(own)) > 0)
    result.push_back("the certificate in " + path + " is not valid yet: is the clock right?");
  if (::X509_self_signed(own, 0) == 1)
    result.push_back("the certificate in " + path +
                     " is signed by itself: clients have to be told to trust it");
  else if (chain.size() == 1)
    result.push_back("the file " + path +
                     " has no chain: clients may not find who signed the certificate; append the "
                     "certificates in between ('fullchain')");
  return result;
}

/// Takes the certificates over; false if OpenSSL refuses one.
bool use_chain(SSL_CTX* context, const std::vector<certificate_ptr>& chain) {
  if (::SSL_CTX_use_certificate(context, chain.front().get()) != 1)
    return false;
  for (auto each = chain.begin() + 1; each != chain.end(); ++each)
    if (SSL_CTX_add1_chain_cert(context, each->get()) != 1)
      return false;
  return true;
}

}  // namespace

/// Fills contexts before anybody shares them.
class tls_loader {
 public:
  static tls_loading server(const std::string& certificate_file, const std::string& key_file,
                            const protocol_names& protocols) {
    const std::string where_from = "scripts/make-certificate makes a first certificate and key";
    auto chain = read_certificates(certificate_file, where_from);
    if (auto* problem = std::get_if<std::string>(&chain))
      return std::move(*problem);
    auto key = read_private_key(key_file, where_from);
    if (auto* problem = std::get_if<std::string>(&key))
      return std::move(*problem);
    const auto& certificates = std::get<0>(chain);
    if (::X509_check_private_key(certificates.front().get(), std::get<0>(key).get()) != 1) {
      ::ERR_clear_error();
      return "the key in " + key_file + " does not belong to the first certificate in " +
             certificate_file + ": give the key that it was made with, and put the server's own " +
             "certificate first";
    }
    auto result = std::make_shared<tls_context>(tls_context::side::server, protocols);
    auto* native = result->native();
    if (!use_chain(native, certificates) ||
        ::SSL_CTX_use_PrivateKey(native, std::get<0>(key).get()) != 1) {
      ::ERR_clear_error();
      return "the key of the certificate in " + certificate_file +
             " is too weak or of an unknown kind: scripts/make-certificate makes a good one";
    }
    result->not_after_ = end_of(certificates.front().get());
    result->warnings_ = warnings_about(certificates, certificate_file);
    return tls_context_ptr{std::move(result)};
  }

  static tls_loading client(const std::string& trusted_file, const protocol_names& protocols) {
    auto result = std::make_shared<tls_context>(tls_context::side::client, protocols);
    auto* native = result->native();
    if (trusted_file.empty()) {
      ::SSL_CTX_set_default_verify_paths(native);
      ::ERR_clear_error();
      return tls_context_ptr{std::move(result)};
    }
    auto trusted = read_certificates(trusted_file, {});
    if (auto* problem = std::get_if<std::string>(&trusted))
      return std::move(*problem);
    auto* store = ::SSL_CTX_get_cert_store(native);
    for (const auto& each : std::get<0>(trusted))
      ::X509_STORE_add_cert(store, each.get());
    // The file may hold the server's own certificate: whoever names it trusts it.
    ::X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    ::ERR_clear_error();
    return tls_context_ptr{std::move(result)};
  }
};

tls_loading load_tls_server(const std::string& certificate_file, const std::string& key_file,
                            const protocol_names& protocols) {
  return tls_loader::server(certificate_file, key_file, protocols);
}

tls_loading load_tls_client(const std::string& trusted_file, const protocol_names& protocols) {
  return tls_loader::client(trusted_file, protocols);
}

}  // namespace confab
