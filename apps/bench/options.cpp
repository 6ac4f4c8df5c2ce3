#include "apps/bench/options.hpp"

#include "apps/bench/protocol_adapter.hpp"
#include "apps/bench/server_places.hpp"
#include "apps/bench/text_stamp.hpp"

#include <iostream>

#include <CLI/CLI.hpp>

namespace confab::bench {
namespace {

constexpr std::uint32_t count_max = 1'000'000;
constexpr double seconds_max = 86'400;
constexpr std::size_t stamp_senders_max = std::size_t{1} << 24;

void add_target(CLI::App& app, bench_options& options) {
  app.add_option("--protocol", options.protocol, "tagged, oneroom, framed, redis, nats or irc")
      ->required()
      ->check(CLI::IsMember(protocol_names()));
  app.add_option("--host", options.host, "The server's name or address")->capture_default_str();
  app.add_option("--port", options.port, "The server's port")
      ->required()
      ->check(CLI::Range(1, 65535));
  app.add_flag(
      "--tls", options.tls,
      "Speak through TLS; the server's certificate is not looked at, unless --ca is given");
  app.add_option("--ca", options.trusted_file,
                 "Trust only the certificates in FILE (PEM), and only for --host");
  app.add_flag("--websocket", options.websocket,
               "Speak through a WebSocket: irc at /irc with text.ircv3.net, a message for each "
               "line; nats at /. With --tls it is encrypted");
  app.add_option("--server", options.more_servers,
                 "One more server, HOST:PORT, which shares its rooms with the first one; may be "
                 "repeated. Receivers and senders are spread over all of them in turn")
      ->allow_extra_args(false);
  app.add_flag("--apart", options.apart,
               "With --server: senders use the first server, receivers the others");
  app.add_option("--pid", options.pids,
                 "The server's process: report its CPU and memory; may be repeated, for the sum")
      ->allow_extra_args(false);
}

void add_load(CLI::App& app, bench_options& options) {
  const auto count = CLI::Range(std::uint32_t{0}, count_max);
  const auto positive = CLI::Range(std::uint32_t{1}, count_max);
  app.add_option("--rooms", options.rooms, "Rooms")->check(positive)->capture_default_str();
  app.add_option("--receivers", options.receivers, "Receivers in each room")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--senders", options.senders, "Senders in each room")
      ->check(count)
      ->capture_default_str();
  app.add_option("--texts", options.texts, "Texts of each sender; 0: no end (needs --seconds)")
      ->check(CLI::Range(0, 500'000'000))
      ->capture_default_str();
  app.add_option("--window", options.window, "Unanswered texts of each sender")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--size", options.text_bytes, "Bytes of a text")->capture_default_str();
}

void add_course(CLI::App& app, bench_options& options) {
  const auto duration = CLI::Range(0.0, seconds_max);
  app.add_option("--seconds", options.sending_seconds, "Stop sending after SECONDS")
      ->check(duration);
  app.add_option("--warmup", options.warmup_seconds, "Seconds of load that are not reported")
      ->check(duration);
  app.add_option("--idle", options.idle_seconds,
                 "Stay silent for SECONDS after joining; needs --pid")
      ->check(duration);
  app.add_option("--rounds", options.rounds, "Repeat the load; the median round is reported")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--batch", options.joining_max,
                 "Connections that log in and join at the same time")
      ->check(CLI::Range(std::uint32_t{1}, count_max))
      ->capture_default_str();
  app.add_option("--deadline", options.deadline_seconds,
                 "Seconds without progress until the run fails")
      ->check(CLI::Range(0.1, seconds_max))
      ->capture_default_str();
  app.add_flag("--flood-never-read", options.flood,
               "One more client, in a room of its own, sends without end and never reads");
  app.add_flag("--pair", options.pair,
               "One receiver and one sender more, in a room of their own, exchange one text at a "
               "time beside the load; needs --seconds");
  app.add_flag("--skim", options.skim,
               "All receivers but the first of each room take what comes without a look at it: "
               "the generator can then keep up with a faster server");
  app.add_option("--skim-every", options.skim_every_ms,
                 "With --skim: they take it only every MS milliseconds: the generator then needs "
                 "hardly any time")
      ->check(CLI::Range(1, 1000));
  app.add_option("--stalled", options.stalled_bytes,
                 "All receivers but the first of each room stop reading after joining, and the "
                 "load ends when the server holds BYTES for each of them; needs --texts 0")
      ->transform(CLI::AsSizeValue(false));
  app.add_flag("--json", options.json, "Print the result as one JSON object");
}

/// The part of contradiction() about --pair and --stalled.
std::string contradiction_of_bystanders(const bench_options& options) {
  if (options.pair && (options.sending_seconds <= 0 || options.protocol == "oneroom"))
    return "--pair needs --seconds and a protocol with more than one room";
  if (options.skim_every_ms > 0 && !options.skim)
    return "--skim-every needs --skim";
  if (options.skim && options.protocol == "oneroom")
    return "--skim needs a protocol whose receivers do not answer for the senders";
  if (options.stalled_bytes == 0)
    return {};
  if (options.protocol == "oneroom" || options.senders == 0 || options.receivers < 2)
    return "--stalled needs a sender, two receivers and a protocol with replies of its own";
  if (options.texts > 0 || options.rounds > 1 || options.warmup_seconds > 0)
    return "--stalled needs --texts 0, and one round without --warmup";
  return {};
}

/// The part of contradiction() about --server.
std::string contradiction_of_servers(const bench_options& options) {
  for (const auto& each : options.more_servers)
    if (!read_place(each))
      return "--server " + each + ": that is no HOST:PORT";
  if (options.apart && options.more_servers.empty())
    return "--apart needs --server";
  if (options.stalled_bytes > 0 && !options.more_servers.empty())
    return "--stalled looks at one server only";
  return {};
}

/// What CLI11 cannot check option by option; empty when all is well.
std::string contradiction(const bench_options& options) {
  const auto protocol = make_protocol(options.protocol);
  const auto size_max = protocol->text_bytes_max();
  if (options.text_bytes < stamp_bytes || options.text_bytes > size_max) {
    return "--size must be from " + std::to_string(stamp_bytes) + " to " +
           std::to_string(size_max) + " for " + options.protocol;
  }
  if (options.protocol == "oneroom" && (options.rooms != 1 || options.flood))
    return "oneroom has one room: --rooms must be 1, without --flood-never-read";
  if (options.websocket && !protocol->websocket())
    return "--websocket needs a protocol that is spoken so: irc, irc-tags or nats";
  if (!options.trusted_file.empty() && !options.tls)
    return "--ca says which certificate to trust: it needs --tls";
  if (std::size_t{options.rooms} * options.senders > stamp_senders_max)
    return "more than " + std::to_string(stamp_senders_max) + " senders";
  if (options.idle_seconds > 0 && options.pids.empty())
    return "--idle measures the server's CPU: it needs --pid";
  if (options.flood && options.sending_seconds <= 0)
    return "--flood-never-read needs --seconds";
  if (auto mistake = contradiction_of_servers(options); !mistake.empty())
    return mistake;
  return contradiction_of_bystanders(options);
}

constexpr auto description =
    "Puts a load on a chat server and checks and times every delivery.\n"
    "A sender keeps --window texts unanswered. The answer is: tagged, the ok: reply; redis, the\n"
    "reply to PUBLISH; nats, the +OK of a verbose connection; irc, the PONG to a PING that\n"
    "follows each text; oneroom, the text's own echo; framed, its arrival at the first receiver.\n"
    "Exit status: 0; 1 when the run failed; 2 when texts were lost or out of order.";

}  // namespace

std::variant<bench_options, int> parse_options(int argc, const char* const* argv) {
  bench_options options;
  CLI::App app{description, "bench"};
  add_target(app, options);
  add_load(app, options);
  add_course(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error);
    std::cerr << "bench: " << error.what() << " (see bench --help)\n";
    return 1;
  }
  if (const auto mistake = contradiction(options); !mistake.empty()) {
    std::cerr << "bench: " << mistake << '\n';
    return 1;
  }
  return options;
}

}  // namespace confab::bench
