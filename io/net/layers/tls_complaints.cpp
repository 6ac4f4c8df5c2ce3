#include "io/net/layers/tls_complaints.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace confab {

namespace {

struct reason_text {
  int reason;
  const char* text;
};

// An alert that the peer sent has a reason of its own.
constexpr int from_peer(int alert) {
  return SSL_AD_REASON_OFFSET + alert;
}

constexpr auto old_version = "the peer offers no version of TLS from 1.2 on";
constexpr auto bad_record = "a TLS record is damaged";
constexpr auto no_suite = "no cipher suite in common: the peer offers only old ones";
constexpr auto distrusted = "the peer does not trust our certificate";

constexpr std::array reason_texts{
    reason_text{SSL_R_UNSUPPORTED_PROTOCOL, old_version},
    reason_text{SSL_R_VERSION_TOO_LOW, old_version},
    reason_text{SSL_R_UNKNOWN_PROTOCOL, old_version},
    reason_text{SSL_R_NO_SHARED_CIPHER, no_suite},
    reason_text{SSL_R_NO_CIPHERS_SPECIFIED, no_suite},
    reason_text{SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
                "no signature algorithm in common with the peer"},
    reason_text{SSL_R_NO_SUITABLE_KEY_SHARE, "no group for the exchange of keys in common"},
    reason_text{SSL_R_NO_SHARED_GROUPS, "no group for the exchange of keys in common"},
    reason_text{SSL_R_NO_APPLICATION_PROTOCOL, "no application protocol (ALPN) in common"},
    reason_text{SSL_R_WRONG_VERSION_NUMBER, bad_record},
    reason_text{SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, bad_record},
    reason_text{SSL_R_BAD_RECORD_TYPE, bad_record},
    reason_text{SSL_R_PACKET_LENGTH_TOO_LONG, bad_record},
    reason_text{SSL_R_ENCRYPTED_LENGTH_TOO_LONG, bad_record},
    reason_text{SSL_R_DATA_LENGTH_TOO_LONG, bad_record},
    reason_text{SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, "the peer shows no certificate"},
    reason_text{SSL_R_NO_RENEGOTIATION, "the peer asks for a renegotiation, which is not done"},
    reason_text{from_peer(SSL_AD_PROTOCOL_VERSION),
                "the peer speaks no version of TLS from 1.2 on"},
    reason_text{from_peer(SSL_AD_HANDSHAKE_FAILURE), "no cipher suite in common with the peer"},
    reason_text{from_peer(SSL_AD_NO_APPLICATION_PROTOCOL),
                "no application protocol (ALPN) in common with the peer"},
    reason_text{from_peer(SSL_AD_UNKNOWN_CA), "the peer does not know who signed our certificate"},
    reason_text{from_peer(SSL_AD_CERTIFICATE_EXPIRED), "the peer finds our certificate expired"},
    reason_text{from_peer(SSL_AD_BAD_CERTIFICATE), distrusted},
    reason_text{from_peer(SSL_AD_UNSUPPORTED_CERTIFICATE), distrusted},
    reason_text{from_peer(SSL_AD_CERTIFICATE_REVOKED), distrusted},
    reason_text{from_peer(SSL_AD_CERTIFICATE_UNKNOWN), distrusted},
    reason_text{from_peer(SSL_AD_DECRYPT_ERROR), distrusted},
    reason_text{from_peer(SSL_AD_CERTIFICATE_REQUIRED),
                "the peer wants a certificate, and got none"},
    reason_text{from_peer(SSL_AD_BAD_RECORD_MAC), "the peer got a damaged TLS record"},
};

struct verification_row {
  int reason;
  tls_failure failure;
  const char* text;
};

constexpr auto unknown_authority =
    "the server's certificate was signed by an authority that is not known here";

constexpr std::array verification_rows{
    verification_row{X509_V_ERR_CERT_HAS_EXPIRED, tls_failure::certificate_expired,
                     "the server's certificate has expired"},
    verification_row{X509_V_ERR_CERT_NOT_YET_VALID, tls_failure::certificate_not_yet_valid,
                     "the server's certificate is not valid yet"},
    verification_row{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, tls_failure::certificate_self_signed,
                     "the server's certificate is signed by itself: if it is the right one, trust "
                     "its file"},
    verification_row{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                     tls_failure::certificate_unknown_authority,
                     "the server's certificate was signed by an authority that is not trusted "
                     "here"},
    verification_row{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                     tls_failure::certificate_unknown_authority, unknown_authority},
    verification_row{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
                     tls_failure::certificate_unknown_authority, unknown_authority},
    verification_row{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
                     tls_failure::certificate_unknown_authority, unknown_authority},
    verification_row{X509_V_ERR_HOSTNAME_MISMATCH, tls_failure::certificate_for_other_host,
                     "the server's certificate is for another host than the one asked for"},
    verification_row{X509_V_ERR_IP_ADDRESS_MISMATCH, tls_failure::certificate_for_other_host,
                     "the server's certificate is for another address than the one asked for"},
};

template <class Table>
auto row_for(const Table& table, long reason) -> decltype(table.data()) {
  const auto* end = table.data() + table.size();
  const auto* found =
      std::find_if(table.data(), end, [&](const auto& row) { return row.reason == reason; });
  return found == end ? nullptr : found;
}

std::string verification_complaint(const ssl_st* connection) {
  const auto code = ::SSL_get_verify_result(connection);
  if (const auto* row = row_for(verification_rows, code))
    return row->text;
  return std::string{"the server's certificate is not valid: "} +
         ::X509_verify_cert_error_string(code);
}

/// What the thread's queue of errors says, which is empty then.
struct queued_errors {
  const char* known = nullptr;  ///< In words of ours.
  bool certificate_failed = false;
  unsigned long last = 0;
};

/// Errors of TLS itself count first. Those of ciphers and certificates, which have numbers of their
/// own, come before them, and OpenSSL 3.2 adds one behind them that says less.
queued_errors take_errors() {
  queued_errors result;
  while (const auto error = ::ERR_get_error()) {
    const bool is_of_tls = ERR_GET_LIB(error) == ERR_LIB_SSL;
    if (is_of_tls || result.last == 0)
      result.last = error;
    if (!is_of_tls)
      continue;
    const int reason = ERR_GET_REASON(error);
    result.certificate_failed |= reason == SSL_R_CERTIFICATE_VERIFY_FAILED;
    if (const auto* row = row_for(reason_texts, reason))
      result.known = row->text;
  }
  return result;
}

/// A client's first message is far smaller, even with large keys and an encrypted name.
constexpr std::size_t hello_bytes_max = 16UL * 1024;

/// A number of several bytes in the order of the network.
std::size_t number_in(std::string_view bytes) {
  std::size_t result = 0;
  for (const char each : bytes)
    result = result << 8U | static_cast<unsigned char>(each);
  return result;
}

/// `start` begins with the header of a record, of five bytes, and that of a message, of four.
/// OpenSSL takes as much memory as the message announces, before it comes.
std::string_view complaint_about_hello(std::string_view start) {
  constexpr std::size_t record_header_bytes = 5;
  constexpr std::size_t message_header_bytes = 4;
  if (start.size() < record_header_bytes)
    return {};
  const auto record_bytes = number_in(start.substr(3, 2));
  if (record_bytes < message_header_bytes)
    return "the first message of TLS is cut into records that are too small";
  if (record_bytes > SSL3_RT_MAX_PLAIN_LENGTH)
    return bad_record;
  if (start.size() < record_header_bytes + message_header_bytes)
    return {};
  return number_in(start.substr(6, 3)) > hello_bytes_max ? "the first message of TLS is too large"
                                                         : std::string_view{};
}

}  // namespace

