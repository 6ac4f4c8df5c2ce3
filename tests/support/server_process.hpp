#pragma once

#include "tests/support/process.hpp"
#include "tests/support/socket.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace confab::test {

/// False in a sanitized build, whose allocator keeps freed memory: sizes then say nothing.
extern const bool memory_is_meaningful;

/// Whether the environment asks for the long runs (CONFAB_LONG=1) of the loops that race.
bool long_run();

/// An empty file among the temporary ones, gone with its object.
class temporary_log {
 public:
  temporary_log();
  temporary_log(const temporary_log&) = delete;
  temporary_log& operator=(const temporary_log&) = delete;
  ~temporary_log();

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// What the start of a server is.
enum class start_of_server {
  awaited,    ///< Its end is waited for.
  under_way,  ///< `await_start` is due. Nodes of one cluster wait for each other when they start.
};

/// A sandbox for one `server` process: starts it on a port that the system chooses, and at the end
/// of the test stops it with SIGTERM and checks that it exits with 0 and wrote nothing on stdout.
class running_server {
 public:
  /// Starts $CONFAB_BIN/server with $CONFAB_SERVER_OPTIONS, `options` and port 0, and returns once
  /// it listens.
  explicit running_server(const std::vector<std::string>& options = {},
                          start_of_server start = start_of_server::awaited);
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;
  /// Stops the server, with the checks of `stop`, unless the test has seen it end already.
  ~running_server();

  /// Returns once it listens.
  void await_start();

  std::uint16_t port() const { return port_; }

  /// A connection that has sent nothing yet.
  client connect(const connect_options& options = {}) const { return client{port_, options}; }
  /// A connection logged in with `slogin`, and in `room` unless that is empty.
  client sender(const std::string& user, const std::string& room = {}) const;
  /// A connection logged in with `rlogin` and in `room`.
  client receiver(const std::string& user, const std::string& room,
                  const connect_options& options = {}) const;

  /// All that the server has written on stderr so far.
  std::string log() const;
  /// Whether stderr contains `text` by now, in upper or lower case.
  bool log_has(const std::string& text) const;
  /// Waits until `log_has(text)`.
  void wait_for_log(const std::string& text) const;
  /// Waits until no more than `count` descriptors are open.
  void wait_for_descriptors(std::size_t count) const;
  /// The descriptors that the server has open now.
  std::size_t descriptors() const;
  /// Resident memory in bytes, now and at its highest.
  std::size_t memory_bytes() const { return status_bytes("VmRSS:"); }
  std::size_t memory_peak_bytes() const { return status_bytes("VmHWM:"); }

  /// The port of `--admin 0`.
  std::uint16_t admin_port() const;
  /// The whole answer of the admin port to a GET, status line and headers included. Needs the
  /// option
  /// `--admin 0`.
  std::string admin_page(const std::string& path) const;
  /// The value of a metric, named with its labels as on the page; empty if there is none.
  std::string metric(const std::string& name) const;

  /// All that the server has written on stdout so far: nothing, if it keeps its promise.
  const std::string& output() const { return process_.output(); }
  /// Whether the process has not ended yet.
  bool runs() { return process_.running(); }
  void signal(int number);
  /// Waits for the end of the process: its exit code, or 128 plus the signal that killed it.
  int wait();
  /// SIGTERM; checks that the exit code is 0 and that nothing was ever on stdout.
  void stop();

 private:
  std::size_t status_bytes(std::string_view field) const;
  std::string proc_path(const char* entry) const;

  temporary_log log_;
  process process_;
  std::uint16_t port_ = 0;
  bool finished_ = false;
};

/// Requires that nothing waits for `receiver`, which has joined a room: the answer to the next
/// request is the next line. By the promise that `ok` for a text leaves after the text stands in
/// the queue of all whom it concerns, this also proves that no text is on its way.
void require_nothing_pending(client& receiver);

}  // namespace confab::test
