#include "apps/server/options.hpp"

#include "apps/server/hash_command.hpp"
#include "apps/version.hpp"
#include "io/net/file_descriptor.hpp"
#include "io/net/resolve.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <map>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <CLI/CLI.hpp>

namespace confab::server {

namespace {

constexpr int exit_wrong_arguments = 1;

/// What browsers speak, over WebSocket.
constexpr std::string_view web_dialect = "irc";

/// Some of them fit into what a link to another node may owe.
constexpr std::size_t cluster_line_bytes_max = 1024UL * 1024;

/// IRC clients get no more at once of what was said before.
constexpr std::size_t history_page_texts_max = 100;

/// Accepts a port as text. CLI11's own conversion takes an empty argument for 0.
std::string check_port(const std::string& text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, port);
  if (parsed.ec == std::errc{} && parsed.ptr == end)
    return {};
  return "'" + text + "' is not a port: a number from 0 to 65535";
}

/// Accepts what all dialects can carry as the name of a room.
std::string check_room_name(const std::string& text) {
  const bool good = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char byte) {
    return std::isalnum(byte) != 0;
  });
  return good ? std::string{} : "'" + text + "' is not a room name: only letters and digits";
}

/// What CLI11 fills in before it becomes a type of ours.
struct parsed_values {
  std::map<std::string, std::string> ports;  ///< By the listener's name; empty: there is none.
  std::string edition = "2022";
  std::string admin_port;
  bool hashes_password = false;
  std::int64_t login_deadline_seconds = gateway_limits{}.login_deadline.count();
  std::int64_t idle_timeout_seconds = gateway_limits{}.idle_timeout.count();
  std::int64_t keepalive_seconds = tcp_settings{}.keepalive.count();
  std::int64_t user_timeout_seconds = tcp_settings{}.user_timeout.count();
};

/// Everything that there are ports for: each dialect, plain and encrypted, and the page.
std::vector<listener> possible_listeners() {
  std::vector<listener> result;
  for (const auto over : {carrier::tcp, carrier::tls})
    for (const auto& row : dialect_catalog())
      result.push_back({&row, 0, over});
  for (const auto& row : dialect_catalog())
    if (row.name == web_dialect)
      for (const auto over : {carrier::web, carrier::web_tls})
        result.push_back({&row, 0, over});
  return result;
}

std::string summary_of(const listener& each) {
  const std::string dialect{each.speaks->name};
  switch (each.over) {
    case carrier::tcp:
      return "Listen for the dialect " + dialect + ": " + std::string{each.speaks->summary};
    case carrier::tls:
      return "The same as --" + dialect + ", encrypted by TLS";
    case carrier::web:
      return "Listen for browsers: the page of the chat by HTTP, and " + dialect +
             " over WebSocket at /irc";
    case carrier::web_tls:
      return "The same as --web, encrypted by TLS";
  }
  return {};
}

/// One option for each dialect opens a listener; the first dialect's port is positional too.
void declare_listeners(CLI::App& app, parsed_values& parsed) {
  const auto all = possible_listeners();
  for (const auto& each : all) {
    const auto name = each.name();
    const auto flag = "--" + name;
    app.add_option(name == all.front().name() ? "PORT," + flag : flag, parsed.ports[name],
                   summary_of(each) + "; port 0 takes a free one")
        ->check(CLI::Validator(check_port, ""))
        ->type_name("PORT");
  }
}

/// The listeners that were asked for, in the order of the catalog.
std::vector<listener> listeners_of(const parsed_values& parsed) {
  std::vector<listener> result;
  for (auto each : possible_listeners()) {
    if (const auto& port = parsed.ports.at(each.name()); !port.empty()) {
      each.port = static_cast<std::uint16_t>(std::stoul(port));
      result.push_back(each);
    }
  }
  return result;
}

/// A limit that is a count.
void declare_count(CLI::App& app, const std::string& name, std::size_t& value, std::size_t smallest,
                   const std::string& meaning, std::size_t largest = std::size_t{1} << 31) {
  app.add_option(name, value, meaning)
      ->check(CLI::Range(smallest, largest).description(""))
      ->type_name("N");
}

