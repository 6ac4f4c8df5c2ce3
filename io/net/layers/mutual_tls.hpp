#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <variant>

struct ssl_ctx_st;
struct ssl_st;

/// TLS between nodes of a cluster: both sides show a certificate that the cluster's own authority
/// has signed, and whoever has one is trusted. No names are compared: where a node runs may change.
namespace confab {

/// The files of a node.
struct mutual_tls_files {
  std::string certificate;  ///< PEM: the node's own, first.
  std::string key;
  std::string authority;  ///< PEM: who signs the certificates of this cluster, and nobody else.
};

/// What all connections of a node have in common; read once, never changed. TLS 1.3 only.
class mutual_tls {
 public:
  /// `native` is owned from now on.
  mutual_tls(ssl_ctx_st* native, std::chrono::sys_seconds not_after);
  ~mutual_tls();
  mutual_tls(const mutual_tls&) = delete;
  mutual_tls& operator=(const mutual_tls&) = delete;

  ssl_ctx_st* native() const { return native_; }

  /// When the node's certificate ends to be valid.
  std::chrono::sys_seconds not_after() const { return not_after_; }

 private:
  ssl_ctx_st* native_;
  std::chrono::sys_seconds not_after_;
};

using mutual_tls_ptr = std::shared_ptr<const mutual_tls>;

/// Why the files of a node are no good.
struct mutual_tls_problem {
  enum class file { certificate, key, authority };

  file which;        ///< The one that is wrong.
  std::string line;  ///< What is wrong with it.
};

/// Reads the files. A certificate that other nodes would refuse is refused here.
std::variant<mutual_tls_ptr, mutual_tls_problem> load_mutual_tls(const mutual_tls_files& files);

/// What came of a step of a connection.
enum class tls_step {
  done,
  wants_read,   ///< Again when the socket can be read.
  wants_write,  ///< Again when it can be written to.
  failed,       ///< It is over: ended by the peer, or broken.
};

/// One connection on a socket that does not block; the socket is somebody else's. SIGPIPE has to be
/// ignored.
class mutual_tls_session {
 public:
  enum class side { accepts, dials };

  mutual_tls_session(mutual_tls_ptr context, int descriptor, side which);
  ~mutual_tls_session();
  mutual_tls_session(const mutual_tls_session&) = delete;
  mutual_tls_session& operator=(const mutual_tls_session&) = delete;

  /// Until it is `done`; nothing else is due before.
  tls_step shake_hands();

  /// Whether the peer has said something since: `done`. What it has said stays to be read.
  tls_step listen();

  tls_step read(char* to, std::size_t room, std::size_t& count);
  tls_step write(const char* from, std::size_t size, std::size_t& count);

  /// Bytes that were taken from the socket and not read yet.
  std::size_t pending() const;

  /// One plain line: why it `failed`.
  const std::string& complaint() const { return complaint_; }

 private:
  tls_step outcome_of(int result);

  mutual_tls_ptr context_;
  side side_;
  ssl_st* connection_;
  std::string complaint_;
};

using mutual_tls_session_ptr = std::unique_ptr<mutual_tls_session>;

}  // namespace confab
