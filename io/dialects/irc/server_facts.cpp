#include "io/dialects/irc/server_facts.hpp"

#include "io/dialects/irc/civil_time.hpp"
#include "io/dialects/irc/line_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace confab::irc {
namespace {

constexpr std::int64_t ms_per_second = 1000;

constexpr std::array info_lines = {
    std::string_view{"Confab: one chat server for several protocols."},
    std::string_view{"Those who come by another protocol are here as name/protocol."},
    std::string_view{"HELP tells of the commands."},
};

void append_line(const settings& shared, numeric number, std::string_view nick,
                 std::string_view text, std::string& out) {
  line_writer{out, shared.server_name, number, nick}.trailing(text);
}

// The next line of a text, which is taken from its front. Its end may be LF or CR LF.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

std::string two_digits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string calendar_time(std::int64_t seconds) {
  const auto time = civil_time_of(seconds * ms_per_second);
  return std::to_string(time.year) + "-" + two_digits(time.month) + "-" + two_digits(time.day) +
         " " + two_digits(time.hour) + ":" + two_digits(time.minute) + ":" +
         two_digits(time.second) + " UTC";
}

std::string uptime_words(std::int64_t seconds) {
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  return "Server Up " + std::to_string(seconds / day) + " days " +
         std::to_string(seconds % day / hour) + ":" + two_digits(seconds % hour / minute) + ":" +
         two_digits(seconds % minute);
}

}  // namespace

std::string version_word(const settings& shared) {
  auto result = shared.version;
  std::replace(result.begin(), result.end(), ' ', '-');
  return result;
}

isupport_settings isupport_of(const settings& shared) {
  isupport_settings result;
  result.network = shared.network;
  result.lobby = shared.lobby;
  result.room_name_bytes_max = shared.room_name_bytes_max;
  result.channels_max = shared.rooms_per_client_max;
  result.history_messages_max = shared.history_messages_max;
  fit_texts(shared.server_name, result);
  return result;
}

void append_motd(const settings& shared, std::string_view nick, std::string& out) {
  if (shared.motd.empty()) {
    append_line(shared, numeric::ERR_NOMOTD, nick, "There is no message of the day", out);
    return;
  }
  append_line(shared, numeric::RPL_MOTDSTART, nick,
              "- " + shared.server_name + " Message of the day -", out);
  for (std::string_view rest = shared.motd; !rest.empty();)
    append_line(shared, numeric::RPL_MOTD, nick, std::string{"- "}.append(take_line(rest)), out);
  append_line(shared, numeric::RPL_ENDOFMOTD, nick, "End of the message of the day", out);
}

void append_version(const settings& shared, std::string_view nick, std::string& out) {
  line_writer{out, shared.server_name, numeric::RPL_VERSION, nick}
      .middle(version_word(shared))
      .middle(shared.server_name)
      .trailing("");
  append_isupport(shared.server_name, nick, isupport_of(shared), out);
}

void append_time(const settings& shared, std::string_view nick, std::string& out) {
  const auto seconds = shared.now_ms() / ms_per_second;
  line_writer{out, shared.server_name, numeric::RPL_TIME, nick}
      .middle(shared.server_name)
      .middle(std::to_string(seconds))
      .middle("0")
      .trailing(calendar_time(seconds));
}

void append_admin(const settings& shared, std::string_view nick, std::string& out) {
  line_writer{out, shared.server_name, numeric::ERR_NOADMININFO, nick}
      .middle(shared.server_name)
      .trailing("No administrative info available");
}

void append_info(const settings& shared, std::string_view nick, std::string& out) {
  append_line(shared, numeric::RPL_INFO, nick, shared.version, out);
  for (const auto line : info_lines)
    append_line(shared, numeric::RPL_INFO, nick, line, out);
  append_line(shared, numeric::RPL_ENDOFINFO, nick, "End of INFO list", out);
}

void append_uptime(const settings& shared, std::string_view nick, std::string& out) {
  append_line(shared, numeric::RPL_STATSUPTIME, nick,
              uptime_words((shared.now_ms() - shared.started_ms) / ms_per_second), out);
  line_writer{out, shared.server_name, numeric::RPL_ENDOFSTATS, nick}.middle("u").trailing(
      "End of STATS report");
}

std::string user_mode_letters(const identity& who) {
  const std::array letters = {
      std::pair{'B', who.bot},
      std::pair{'i', who.invisible},
      std::pair{'o', who.server_operator},
      std::pair{'w', who.hears_wallops},
  };
  std::string result = "+";
  for (const auto& [letter, is_set] : letters)
    if (is_set)
      result += letter;
  return result;
}

}  // namespace confab::irc
