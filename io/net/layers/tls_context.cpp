#include "io/net/layers/tls_context.hpp"

#include "io/net/layers/tls_wire.hpp"

#include <cassert>
#include <new>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace confab {

namespace {

// AES with 128 bits first: as safe for all that is known, and the quickest.
constexpr auto suites_of_tls_1_3 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto suites_of_tls_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

// ALPN sends each name behind one byte, its length.
std::string alpn_list(const protocol_names& names) {
  std::string result;
  for (const auto& name : names) {
    assert(!name.empty() && name.size() < 256);
    result += static_cast<char>(name.size());
    result += name;
  }
  return result;
}

const unsigned char* as_unsigned(const std::string& bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// The first of our protocols that the client offers. If it offers none of them it is told so,
/// since it would take our answers for those of another protocol (RFC 7301, 3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* ours) {
  const auto& known = *static_cast<const std::string*>(ours);
  unsigned char* found = nullptr;
  const int outcome = ::SSL_select_next_proto(
      &found, size, as_unsigned(known), static_cast<unsigned>(known.size()), offered, offered_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void set_rules(SSL_CTX* context) {
  ::SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  ::SSL_CTX_set_ciphersuites(context, suites_of_tls_1_3);
  ::SSL_CTX_set_cipher_list(context, suites_of_tls_1_2);
  ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Buffers go back while a connection is idle: 16 kB and more for each of thousands.
  ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // Tickets need no memory of ours.
}

}  // namespace

void tls_context::context_free::operator()(ssl_ctx_st* context) const noexcept {
  ::SSL_CTX_free(context);
}

void tls_context::method_free::operator()(bio_method_st* method) const noexcept {
  ::BIO_meth_free(method);
}

tls_context::tls_context(side which, const protocol_names& protocols)
    : side_(which),
      protocols_(alpn_list(protocols)),
      native_(::SSL_CTX_new(which == side::server ? TLS_server_method() : TLS_client_method())),
      wire_method_(make_wire_method()) {
  if (!native_ || !wire_method_)
    throw std::bad_alloc{};
  set_rules(native_.get());
  if (which == side::server) {
    static constexpr unsigned char name[] = "confab";
    ::SSL_CTX_set_session_id_context(native_.get(), name, sizeof name - 1);
    ::SSL_CTX_set_num_tickets(native_.get(), 1);
    if (!protocols_.empty())
      ::SSL_CTX_set_alpn_select_cb(native_.get(), choose_protocol, &protocols_);
    return;
  }
  ::SSL_CTX_set_verify(native_.get(), SSL_VERIFY_PEER, nullptr);
  if (!protocols_.empty())
    ::SSL_CTX_set_alpn_protos(native_.get(), as_unsigned(protocols_),
                              static_cast<unsigned>(protocols_.size()));
}

tls_context::~tls_context() = default;

}  // namespace confab
