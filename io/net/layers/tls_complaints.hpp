#pragma once

#include "io/net/layers/tls_failure.hpp"

#include <string>
#include <string_view>

struct ssl_st;

/// What is told of a TLS connection that failed.
namespace confab {

/// One plain line about the error that OpenSSL has queued in this thread; empties the queue.
std::string tls_complaint(const ssl_st* connection, bool is_server);

/// What a client whose handshake failed finds wrong with the server's certificate; `other` if it
/// failed for another reason.
tls_failure certificate_failure(const ssl_st* connection);

/// What is wrong with the first bytes that a peer says, or nothing: what speaks another protocol
/// is recognised here, and a first message so large that nobody means it. `start` is the first
/// bytes so far, from 1 to 9.
std::string_view complaint_about_start(std::string_view start, bool is_server);

}  // namespace confab
