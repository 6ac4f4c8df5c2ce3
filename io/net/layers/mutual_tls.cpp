#include "io/net/layers/mutual_tls.hpp"

#include "io/net/layers/openssl_handles.hpp"
#include "io/net/layers/tls_complaints.hpp"
#include "io/net/layers/tls_files.hpp"

#include <ctime>
#include <new>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <utility>
#include <vector>

namespace confab {

namespace {

using store_ptr = std::unique_ptr<X509_STORE, openssl_free<X509_STORE_free>>;
using verification_ptr = std::unique_ptr<X509_STORE_CTX, openssl_free<X509_STORE_CTX_free>>;
using context_ptr = std::unique_ptr<SSL_CTX, openssl_free<SSL_CTX_free>>;

/// What stands in the files.
struct file_contents {
  std::vector<certificate_ptr> own;
  key_ptr key;
  std::vector<certificate_ptr> authority;
};

template <class T>
T* present(T* object) {
  if (object == nullptr)
    throw std::bad_alloc{};
  return object;
}

std::chrono::sys_seconds end_of(const X509* certificate) {
  std::tm parts{};
  if (::ASN1_TIME_to_tm(::X509_get0_notAfter(certificate), &parts) != 1)
    return {};
  return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&parts)}};
}

/// Why a certificate is not accepted, as the rest of a sentence.
std::string words_for(long verification) {
  switch (verification) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "is not valid yet: is the clock right?";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "was not signed by the authority of this cluster";
    case X509_V_ERR_INVALID_PURPOSE:
      return "is not made for both sides of a connection: scripts/make-certificate --cluster makes "
             "one that is";
    default:
      return std::string{"is not valid: "} + ::X509_verify_cert_error_string(verification);
  }
}

/// What a node on the other side would find wrong with the certificate.
long verify(const file_contents& files, int purpose) {
  const store_ptr store{present(::X509_STORE_new())};
  for (const auto& each : files.authority)
    ::X509_STORE_add_cert(store.get(), each.get());
  const verification_ptr verification{present(::X509_STORE_CTX_new())};
  auto* between = present(sk_X509_new_null());
  for (std::size_t i = 1; i < files.own.size(); ++i)
    sk_X509_push(between, files.own[i].get());
  ::X509_STORE_CTX_init(verification.get(), store.get(), files.own.front().get(), between);
  ::X509_STORE_CTX_set_purpose(verification.get(), purpose);
  const bool valid = ::X509_verify_cert(verification.get()) == 1;
  const auto result = valid ? X509_V_OK : ::X509_STORE_CTX_get_error(verification.get());
  sk_X509_free(between);
  ::ERR_clear_error();
  return result;
}

using which_file = mutual_tls_problem::file;

std::variant<file_contents, mutual_tls_problem> read_files(const mutual_tls_files& files) {
  const std::string maker = "scripts/make-certificate --cluster makes ";
  auto own = read_certificates(files.certificate, maker + "it");
  if (auto* problem = std::get_if<std::string>(&own))
    return mutual_tls_problem{which_file::certificate, std::move(*problem)};
  auto key = read_private_key(files.key, maker + "it");
  if (auto* problem = std::get_if<std::string>(&key))
    return mutual_tls_problem{which_file::key, std::move(*problem)};
  auto authority = read_certificates(
      files.authority, maker + "it, once for all nodes: copy ca.crt from where it has made it");
  if (auto* problem = std::get_if<std::string>(&authority))
    return mutual_tls_problem{which_file::authority, std::move(*problem)};
  return file_contents{std::get<0>(std::move(own)), std::get<0>(std::move(key)),
                       std::get<0>(std::move(authority))};
}

/// Fills a context; false if OpenSSL does not like the certificate or the key.
bool fill(SSL_CTX* context, const file_contents& files) {
  ::SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  ::SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_num_tickets(context, 0);
  ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  auto* store = ::SSL_CTX_get_cert_store(context);
  for (const auto& each : files.authority)
    ::X509_STORE_add_cert(store, each.get());
  if (::SSL_CTX_use_certificate(context, files.own.front().get()) != 1 ||
      ::SSL_CTX_use_PrivateKey(context, files.key.get()) != 1)
    return false;
  for (std::size_t i = 1; i < files.own.size(); ++i)
    if (SSL_CTX_add1_chain_cert(context, files.own[i].get()) != 1)
      return false;
  return true;
}

