#include "apps/clients/common/arguments.hpp"

#include "apps/clients/common/report.hpp"

#include <charconv>
#include <cstdlib>

namespace confab::client {

std::optional<int> answer_arguments(const program_description& program,
                                    std::span<char* const> arguments) {
  const std::string_view sole = arguments.size() == 1 ? arguments[0] : "";
  std::string answer;
  if (sole == "--help") {
    answer = std::string(program.usage) + "\n" + std::string(program.help);
  } else if (sole == "--version") {
    answer = std::string(program.name) + " (Confab) " CONFAB_VERSION "\n";
  } else if (arguments.size() != program.arguments) {
    report(program.usage);
    return EXIT_FAILURE;
  } else {
    return std::nullopt;
  }
  return print(answer) ? EXIT_SUCCESS : EXIT_FAILURE;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || rest != end || port == 0)
    return std::nullopt;
  return port;
}

std::optional<std::uint16_t> parse_listening_port(std::string_view text) {
  return text == "0" ? std::optional<std::uint16_t>(std::uint16_t{0}) : parse_port(text);
}

std::optional<server_address> parse_server(std::string_view host, std::string_view port) {
  const auto number = parse_port(port);
  if (!number) {
    report("invalid port " + std::string(port) + ": it must be a number from 1 to 65535");
    return std::nullopt;
  }
  return server_address{std::string(host), *number};
}

std::string name_of(const server_address& server) {
  return server.host + ":" + std::to_string(server.port);
}

}  // namespace confab::client
