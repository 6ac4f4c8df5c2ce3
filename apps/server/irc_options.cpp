#include "apps/server/irc_options.hpp"

#include "apps/server/client_password.hpp"
#include "apps/server/cloak_key.hpp"
#include "apps/server/small_file.hpp"
#include "io/crypto/password_hash.hpp"
#include "io/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <variant>

#include <CLI/CLI.hpp>

namespace confab::server {

namespace {

/// Leaves room for words in lines of 512 bytes; names of hosts that are longer are rare.
constexpr std::size_t server_name_bytes_max = 63;
constexpr std::size_t network_bytes_max = 32;

/// A file of operators, or one that holds a password, is no longer.
constexpr std::size_t secrets_bytes_max = 64UL * 1024;

bool is_letter_or_digit(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9');
}

bool is_visible(char byte) {
  return byte > ' ' && byte <= '~';
}

bool is_server_name(std::string_view text) {
  return text.size() <= server_name_bytes_max && text.find('.') != std::string_view::npos &&
         is_letter_or_digit(text.front()) && std::all_of(text.begin(), text.end(), [](char each) {
           return is_letter_or_digit(each) || each == '-' || each == '.';
         });
}

std::string check_server_name(const std::string& text) {
  if (is_server_name(text))
    return {};
  return "'" + text +
         "' is not the name of a server: letters, digits, - and ., with a dot in it, and at most " +
         std::to_string(server_name_bytes_max) + " bytes";
}

std::string check_network(const std::string& text) {
  if (!text.empty() && text.size() <= network_bytes_max &&
      std::all_of(text.begin(), text.end(), is_visible))
    return {};
  return "'" + text + "' is not the name of a network: visible ASCII without blanks, at most " +
         std::to_string(network_bytes_max) + " bytes";
}

std::string check_password(const std::string& text) {
  return password_problem(text).value_or("");
}

std::string check_path(const std::string& text) {
  return text.empty() ? "the name of the file is empty" : "";
}

void declare_file(CLI::App& app, const std::string& name, std::string& path,
                  const std::string& meaning) {
  app.add_option(name, path, meaning)->check(CLI::Validator(check_path, ""))->type_name("FILE");
}

/// What stands behind a `:` is one entry. The configuration file's reader cuts values at commas,
/// and hashes hold some; names and hashes hold no other `:`, so a piece without one continues the
/// entry before it.
std::vector<std::string> joined_entries(const std::vector<std::string>& pieces) {
  std::vector<std::string> result;
  for (const auto& each : pieces)
    if (result.empty() || each.find(':') != std::string::npos)
      result.push_back(each);
    else
      result.back() += "," + each;
  return result;
}

/// Adds the operator of NAME:HASH, or says what is wrong, without the hash.
std::optional<std::string> add_operator(std::string_view entry, irc_options& chosen) {
  const auto colon = entry.find(':');
  const std::string name{entry.substr(0, colon)};
  if (colon == std::string_view::npos || name.empty() ||
      !std::all_of(name.begin(), name.end(), is_visible))
    return "an operator is NAME:HASH, with a name of visible ASCII without blanks";
  const std::string hash{entry.substr(colon + 1)};
  if (!is_password_hash(hash))
    return "operator '" + name + "' has no argon2id hash: server --hash-password makes one";
  if (std::any_of(chosen.operators.begin(), chosen.operators.end(),
                  [&name](const operator_account& each) { return each.name == name; }))
    return "operator '" + name + "' is there twice";
  chosen.operators.push_back({name, hash});
  return std::nullopt;
}

std::optional<std::string> add_given_operators(irc_options& chosen) {
  for (const auto& each : joined_entries(chosen.operator_words))
    if (const auto problem = add_operator(each, chosen))
      return "--irc-oper: " + *problem;
  return std::nullopt;
}

std::string_view without_blanks_around(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

/// Takes the first line from the front of `text`.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::optional<std::string> read_operators(irc_options& chosen) {
  if (chosen.operator_file.empty())
    return std::nullopt;
  const auto outcome = read_small_file(chosen.operator_file, secrets_bytes_max);
  if (const auto* problem = std::get_if<unreadable>(&outcome))
    return "--irc-oper-file: " + problem->why;
  std::string_view rest = std::get<std::string>(outcome);
  for (int number = 1; !rest.empty(); ++number) {
    const auto line = without_blanks_around(take_line(rest));
    if (line.empty() || line.starts_with('#'))
      continue;
    if (const auto problem = add_operator(line, chosen))
      return chosen.operator_file + ":" + std::to_string(number) + ": " + *problem;
  }
  return std::nullopt;
}

std::optional<std::string> read_password(irc_options& chosen) {
  if (chosen.password_file.empty())
    return std::nullopt;
  if (!chosen.password.empty())
    return "--irc-password and --irc-password-file: there can be only one of them";
  auto outcome = read_small_file(chosen.password_file, secrets_bytes_max);
  if (const auto* problem = std::get_if<unreadable>(&outcome))
    return "--irc-password-file: " + problem->why;
  std::string_view content = std::get<std::string>(outcome);
  auto line = take_line(content);
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  chosen.password = line;
  if (const auto problem = password_problem(chosen.password))
    return chosen.password_file + ":1: " + *problem;
  return std::nullopt;
}

std::optional<std::string> read_motd(irc_options& chosen) {
  if (chosen.motd_file.empty())
    return std::nullopt;
  auto outcome = read_small_file(chosen.motd_file, motd_bytes_max);
  if (const auto* problem = std::get_if<unreadable>(&outcome))
    return "--motd: " + problem->why;
  auto& content = std::get<std::string>(outcome);
  if (content.find('\0') != std::string::npos)
    return "--motd: " + chosen.motd_file + ": holds a NUL byte";
  if (!is_valid_utf8(content))
    return "--motd: " + chosen.motd_file + ": is not UTF-8";
  chosen.motd = std::move(content);
  return std::nullopt;
}

std::optional<std::string> read_key_of_hosts(irc_options& chosen) {
  if (chosen.cloak_key_file.empty())
    return std::nullopt;
  const auto outcome = read_cloak_key(chosen.cloak_key_file);
  if (const auto* problem = std::get_if<std::string>(&outcome))
    return "--cloak-key: " + *problem;
  chosen.cloak_key = std::get<cloak::key>(outcome);
  return std::nullopt;
}

std::string machine_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0)
    return {};
  return name.data();
}

}  // namespace

