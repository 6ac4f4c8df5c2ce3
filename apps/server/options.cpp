#include "apps/server/options.hpp"

#include "apps/version.hpp"

#include <iostream>
#include <map>

#include <CLI/CLI.hpp>

namespace confab::server {

namespace {

constexpr int exit_wrong_arguments = 1;

void declare_options(CLI::App& app, options& chosen, std::int64_t& login_deadline_seconds) {
  const std::map<std::string, tagged::edition> editions{{"2022", tagged::edition::spring2022},
                                                        {"2023", tagged::edition::fall2023}};
  app.add_option("PORT,--port", chosen.tagged_port,
                 "Port of the tagged dialect; 0 takes a free one, named in the log")
      ->required()
      ->type_name("");
  app.add_option("--edition", chosen.edition,
                 "Edition of the tagged dialect: in 2022 a receiver does not hear senders of its "
                 "own user name, in 2023 it does (default: 2022)")
      ->transform(
          CLI::CheckedTransformer(editions, CLI::ignore_case).description("").name("edition"))
      ->type_name("2022|2023");
  app.add_option("--bind", chosen.bind_address,
                 "Address to listen on (default: every interface, IPv4 and IPv6)")
      ->type_name("ADDRESS");
  app.add_option("--login-deadline", login_deadline_seconds,
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

/// One line that says what is wrong, then the usage.
exit_code complain(const CLI::App& app, std::string_view problem) {
  std::cerr << "server: " << problem << "\nUsage: " << app.get_name()
            << " [OPTIONS] PORT\nRun with --help for more information.\n";
  return {exit_wrong_arguments};
}

}  // namespace

std::variant<options, exit_code> parse_options(int argc, const char* const* argv) {
  options chosen;
  chosen.limits.connections_max = 0;
  std::int64_t login_deadline_seconds = chosen.limits.login_deadline.count();
  CLI::App app{"Confab's chat server: senders and receivers that speak tag:payload lines.",
               argc > 0 ? argv[0] : "server"};
  app.set_version_flag("--version", version_line("server"));
  app.allow_config_extras(CLI::config_extras_mode::error);
  try {
    declare_options(app, chosen, login_deadline_seconds);
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help and --version
    app.exit(done, std::cout, std::cerr);
    return exit_code{0};
  } catch (const CLI::ParseError& mistake) {
    return complain(app, mistake.what());
  }
  chosen.limits.login_deadline = std::chrono::seconds{login_deadline_seconds};
  return chosen;
}

}  // namespace confab::server
