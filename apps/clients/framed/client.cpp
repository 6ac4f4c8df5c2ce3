// The program `client`: talks in the channels of a framed server (docs/dialects/framed.md).

#include "apps/clients/common/connect.hpp"
#include "apps/clients/common/program.hpp"
#include "apps/clients/common/report.hpp"
#include "apps/clients/conversation/chat_loop.hpp"
#include "apps/clients/framed/framed_session.hpp"

#include <cstdlib>
#include <string>
#include <unistd.h>

namespace confab::client {
namespace {

constexpr program_description description{
    .name = "client",
    .usage = "Usage: ./client [name] [server_address] [port]",
    .help =
        "Sends each line of its input to a chat server, and prints what the server says:\n"
        "\n"
        "  /list              ask for the channels there are\n"
        "  /create [channel]  make a channel, and enter it\n"
        "  /join [channel]    enter a channel, and leave the one before\n"
        "\n"
        "Any other line is said to the channel. Ctrl-D or Ctrl-C ends it.\n"
        "\n"
        "  --tls      encrypt the connection, and check that the server is the one named\n"
        "  --ca FILE  with --tls: trust the certificates in FILE, not those of the system\n"
        "  --help     print this\n"
        "  --version  print the version\n",
    .arguments = 3,
    .takes_tls = true};

constexpr std::string_view prompt = "[Me] ";

// The course's own words, which its tests look for on standard output (docs/dialects/framed.md).
[[nodiscard]] bool say(const std::string& text) {
  return print(shown(text, ::isatty(STDOUT_FILENO) != 0) + "\n");
}

int talk(connection made, std::string_view name, const std::string& server) {
  framed_session session(name);
  const auto result = chat_loop(std::move(made), session, {prompt, prompt}).run();
  if (result.end == chat_end::server_gone)
    (void)say("Server at " + server + " has disconnected");
  else if (result.end == chat_end::refused)
    report(result.reason);
  return result.end == chat_end::finished ? EXIT_SUCCESS : EXIT_FAILURE;
}

int work(const invocation& call) {
  const auto& arguments = call.arguments;
  const auto server = parse_server(arguments[1], arguments[2]);
  if (!server)
    return EXIT_FAILURE;
  const auto obstacle = framed_name_obstacle(arguments[0]);
  if (!obstacle.empty()) {
    report("the name " + obstacle);
    return EXIT_FAILURE;
  }
  const std::string named = std::string(arguments[1]) + ":" + arguments[2];
  auto connected = connect_to(*server, call.tls);
  if (!connected.made) {
    (void)say("Unable to connect to " + named);
    report("client: " + connected.error);
    return EXIT_FAILURE;
  }
  return talk(std::move(*connected.made), arguments[0], named);
}

}  // namespace
}  // namespace confab::client

int main(int argc, char* argv[]) {
  return confab::client::run_program(confab::client::description,
                                     {argv, static_cast<std::size_t>(argc)}, confab::client::work);
}
