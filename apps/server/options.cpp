#include "apps/server/options.hpp"

#include "apps/version.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iostream>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

namespace confab::server {

namespace {

constexpr int exit_wrong_arguments = 1;

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
  const bool good = !text.empty() && text.size() <= 64 &&
                    std::all_of(text.begin(), text.end(),
                                [](unsigned char byte) { return std::isalnum(byte) != 0; });
  return good ? std::string{} : "'" + text + "' is not a room name: 1 to 64 letters and digits";
}

/// What CLI11 fills in before it becomes a type of ours.
struct parsed_values {
  std::map<std::string_view, std::string> ports;  ///< By dialect; empty: no listener.
  std::string edition = "2022";
  std::int64_t login_deadline_seconds = gateway_limits{}.login_deadline.count();
};

/// One option for each dialect opens a listener; the first dialect's port is positional too.
void declare_listeners(CLI::App& app, parsed_values& parsed) {
  const auto* main_dialect = &dialect_catalog().front();
  for (const auto& row : dialect_catalog()) {
    const auto flag = "--" + std::string{row.name};
    app.add_option(&row == main_dialect ? "PORT," + flag : flag, parsed.ports[row.name],
                   "Listen for the dialect " + std::string{row.name} + ": " +
                       std::string{row.summary} + "; port 0 takes a free one")
        ->check(CLI::Validator(check_port, ""))
        ->type_name(&row == main_dialect ? "" : "PORT");
  }
}

void declare_options(CLI::App& app, options& chosen, parsed_values& parsed) {
  declare_listeners(app, parsed);
  app.add_option("--lobby", chosen.dialects.lobby, "Room of all oneroom clients (default: lobby)")
      ->check(CLI::Validator(check_room_name, ""))
      ->type_name("NAME");
  app.add_option("--line-max", chosen.dialects.oneroom_line_bytes_max,
                 "End a oneroom connection that sends a longer line (default: 4KiB)")
      ->transform(CLI::AsSizeValue(false).description(""))
      ->check(CLI::Range(std::size_t{16}, std::size_t{1} << 30).description(""))
      ->type_name("BYTES");
  app.add_option("--edition", parsed.edition,
                 "Edition of the tagged dialect: in 2022 a receiver does not hear senders of its "
                 "own user name, in 2023 it does (default: 2022)")
      ->check(CLI::IsMember({"2022", "2023"}).description(""))
      ->type_name("2022|2023");
  app.add_option("--bind", chosen.bind_address,
                 "Address to listen on (default: every interface, IPv4 and IPv6)")
      ->type_name("ADDRESS");
  app.add_option("--login-deadline", parsed.login_deadline_seconds,
                 "Close connections that have not logged in after so long (default: 60)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{86400}).description(""))
      ->type_name("SECONDS");
  app.add_option("--max-connections", chosen.limits.connections_max,
                 "Refuse connections beyond this many (default: what the descriptor limit allows)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1000000}).description(""))
      ->type_name("N");
  app.add_option("--backlog-max", chosen.limits.backlog_bytes_max,
                 "Cut a connection that leaves more than this unread (default: 16MiB)")
      ->transform(CLI::AsSizeValue(false).description(""))
      ->check(CLI::Range(std::size_t{1024}, std::size_t{1} << 40).description(""))
      ->type_name("BYTES");
  app.add_option("--log-level", chosen.log_level, "How much to log on stderr (default: info)")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}).description(""))
      ->type_name("debug|info|warn|error|off");
  app.set_config("--config", "", "Read options from a file of lines like: edition=2023")
      ->type_name("FILE");
}

/// The listeners that were asked for, in the order of the catalog.
std::vector<listener> listeners_of(const parsed_values& parsed) {
  std::vector<listener> result;
  for (const auto& row : dialect_catalog())
    if (const auto& port = parsed.ports.at(row.name); !port.empty())
      result.push_back({&row, static_cast<std::uint16_t>(std::stoul(port))});
  return result;
}

/// One line that says what is wrong, then the usage.
exit_code complain(const CLI::App& app, std::string_view problem) {
  std::cerr << "server: " << problem << "\nUsage: " << app.get_name()
            << " [OPTIONS] [PORT]\nRun with --help for more information.\n";
  return {exit_wrong_arguments};
}

}  // namespace

std::variant<options, exit_code> parse_options(int argc, const char* const* argv) {
  options chosen;
  chosen.limits.connections_max = 0;
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
  } catch (const CLI::ConfigError& mistake) {
    return complain(app, std::string{"configuration file: "} + mistake.what());
  } catch (const CLI::ParseError& mistake) {
    return complain(app, mistake.what());
  }
  chosen.listeners = listeners_of(parsed);
  if (chosen.listeners.empty())
    return complain(app, "PORT is missing: there is nothing to listen on");
  chosen.dialects.edition =
      parsed.edition == "2022" ? tagged::edition::spring2022 : tagged::edition::fall2023;
  chosen.limits.login_deadline = std::chrono::seconds{parsed.login_deadline_seconds};
  return chosen;
}

}  // namespace confab::server
