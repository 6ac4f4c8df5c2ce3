#include "tests/faults/cluster/onlookers.hpp"

#include "tests/faults/cluster/command.hpp"
#include "tests/faults/cluster/speech.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace confab::faults {

namespace {

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
    all_[node].program = start({"env", "TERM=xterm", "LC_ALL=C.UTF-8", "script", "-qfc",
                                "exec irssi --home=" + home, "/dev/null"},
                               servers.network(node), home + "/screen");
  }
}

onlookers::~onlookers() {
  for (const auto& each : all_) {
    ::kill(each.program, SIGKILL);  // The program ends with its terminal.
    wait_for(each.program);
  }
}

std::string onlookers::log_of(std::size_t node) const {
  return folder_ + "/irssi-" + cluster::name(node) + "/said";
}

bool onlookers::have_come() const {
  return std::all_of(all_.begin(), all_.end(),
                     [](const onlooker& each) { return each.visit.has_value(); });
}

void onlookers::note(run_clock& clock, run_log& log) {
  for (std::size_t node = 0; node < nodes; ++node) {
    auto& it = all_[node];
    std::ifstream file{log_of(node)};
    file.seekg(static_cast<std::streamoff>(it.read_bytes));
    // A line that is not whole yet is read the next time.
    for (std::string line; std::getline(file, line) && !file.eof();) {
      it.read_bytes += line.size() + 1;
      note_line(node, line, clock, log);
    }
  }
}

/// Its own name may have something behind it, where somebody still had it.
void onlookers::note_line(std::size_t node, std::string_view line, run_clock& clock, run_log& log) {
  auto& visit = all_[node].visit;
  const auto own_nick = "-!- " + (std::string{onlooker_stem} + cluster::name(node));
  if (line.find(own_nick) != std::string_view::npos &&
      line.find("has joined #lobby") != std::string_view::npos) {
    visit = log.visits.size();
    log.visits.push_back({node, clock.next(), {}});
    return;
  }
  const auto author = line.find("> ");
  if (author == std::string_view::npos || !visit)
    return;
  if (const auto text = text_with(line.substr(author + 2)))
    log.visits[*visit].read.push_back(*text);
}

}  // namespace confab::faults
