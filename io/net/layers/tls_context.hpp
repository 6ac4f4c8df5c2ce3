#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

struct bio_method_st;
struct ssl_ctx_st;

/// What the TLS connections of a listener, or of a client, have in common.
namespace confab {

/// The protocols that the two sides of a connection choose from (ALPN), the preferred one first.
using protocol_names = std::vector<std::string>;

/// A certificate and the rules of TLS, read once and never changed: connections share it. Another
/// one can take its place for later connections while old ones live on.
///
/// TLS 1.2 and up; only suites with ephemeral keys that authenticate what they encrypt; no
/// renegotiation, no compression. A client may resume its session by a ticket: the server remembers
/// nothing. A ticket is good for the context that gave it.
class tls_context {
 public:
  enum class side { server, client };

  /// Without a certificate, and trusting nobody. Use `load_tls_server` and `load_tls_client`.
  tls_context(side which, const protocol_names& protocols);
  ~tls_context();
  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;

  bool is_server() const { return side_ == side::server; }

  /// When the server's certificate ends to be valid.
  std::chrono::sys_seconds not_after() const { return not_after_; }

  /// What an operator should know about the certificate although it can be used: a line each.
  const std::vector<std::string>& warnings() const { return warnings_; }

  /// For the layers of TLS. OpenSSL's counts in it are its own affair.
  ssl_ctx_st* native() const { return native_.get(); }
  bio_method_st* wire_method() const { return wire_method_.get(); }

 private:
  friend class tls_loader;

  struct context_free {
    void operator()(ssl_ctx_st* context) const noexcept;
  };
  struct method_free {
    void operator()(bio_method_st* method) const noexcept;
  };

  side side_;
  std::string protocols_;  ///< As ALPN sends them: each behind its length.
  std::unique_ptr<ssl_ctx_st, context_free> native_;
  std::unique_ptr<bio_method_st, method_free> wire_method_;
  std::chrono::sys_seconds not_after_{};
  std::vector<std::string> warnings_;
};

using tls_context_ptr = std::shared_ptr<const tls_context>;

/// A context, or one line that says what is wrong with which file and what to do about it.
using tls_loading = std::variant<tls_context_ptr, std::string>;

/// For a server: its certificate, behind it those that lead to a known one, and its key, all PEM.
/// An expired certificate loads, with a warning. A client that offers no protocol is welcome, one
/// that offers only others is not; no `protocols`: whatever it offers is not looked at.
tls_loading load_tls_server(const std::string& certificate_file, const std::string& key_file,
                            const protocol_names& protocols = {"irc", "http/1.1"});

/// For a client that trusts the certificates of a PEM file, and those that they have signed, or, if
/// `trusted_file` is empty, what the system trusts.
tls_loading load_tls_client(const std::string& trusted_file = {},
                            const protocol_names& protocols = {});

}  // namespace confab
