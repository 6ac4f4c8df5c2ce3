// The program `oneroom_client`: talks in the one room of a server (docs/dialects/oneroom.md).

#include "apps/clients/common/connect.hpp"
#include "apps/clients/common/program.hpp"
#include "apps/clients/common/report.hpp"
#include "apps/clients/conversation/chat_loop.hpp"
#include "apps/clients/oneroom/oneroom_session.hpp"

#include <cstdlib>
#include <string>

namespace confab::client {
namespace {

constexpr program_description description{
    .name = "oneroom_client",
    .usage = "Usage: ./oneroom_client [server_address] [port] [username]",
    .help =
        "Says each line of its input in the one room of a chat server, and prints what\n"
        "everybody there says: the name of the author, a colon, the text. Ctrl-D or\n"
        "Ctrl-C ends it.\n"
        "\n"
        "  --tls      encrypt the connection, and check that the server is the one named\n"
        "  --ca FILE  with --tls: trust the certificates in FILE, not those of the system\n"
        "  --help     print this\n"
        "  --version  print the version\n",
    .arguments = 3,
    .takes_tls = true};

int talk(connection made, std::string_view name) {
  oneroom_session session(name);
  const auto result = chat_loop(std::move(made), session, {.edited = "> ", .unedited = ""}).run();
  if (!result.reason.empty())
    report(result.reason);
  return result.end == chat_end::finished ? EXIT_SUCCESS : EXIT_FAILURE;
}

int work(const invocation& call) {
  const auto& arguments = call.arguments;
  const auto server = parse_server(arguments[0], arguments[1]);
  if (!server)
    return EXIT_FAILURE;
  const auto obstacle = oneroom_name_obstacle(arguments[2]);
  if (!obstacle.empty()) {
    report("the user name " + obstacle);
    return EXIT_FAILURE;
  }
  auto made = connect_or_report(description, *server, call.tls);
  if (!made)
    return EXIT_FAILURE;
  return talk(std::move(*made), arguments[2]);
}

}  // namespace
}  // namespace confab::client

int main(int argc, char* argv[]) {
  return confab::client::run_program(confab::client::description,
                                     {argv, static_cast<std::size_t>(argc)}, confab::client::work);
}
