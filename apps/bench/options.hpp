#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace confab::bench {

/// What the command line asks for.
struct bench_options {
  std::string protocol;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::vector<std::string>
      more_servers;    ///< `HOST:PORT`; they share their rooms with the first one
  bool apart = false;  ///< senders use the first server, receivers the others
  bool tls = false;
  std::string trusted_file;  ///< certificates that TLS trusts; empty: whatever the server shows
  bool websocket = false;
  std::uint32_t rooms = 1;
  std::uint32_t receivers = 1;  ///< per room
  std::uint32_t senders = 1;    ///< per room
  std::uint32_t texts = 1000;   ///< per sender and round; 0: as many as `sending_seconds` allow
  std::uint32_t window = 1;     ///< unanswered texts per sender
  std::size_t text_bytes = 64;
  double sending_seconds = 0;  ///< stop sending after this long; 0: after `texts`
  double warmup_seconds = 0;   ///< seconds of load before the first round, not reported
  double idle_seconds = 0;     ///< seconds of silence after joining, for the server's idle CPU
  std::uint32_t rounds = 1;
  std::uint32_t joining_max = 256;  ///< connections on their way into their room at once
  double deadline_seconds = 30;     ///< seconds without any progress until the run fails
  std::vector<std::int32_t> pids;   ///< the processes of the servers
  std::uint64_t stalled_bytes = 0;  ///< backlog of each reader that stalls; 0: all read
  bool skim = false;                ///< only the first receiver of each room looks at its texts,
  std::uint32_t skim_every_ms = 0;  ///< and the others take theirs only so often; 0: at once
  bool pair = false;                ///< one more pair is measured beside the load
  bool flood = false;               ///< one more client floods and never reads
  bool json = false;
  int pause_ms = 0;            ///< of the senders, after an answer
  bool shows_progress = true;  ///< on stderr, when that is a terminal

  /// Whether there is a load at all (else the run ends after joining, or after `idle_seconds`).
  [[nodiscard]] bool has_load() const {
    return senders > 0 && (texts > 0 || sending_seconds > 0 || stalled_bytes > 0);
  }
};

/// Reads the command line: the options, or the exit status of a run that is over already (0 after
/// `--help`; 1 after a mistake, which was told in one line on stderr).
std::variant<bench_options, int> parse_options(int argc, const char* const* argv);

}  // namespace confab::bench
