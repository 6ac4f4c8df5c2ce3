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
    reason_text{from_peer(SSL_AD_BAD_RECORD_MAC), "the peer got a damaged TLS record"},
};

constexpr std::array verification_texts{
    reason_text{X509_V_ERR_CERT_HAS_EXPIRED, "the server's certificate has expired"},
    reason_text{X509_V_ERR_CERT_NOT_YET_VALID, "the server's certificate is not valid yet"},
    reason_text{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                "the server's certificate is signed by itself: if it is the right one, trust its "
                "file"},
    reason_text{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                "the server's certificate was signed by an authority that is not trusted here"},
    reason_text{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                "the server's certificate was signed by an authority that is not known here"},
    reason_text{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
                "the server's certificate was signed by an authority that is not known here"},
    reason_text{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
                "the server's certificate was signed by an authority that is not known here"},
    reason_text{X509_V_ERR_HOSTNAME_MISMATCH,
                "the server's certificate is for another host than the one asked for"},
    reason_text{X509_V_ERR_IP_ADDRESS_MISMATCH,
                "the server's certificate is for another address than the one asked for"},
};

template <std::size_t N>
const char* text_for(const std::array<reason_text, N>& table, int reason) {
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const auto& row) { return row.reason == reason; });
  return found == table.end() ? nullptr : found->text;
}

std::string verification_complaint(const ssl_st* connection) {
  const auto code = ::SSL_get_verify_result(connection);
  if (const auto* text = text_for(verification_texts, static_cast<int>(code)))
    return text;
  return std::string{"the server's certificate is not valid: "} +
         ::X509_verify_cert_error_string(code);
}

/// A client's first message is far smaller, even with large keys and an encrypted name.
constexpr std::size_t hello_bytes_max = 16UL * 1024;

std::size_t announced_bytes(std::string_view start) {
  const auto at = [&](std::size_t index) {
    return static_cast<std::size_t>(static_cast<unsigned char>(start[index]));
  };
  return at(6) << 16U | at(7) << 8U | at(8);
}

}  // namespace

std::string tls_complaint(const ssl_st* connection, bool is_server) {
  const auto error = ::ERR_get_error();
  ::ERR_clear_error();
  const int reason = ERR_GET_REASON(error);
  if (!is_server && reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return verification_complaint(connection);
  if (const auto* text = text_for(reason_texts, reason))
    return text;
  const auto* words = ::ERR_reason_error_string(error);
  return std::string{"TLS failed: "} + (words != nullptr ? words : "for an unknown reason");
}

std::string_view complaint_about_start(std::string_view start, bool is_server) {
  constexpr char alert = 21;
  constexpr char handshake = 22;
  const char first = start.front();
  if (first != handshake && first != alert) {
    if (!is_server)
      return "the server does not speak TLS on this port";
    const bool is_text = first == ':' || first == '\r' || first == '\n' ||
                         (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
    return is_text ? "an HTTP request or an IRC line in the clear on a port for TLS"
                   : "the first byte is not the start of TLS";
  }
  // OpenSSL takes as much memory as is announced, before it comes.
  if (is_server && first == handshake && start.size() >= 9 &&
      announced_bytes(start) > hello_bytes_max)
    return "the first message of TLS is too large";
  return {};
}

}  // namespace confab
