// The program `basic_server`: prints what clients send, one client after the other (Part 0 of the
// framed course document).

#include "apps/clients/basic/message_printer.hpp"
#include "apps/clients/common/connection.hpp"
#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/program.hpp"
#include "apps/clients/common/report.hpp"
#include "io/net/listening_socket.hpp"
#include "io/net/resolve.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <optional>
#include <signal.h>
#include <string>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <variant>

namespace confab::client {
namespace {

constexpr program_description description{
    .name = "basic_server",
    .usage = "Usage: ./basic_server [port]",
    .help =
        "Prints the message of each client that connects, each on a line of its own. Clients\n"
        "are served one after the other: each until it closes its connection. Port 0 takes a\n"
        "free port. Ctrl-C ends it.\n"
        "\n"
        "  --help     print this\n"
        "  --version  print the version\n",
    .arguments = 1};

// The signals that end the program, as a descriptor that is readable when one has arrived.
file_descriptor ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  return file_descriptor(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
}

// True when accept() failed for a reason that will not pass by itself.
bool stays(int error_number) {
  constexpr std::array reasons{EBADF, EINVAL, ENOTSOCK, EMFILE, ENFILE, ENOBUFS, ENOMEM};
  return std::find(reasons.begin(), reasons.end(), error_number) != reasons.end();
}

class basic_server {
 public:
  explicit basic_server(file_descriptor listener)
      : listener_(std::move(listener)), signals_(ending_signals()) {}

  int run() {
    while (wait(listener_.get(), POLLIN)) {
      file_descriptor client(
          ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (client.valid()) {
        serve(std::move(client));
      } else if (stays(errno)) {
        report("cannot accept connections: " + error_text(errno));
        exit_code_ = EXIT_FAILURE;
      }
    }
    return exit_code_.value_or(EXIT_SUCCESS);
  }

 private:
  // Prints the client's message as it arrives: nobody else's can come between, and no message is
  // too long to be kept. Returns when the client has closed the connection, or lost it.
  void serve(file_descriptor socket) {
    constexpr int on = 1;  // else a client that vanishes holds up all others for ever
    ::setsockopt(socket.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    connection client(std::move(socket));
    message_printer message(on_terminal_);
    while (!client.ended() && wait(client.descriptor(), POLLIN))
      write(message.push(client.receive()));
    write(message.finish());
  }

  // False when the program is to end.
  bool wait(int descriptor, short events) {
    std::array watched{pollfd{descriptor, events, 0}, pollfd{signals_.get(), POLLIN, 0}};
    if (!exit_code_) {
      wait_for(watched);
      if (watched[1].revents != 0)
        exit_code_ = EXIT_SUCCESS;
    }
    return !exit_code_;
  }

  // In pieces that a pipe takes whole, so that a reader who does not read cannot keep the signals
  // from having their effect.
  void write(std::string_view bytes) {
    while (!bytes.empty() && wait(STDOUT_FILENO, POLLOUT)) {
      const auto piece = bytes.substr(0, PIPE_BUF);
      bytes.remove_prefix(piece.size());
      if (!print(piece))
        exit_code_ = EXIT_FAILURE;
    }
  }

  file_descriptor listener_;
  file_descriptor signals_;
  const bool on_terminal_ = ::isatty(STDOUT_FILENO) != 0;
  std::optional<int> exit_code_;
};

int work(const invocation& call) {
  const auto port = parse_listening_port(call.arguments[0]);
  if (!port) {
    report("invalid port " + std::string(call.arguments[0]) +
           ": it must be a number from 0 to 65535");
    return EXIT_FAILURE;
  }
  constexpr auto every_interface = "";
  auto opened = open_listening_sockets(every_interface, *port);
  if (const auto* problem = std::get_if<std::string>(&opened)) {
    report("cannot listen on port " + std::to_string(*port) + ": " + *problem);
    return EXIT_FAILURE;
  }
  auto& listening = std::get<listening_sockets>(opened);
  basic_server server(std::move(listening.descriptors.front()));  // one serves every interface
  report("listening: basic on port " + std::to_string(listening.port));
  return server.run();
}

}  // namespace
}  // namespace confab::client

int main(int argc, char* argv[]) {
  return confab::client::run_program(confab::client::description,
                                     {argv, static_cast<std::size_t>(argc)}, confab::client::work);
}