/// A limit in bytes, which may have a unit.
void declare_bytes(CLI::App& app, const std::string& name, std::size_t& value, std::size_t smallest,
                   const std::string& meaning) {
  app.add_option(name, value, meaning)
      ->transform(CLI::AsSizeValue(false).description(""))
      ->check(CLI::Range(smallest, std::size_t{1} << 40).description(""))
      ->type_name("BYTES");
}

/// What every dialect can carry whole: a frame of 200 bytes holds such a name and some text, and a
/// tagged line of 255 bytes such a name behind any tag.
constexpr std::size_t name_bytes_max_max = 150;

/// More loops than this only write to one another.
constexpr std::size_t loops_max = 16;

/// Linux takes no larger TCP_KEEPIDLE.
constexpr std::int64_t keepalive_seconds_max = 32767;

/// A limit in seconds.
void declare_seconds(CLI::App& app, const std::string& name, std::int64_t& value,
                     std::int64_t smallest, const std::string& meaning,
                     std::int64_t largest = 7 * 86400) {
  app.add_option(name, value, meaning)
      ->check(CLI::Range(smallest, largest).description(""))
      ->type_name("SECONDS");
}

/// What clients may use up: docs/limits.md.
void declare_limits(CLI::App& app, options& chosen, parsed_values& parsed) {
  declare_seconds(app, "--login-deadline", parsed.login_deadline_seconds, 1,
                  "Close connections that have not logged in after so long (default: 60)");
  declare_seconds(
      app, "--idle-timeout", parsed.idle_timeout_seconds, 0,
      "Close connections on which nothing comes or goes for so long (default: 0, never)");
  declare_count(app, "--max-connections", chosen.quota.connections_max, 1,
                "Refuse connections beyond this many (default: what the descriptor limit allows)");
  declare_count(app, "--max-connections-per-address", chosen.quota.connections_per_address_max, 1,
                "Refuse more connections than this from one address (default: no such limit)");
  declare_count(app, "--max-rooms", chosen.rooms.rooms_max, 1,
                "Refuse to make more rooms than this (default: 100000)");
  declare_count(app, "--max-rooms-per-client", chosen.limits.rooms_per_client_max, 1,
                "Refuse to let one client into more rooms than this (default: 100)");
  declare_count(app, "--max-kept-rooms", chosen.rooms.kept_vacant_max, 0,
                "Keep no more created rooms than this while they are empty (default: 1000)");
  declare_count(app, "--name-max", chosen.limits.name_bytes_max, 1,
                "Refuse longer user and room names, in bytes (default: 64, at most 150)",
                name_bytes_max_max);
  declare_bytes(app, "--line-max", chosen.dialects.oneroom_line_bytes_max, 16,
                "End a oneroom connection that sends a longer line (default: 4KiB)");
  declare_bytes(app, "--input-rate", chosen.limits.input_bytes_per_second_max, 0,
                "Read no more than this a second from a connection (default: 0, no limit)");
  declare_bytes(app, "--backlog-max", chosen.limits.backlog_bytes_max, 1024,
                "Cut a connection that leaves more than this unread (default: 16MiB)");
  declare_bytes(app, "--backlog-total-max", chosen.quota.backlog_bytes_max, 1024,
                "Cut the slowest reader when all leave more than this unread (default: a quarter "
                "of the memory)");
  declare_seconds(app, "--keepalive", parsed.keepalive_seconds, 0,
                  "Probe connections that are silent for so long (default: 60; 0: never)",
                  keepalive_seconds_max);
  declare_seconds(app, "--user-timeout", parsed.user_timeout_seconds, 0,
                  "Drop connections that acknowledge nothing for so long (default: 0, as the "
                  "operating system does)");
}