void declare_irc_options(CLI::App& app, irc_options& chosen) {
  app.add_option("--server-name", chosen.server_name,
                 "Name of the server for IRC clients (default: the machine's, if it has a dot)")
      ->check(CLI::Validator(check_server_name, ""))
      ->type_name("NAME");
  app.add_option("--network", chosen.network,
                 "Name of the network for IRC clients (default: Confab)")
      ->check(CLI::Validator(check_network, ""))
      ->type_name("NAME");
  declare_file(app, "--motd", chosen.motd_file, "Message of the day for IRC clients");
  app.add_option("--irc-password", chosen.password,
                 "Password that IRC clients must give; others can see it in the list of processes")
      ->check(CLI::Validator(check_password, ""))
      ->type_name("TEXT");
  declare_file(app, "--irc-password-file", chosen.password_file,
               "The same from the first line of a file");
  app.add_option("--irc-oper", chosen.operator_words,
                 "Server operator of IRC, with the hash of a password; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME:HASH");
  declare_file(app, "--irc-oper-file", chosen.operator_file,
               "The same from a file of lines NAME:HASH; lines with # are comments");
  declare_file(app, "--cloak-key", chosen.cloak_key_file,
               "File with the secret, 16 bytes at least, that makes the hosts that stand for "
               "addresses: servers with the same one show the same hosts, so that bans by host "
               "hold on all of them (default: a new one at each start)");
  app.add_flag("--flood-loopback", chosen.flood_on_loopback,
               "Slow down IRC clients that flood from the same machine, too");
}

std::optional<std::string> complete(irc_options& chosen) {
  if (chosen.server_name.empty())
    chosen.server_name = server_name_on(machine_name());
  for (const auto step :
       {read_motd, read_password, add_given_operators, read_operators, read_key_of_hosts})
    if (auto problem = step(chosen))
      return problem;
  return std::nullopt;
}

std::string server_name_on(const std::string& machine) {
  return is_server_name(machine) ? machine : "confab.localhost";
}

}  // namespace confab::server