constexpr bool dials(mutual_tls_session::side which) {
  return which == mutual_tls_session::side::dials;
}

}  // namespace

mutual_tls::mutual_tls(ssl_ctx_st* native, std::chrono::sys_seconds not_after)
    : native_(native), not_after_(not_after) {}

mutual_tls::~mutual_tls() {
  ::SSL_CTX_free(native_);
}

std::variant<mutual_tls_ptr, mutual_tls_problem> load_mutual_tls(const mutual_tls_files& files) {
  auto read = read_files(files);
  if (auto* problem = std::get_if<mutual_tls_problem>(&read))
    return std::move(*problem);
  const auto& contents = std::get<file_contents>(read);
  if (::X509_check_private_key(contents.own.front().get(), contents.key.get()) != 1) {
    ::ERR_clear_error();
    return mutual_tls_problem{
        which_file::key,
        "the key in " + files.key + " does not belong to the certificate in " + files.certificate};
  }
  for (const int purpose : {X509_PURPOSE_SSL_SERVER, X509_PURPOSE_SSL_CLIENT})
    if (const auto wrong = verify(contents, purpose); wrong != X509_V_OK)
      return mutual_tls_problem{
          which_file::certificate,
          "the certificate in " + files.certificate + " " + words_for(wrong) +
              (wrong == X509_V_ERR_CERT_HAS_EXPIRED || wrong == X509_V_ERR_CERT_NOT_YET_VALID
                   ? ""
                   : " (" + files.authority + ")")};
  context_ptr context{present(::SSL_CTX_new(::TLS_method()))};
  if (!fill(context.get(), contents)) {
    ::ERR_clear_error();
    return mutual_tls_problem{
        which_file::key,
        "the key of the certificate in " + files.certificate +
            " is too weak or of an unknown kind: scripts/make-certificate makes a good one"};
  }
  return std::make_shared<const mutual_tls>(context.release(), end_of(contents.own.front().get()));
}

mutual_tls_session::mutual_tls_session(mutual_tls_ptr context, int descriptor, side which)
    : context_(std::move(context)),
      side_(which),
      connection_(present(::SSL_new(context_->native()))) {
  ::SSL_set_fd(connection_, descriptor);
  if (dials(which))
    ::SSL_set_connect_state(connection_);
  else
    ::SSL_set_accept_state(connection_);
}

mutual_tls_session::~mutual_tls_session() {
  ::SSL_free(connection_);
}

/// The thread's queue of errors is OpenSSL's: it has to be empty before a call whose outcome is
/// asked for.
tls_step mutual_tls_session::shake_hands() {
  ::ERR_clear_error();
  return outcome_of(::SSL_do_handshake(connection_));
}

tls_step mutual_tls_session::listen() {
  char first = 0;
  ::ERR_clear_error();
  return outcome_of(::SSL_peek(connection_, &first, 1));
}

tls_step mutual_tls_session::read(char* to, std::size_t room, std::size_t& count) {
  ::ERR_clear_error();
  count = 0;
  return outcome_of(::SSL_read_ex(connection_, to, room, &count));
}

tls_step mutual_tls_session::write(const char* from, std::size_t size, std::size_t& count) {
  ::ERR_clear_error();
  count = 0;
  return outcome_of(::SSL_write_ex(connection_, from, size, &count));
}

std::size_t mutual_tls_session::pending() const {
  return static_cast<std::size_t>(::SSL_pending(connection_));
}

tls_step mutual_tls_session::outcome_of(int result) {
  if (result > 0)
    return tls_step::done;
  switch (::SSL_get_error(connection_, result)) {
    case SSL_ERROR_WANT_READ:
      return tls_step::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return tls_step::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      complaint_ = "the peer has closed the connection";
      break;
    default:
      if (const auto wrong = ::SSL_get_verify_result(connection_); wrong != X509_V_OK)
        complaint_ = "the peer's certificate " + words_for(wrong);
      else if (::ERR_peek_error() == 0)
        complaint_ = "the peer has cut the connection";
      else
        complaint_ = tls_complaint(connection_, !dials(side_));
  }
  ::ERR_clear_error();
  return tls_step::failed;
}

}  // namespace confab
