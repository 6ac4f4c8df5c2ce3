#include "tests/faults/cluster/onlookers.hpp"

#include "tests/faults/cluster/command.hpp"
#include "tests/faults/cluster/speech.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace confab::faults {

namespace {

std::string read_file(const std::string& name) {
  std::ifstream file{name};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// irssi's own file: where to connect, what to join, and to write down everything.
std::string configuration(const std::string& nick, const std::string& log) {
  return "servers = ( { address = \"127.0.0.1\"; chatnet = \"here\"; port = \"" +
         std::to_string(port_of(dialect::irc)) +
         "\"; autoconnect = \"yes\"; } );\n"
         "chatnets = { here = { type = \"IRC\"; }; };\n"
         "channels = ( { name = \"#lobby\"; chatnet = \"here\"; autojoin = \"yes\"; } );\n"
         "settings = {\n"
         "  core = { real_name = \"onlooker\"; user_name = \"onlooker\"; nick = \"" +
         nick +
         "\"; server_reconnect_time = \"1s\"; };\n"
         "  \"irc/core\" = { cmd_queue_speed = \"10msec\"; };\n"
         "  \"fe-common/core\" = { autolog = \"yes\"; autolog_path = \"" +
         log +
         "\"; };\n"
         "};\n";
}

}  // namespace

bool onlookers::can_be_there() {
  return run({"irssi", "--version"}).status == 0 && run({"script", "--version"}).status == 0;
}

onlookers::onlookers(const cluster& servers, const std::string& folder) : folder_(folder) {
  for (std::size_t node = 0; node < nodes; ++node) {
    const auto home = folder_ + "/irssi-" + cluster::name(node);
    std::filesystem::create_directories(home);
    std::ofstream{home + "/config"}
        << configuration(std::string{onlooker_stem} + cluster::name(node), log_of(node));
    programs_[node] = start({"env", "TERM=xterm", "LC_ALL=C.UTF-8", "script", "-qfc",
                             "exec irssi --home=" + home, "/dev/null"},
                            servers.network(node), home + "/screen");
  }
}

onlookers::~onlookers() {
  for (const auto each : programs_) {
    ::kill(each, SIGKILL);  // The program ends with its terminal.
    wait_for(each);
  }
}

std::string onlookers::log_of(std::size_t node) const {
  return folder_ + "/irssi-" + cluster::name(node) + "/said";
}

bool onlookers::have_come() const {
  for (std::size_t node = 0; node < nodes; ++node)
    if (read_file(log_of(node)).find("[#lobby]") == std::string::npos &&
        read_file(log_of(node)).find("has joined #lobby") == std::string::npos)
      return false;
  return true;
}

std::set<text_id> onlookers::logbook(std::size_t node) const {
  std::ifstream file{log_of(node)};
  std::set<text_id> result;
  for (std::string line; std::getline(file, line);) {
    const auto author = line.find("> ");
    if (author == std::string::npos)
      continue;
    if (const auto text = text_with(std::string_view{line}.substr(author + 2)))
      result.insert(*text);
  }
  return result;
}

}  // namespace confab::faults
