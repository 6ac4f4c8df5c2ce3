#pragma once

namespace confab {

/// Why the side of a client gave up a TLS connection, for whoever tells the user what to do. The
/// layer's complaint says the same in words for a log.
enum class tls_failure {
  none,
  not_tls,  ///< The server speaks something else.
  certificate_expired,
  certificate_not_yet_valid,
  certificate_self_signed,        ///< And nobody said that it is to be trusted.
  certificate_unknown_authority,  ///< It was signed by somebody who is not trusted.
  certificate_for_other_host,
  certificate_invalid,  ///< In another way.
  other,
};

}  // namespace confab