/// Fills in what the command line left to the machine, and the types that CLI11 does not know.
void complete(options& chosen, const parsed_values& parsed) {
  chosen.listeners = listeners_of(parsed);
  chosen.dialects.edition =
      parsed.edition == "2022" ? tagged::edition::spring2022 : tagged::edition::fall2023;
  chosen.limits.login_deadline = std::chrono::seconds{parsed.login_deadline_seconds};
  chosen.limits.idle_timeout = std::chrono::seconds{parsed.idle_timeout_seconds};
  chosen.tcp.keepalive = std::chrono::seconds{parsed.keepalive_seconds};
  chosen.tcp.user_timeout = std::chrono::seconds{parsed.user_timeout_seconds};
  chosen.rooms.lobby = chosen.dialects.lobby;
  chosen.limits.counts_local_lines = chosen.irc.flood_on_loopback;
  auto& irc = chosen.dialects.irc;
  irc.server_name = chosen.irc.server_name;
  irc.network = chosen.irc.network;
  irc.lobby = chosen.dialects.lobby;
  irc.motd = chosen.irc.motd;
  irc.password = chosen.irc.password;
  irc.version = "Confab-" CONFAB_VERSION;
  irc.room_name_bytes_max = chosen.limits.name_bytes_max;
  irc.rooms_per_client_max = chosen.limits.rooms_per_client_max;
  irc.history_messages_max = chosen.history.file.empty() ? 0 : history_page_texts_max;
  if (!parsed.admin_port.empty())
    chosen.admin_port = static_cast<std::uint16_t>(std::stoul(parsed.admin_port));
}

std::optional<std::string> complete_layers(options& chosen) {
  std::vector<std::string> names;
  bool any_encrypted = false;
  for (const auto& each : chosen.listeners) {
    names.push_back(each.name());
    any_encrypted = any_encrypted || each.is_encrypted();
  }
  return complete(chosen.layers, names, any_encrypted);
}

void declare_options(CLI::App& app, options& chosen, parsed_values& parsed) {
  declare_listeners(app, parsed);
  app.add_option("--lobby", chosen.dialects.lobby, "Room of all oneroom clients (default: lobby)")
      ->check(CLI::Validator(check_room_name, ""))
      ->type_name("NAME");
  app.add_option("--edition", parsed.edition,
                 "Edition of the tagged dialect: in 2022 a receiver does not hear senders of its "
                 "own user name, in 2023 it does (default: 2022)")
      ->check(CLI::IsMember({"2022", "2023"}).description(""))
      ->type_name("2022|2023");
  app.add_option("--bind", chosen.bind_address,
                 "Address to listen on (default: every interface, IPv4 and IPv6)")
      ->type_name("ADDRESS");
  declare_count(app, "--loops", chosen.loops, 1,
                "Serve connections with so many threads, for large rooms and as many cores "
                "(default: 1, at most 16)",
                loops_max);
  declare_limits(app, chosen, parsed);
  declare_irc_options(app, chosen.irc);
  declare_history_options(app, chosen.history);
  declare_layer_options(app, chosen.layers);
  declare_cluster_options(app, chosen.cluster);
  app.add_option("--admin", parsed.admin_port,
                 "Serve /rooms, /metrics, /healthz and /readyz by HTTP on this port")
      ->check(CLI::Validator(check_port, ""))
      ->type_name("PORT");
  app.add_option("--admin-bind", chosen.admin_bind_address,
                 "Address of the admin port (default: 127.0.0.1)")
      ->type_name("ADDRESS");
  app.add_option("--log-level", chosen.log_level, "How much to log on stderr (default: info)")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}).description(""))
      ->type_name("debug|info|warn|error|off");
  app.add_flag("--hash-password", parsed.hashes_password,
               "Read a password, print its hash for --irc-oper, and end")
      ->configurable(false);
  app.set_config("--config", "", "Read options from a file of lines like: edition=2023")
      ->type_name("FILE");
}

/// One line that says what is wrong.
exit_code complain(const std::string& problem) {
  std::cerr << "server: " << problem << " (--help says what there is)\n";
  return {exit_wrong_arguments};
}

/// The path that --config gave; empty if it did not.
std::string configuration_path(const CLI::App& app) {
  const auto* option = app.get_config_ptr();
  return option == nullptr || option->results().empty() ? "" : option->results().front();
}

/// Why the file cannot be read.
std::string reading_problem(const std::string& path) {
  const file_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  char first = 0;
  const bool readable = file.valid() && ::read(file.get(), &first, 1) >= 0;
  return readable ? "is not readable" : error_text(errno);
}