std::string tls_complaint(const ssl_st* connection, bool is_server) {
  const auto errors = take_errors();
  if (!is_server && errors.certificate_failed)
    return verification_complaint(connection);
  if (errors.known != nullptr)
    return errors.known;
  const auto* words = ::ERR_reason_error_string(errors.last);
  return std::string{"TLS failed: "} + (words != nullptr ? words : "for an unknown reason");
}

tls_failure certificate_failure(const ssl_st* connection) {
  const auto code = ::SSL_get_verify_result(connection);
  if (code == X509_V_OK)
    return tls_failure::other;
  const auto* row = row_for(verification_rows, code);
  return row != nullptr ? row->failure : tls_failure::certificate_invalid;
}

std::string_view complaint_about_start(std::string_view start, bool is_server) {
  constexpr char alert = 21;
  constexpr char handshake = 22;
  constexpr char major_version = 3;
  const char first = start.front();
  const bool is_tls =
      (first == handshake || first == alert) && (start.size() < 2 || start[1] == major_version);
  if (is_tls)
    return is_server && first == handshake ? complaint_about_hello(start) : std::string_view{};
  if (!is_server)
    return "the server does not speak TLS on this port";
  const bool is_text = first == ':' || first == '\r' || first == '\n' ||
                       (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
  return is_text ? "an HTTP request or an IRC line in the clear on a port for TLS"
                 : "the first bytes are not the start of TLS";
}

}  // namespace confab
