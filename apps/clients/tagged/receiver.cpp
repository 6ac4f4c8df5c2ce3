// The program `receiver`: prints what is said in one room (docs/dialects/tagged.md).

#include "apps/clients/common/connect.hpp"
#include "apps/clients/common/connection.hpp"
#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/line_queue.hpp"
#include "apps/clients/common/program.hpp"
#include "apps/clients/common/report.hpp"
#include "apps/clients/tagged/receiver_session.hpp"
#include "apps/clients/tagged/sendable.hpp"
#include "apps/clients/tagged/tagged_message.hpp"
#include "io/text/printable.hpp"

#include <array>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace confab::client {
namespace {

constexpr program_description description{
    .name = "receiver",
    .usage = "Usage: ./receiver [server_address] [port] [username] [room]",
    .help =
        "Prints what is said in a room of a chat server, one line per message:\n"
        "the name of the sender, a colon, a blank, the text. Ctrl-C ends it.\n"
        "\n"
        "  --tls      encrypt the connection, and check that the server is the one named\n"
        "  --ca FILE  with --tls: trust the certificates in FILE, not those of the system\n"
        "  --help     print this\n"
        "  --version  print the version\n",
    .arguments = 4,
    .takes_tls = true};

class receiver {
 public:
  receiver(connection made, receiver_session session)
      : connection_(std::move(made)), session_(std::move(session)) {}

  int run() {
    apply(session_.start());
    while (!exit_code_) {
      wait();
      lines_.push(connection_.receive());
      take_lines();
      if (!exit_code_ && connection_.ended()) {
        report(connection_.ending());
        exit_code_ = EXIT_FAILURE;
      }
    }
    return *exit_code_;
  }

 private:
  // Wakes up also when nobody reads the output any more.
  void wait() {
    std::array watched{pollfd{connection_.descriptor(), POLLIN, 0}, pollfd{STDOUT_FILENO, 0, 0}};
    wait_for(watched);
    if ((watched[1].revents & POLLERR) != 0) {
      report("cannot write to standard output: nobody reads it");
      exit_code_ = EXIT_FAILURE;
    }
  }

  // One write for all lines that arrived together; none of them waits for a later one.
  void take_lines() {
    while (!exit_code_) {
      const auto received = lines_.next();
      if (!received)
        break;
      apply(session_.on_line(*received));
    }
    flush();
  }

  void apply(const session_step& step) {
    if (step.output) {
      output_ += on_terminal_ ? printable(*step.output) : *step.output;
      output_ += '\n';
    }
    if (step.complaint) {
      flush();  // what came first is shown first
      report(*step.complaint);
    }
    if (step.request)
      connection_.send(*step.request);
    if (step.exit_code && !exit_code_)
      exit_code_ = step.exit_code;
  }

  void flush() {
    if (!output_.empty() && !exit_code_ && !print(output_))
      exit_code_ = EXIT_FAILURE;
    output_.clear();
  }

  connection connection_;
  receiver_session session_;
  line_queue lines_{received_line_bytes_max};
  const bool on_terminal_ = ::isatty(STDOUT_FILENO) != 0;
  std::string output_;
  std::optional<int> exit_code_;
};

int work(const invocation& call) {
  const auto& arguments = call.arguments;
  const auto server = parse_server(arguments[0], arguments[1]);
  if (!server || !check_sendable("the user name", "rlogin", arguments[2]) ||
      !check_sendable("the room name", "join", arguments[3]))
    return EXIT_FAILURE;
  auto made = connect_or_report(description, *server, call.tls);
  if (!made)
    return EXIT_FAILURE;
  return receiver(std::move(*made), {arguments[2], arguments[3]}).run();
}

}  // namespace
}  // namespace confab::client

int main(int argc, char* argv[]) {
  return confab::client::run_program(confab::client::description,
                                     {argv, static_cast<std::size_t>(argc)}, confab::client::work);
}