std::string without_blanks(std::string text) {
  std::erase_if(text, [](unsigned char each) { return std::isspace(each) != 0; });
  return text;
}

/// CLI11 does not say where a mistake stands. The line that sets `option` to something that
/// `problem` quotes, as "FILE:LINE: "; empty if there is none, as for a mistake on the command
/// line.
std::string place_of(const std::string& path, const std::string& option,
                     const std::string& problem) {
  std::ifstream file{path};
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const auto setting = without_blanks(line);
    const auto equals = setting.find('=');
    if (setting.substr(0, equals) != option)
      continue;
    const auto value = equals == std::string::npos ? "true" : setting.substr(equals + 1);
    if (without_blanks(problem).find(value) != std::string::npos)
      return path + ":" + std::to_string(number) + ": ";
  }
  return {};
}

/// CLI11 calls whatever it does not know unparsable.
std::string describe(const CLI::App& app, const CLI::ConfigError& mistake) {
  constexpr std::string_view unparsable = "INI was not able to parse ";
  const std::string what = mistake.what();
  const auto path = configuration_path(app);
  if (!what.starts_with(unparsable))
    return path + ": " + what;
  const auto option = what.substr(unparsable.size());
  std::ifstream file{path};
  std::string line;
  int number = 1;
  while (std::getline(file, line) && !without_blanks(line).starts_with(option))
    ++number;
  return path + ":" + std::to_string(number) + ": unknown option '" + option + "'";
}

/// A value that an option does not take, of the command line or of the file.
std::string describe(const CLI::App& app, const CLI::ParseError& mistake) {
  std::string what = mistake.what();
  const auto option_end = what.find(": ");
  if (!what.starts_with("--") || option_end == std::string::npos)
    return what;
  return place_of(configuration_path(app), what.substr(2, option_end - 2),
                  what.substr(option_end)) +
         what;
}

}  // namespace

std::string listener::name() const {
  switch (over) {
    case carrier::tcp:
      return std::string{speaks->name};
    case carrier::tls:
      return std::string{speaks->name} + "-tls";
    case carrier::web:
      return "web";
    case carrier::web_tls:
      return "web-tls";
  }
  return {};
}

std::variant<options, exit_code> parse_options(int argc, const char* const* argv) {
  options chosen;
  parsed_values parsed;
  CLI::App app{"Confab's chat server: several protocols, one set of rooms.",
               argc > 0 ? argv[0] : "server"};
  app.set_version_flag("--version", version_line("server"));
  app.allow_config_extras(CLI::config_extras_mode::error);
  try {
    declare_options(app, chosen, parsed);
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help and --version
    app.exit(done, std::cout, std::cerr);
    return exit_code{0};
  } catch (const CLI::FileError&) {
    const auto path = configuration_path(app);
    return complain("configuration file '" + path + "': " + reading_problem(path));
  } catch (const CLI::ConfigError& mistake) {
    return complain(describe(app, mistake));
  } catch (const CLI::ParseError& mistake) {
    return complain(describe(app, mistake));
  }
  if (parsed.hashes_password)
    return exit_code{hash_password_from(std::cin, std::cout, std::cerr)};
  if (const auto problem = complete(chosen.irc))
    return complain(*problem);
  if (const auto problem = problem_of(chosen.history))
    return complain(*problem);
  complete(chosen, parsed);
  if (chosen.listeners.empty())
    return complain("PORT is missing: there is nothing to listen on");
  if (const auto problem = complete_layers(chosen))
    return complain(*problem);
  if (const auto problem = complete(chosen.cluster))
    return complain(*problem);
  if (chosen.cluster.is_wanted() && chosen.dialects.oneroom_line_bytes_max > cluster_line_bytes_max)
    return complain("--line-max: with --node, 1MiB at most, as a link that owes 8MiB is given up");
  if (chosen.dialects.lobby.size() > chosen.limits.name_bytes_max)
    return complain("--lobby: '" + chosen.dialects.lobby + "' is longer than --name-max allows");
  return chosen;
}

}  // namespace confab::server
