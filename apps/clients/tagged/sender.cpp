// The program `sender`: sends what is typed to a chat room (docs/dialects/tagged.md).

#include "apps/clients/common/connect.hpp"
#include "apps/clients/common/connection.hpp"
#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/line_queue.hpp"
#include "apps/clients/common/program.hpp"
#include "apps/clients/common/report.hpp"
#include "apps/clients/tagged/sendable.hpp"
#include "apps/clients/tagged/sender_session.hpp"
#include "apps/clients/tagged/tagged_message.hpp"
#include "apps/clients/terminal/line_source.hpp"

#include <array>
#include <cstdlib>
#include <memory>
#include <string>

namespace confab::client {
namespace {

constexpr program_description description{
    .name = "sender",
    .usage = "Usage: ./sender [server_address] [port] [username]",
    .help =
        "Sends each line of its input as a message to a chat room, or does what it commands:\n"
        "\n"
        "  /join [room]  enter a room, and leave the one before\n"
        "  /leave        leave the room\n"
        "  /quit         end (so does Ctrl-D)\n"
        "\n"
        "  --tls      encrypt the connection, and check that the server is the one named\n"
        "  --ca FILE  with --tls: trust the certificates in FILE, not those of the system\n"
        "  --help     print this\n"
        "  --version  print the version\n",
    .arguments = 3,
    .takes_tls = true};

class sender {
 public:
  explicit sender(connection made) : connection_(std::move(made)) {}

  int run(std::string_view user_name) {
    apply(session_.start(user_name));
    while (!exit_code_)
      if (session_.awaits_reply())
        await_reply();
      else
        await_input();
    return *exit_code_;
  }

 private:
  void await_reply() {
    if (const auto reply = replies_.next())
      apply(session_.on_reply(*reply));
    else if (connection_.ended())
      lose_connection();
    else
      wait(false, true);
  }

  // A server that is scripted may have sent its replies before the requests: those lines are kept,
  // and nothing more is read (so neither is the end of the connection) until they are used up.
  void await_input() {
    if (!input_)  // the login is done
      input_ = open_standard_input("> ", connection_.descriptor());
    if (const auto input = input_->next()) {
      apply(session_.on_input(*input));
    } else if (input_->ended()) {
      apply(session_.on_end_of_input(input_->is_terminal()));
    } else if (connection_.ended() && !replies_.has_next()) {
      input_->interrupt();
      lose_connection();
    } else {
      input_->prompt();
      wait(true, !replies_.has_next() && !connection_.ended());
    }
  }

  // Waits for input, for the server, or both, and takes what has arrived.
  void wait(bool for_input, bool for_server) {
    std::array watched{pollfd{for_input ? input_->descriptor() : -1, POLLIN, 0},
                       pollfd{for_server ? connection_.descriptor() : -1, POLLIN, 0},
                       pollfd{input_ ? input_->signal_descriptor() : -1, POLLIN, 0}};
    wait_for(watched);
    if (watched[2].revents != 0)
      input_->on_signal();
    if (watched[0].revents != 0)
      input_->on_readable();
    if (watched[1].revents != 0)
      replies_.push(connection_.receive());
  }

  void apply(const session_step& step) {
    if (step.complaint)
      report(*step.complaint);
    if (step.request)
      connection_.send(*step.request);
    exit_code_ = step.exit_code;
  }

  void lose_connection() {
    report(connection_.ending());
    exit_code_ = EXIT_FAILURE;
  }

  connection connection_;
  sender_session session_;
  line_queue replies_{received_line_bytes_max};
  std::unique_ptr<line_source> input_;
  std::optional<int> exit_code_;
};

int work(const invocation& call) {
  const auto& arguments = call.arguments;
  const auto server = parse_server(arguments[0], arguments[1]);
  if (!server || !check_sendable("the user name", "slogin", arguments[2]))
    return EXIT_FAILURE;
  auto made = connect_or_report(description, *server, call.tls);
  if (!made)
    return EXIT_FAILURE;
  return sender(std::move(*made)).run(arguments[2]);
}

}  // namespace
}  // namespace confab::client

int main(int argc, char* argv[]) {
  return confab::client::run_program(confab::client::description,
                                     {argv, static_cast<std::size_t>(argc)}, confab::client::work);
}
