// The program `basic_client`: sends one line to a server, and ends (Part 0 of the framed course
// document).

#include "apps/clients/common/connect.hpp"
#include "apps/clients/common/connection.hpp"
#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/program.hpp"
#include "apps/clients/common/report.hpp"
#include "io/net/resolve.hpp"
#include "io/text/line_reader.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>
#include <unistd.h>
#include <variant>

namespace confab::client {
namespace {

constexpr program_description description{
    .name = "basic_client",
    .usage = "Usage: ./basic_client [server_address] [port]",
    .help =
        "Sends one line of its input, without the line end, to a server, and closes the\n"
        "connection.\n"
        "\n"
        "  --help     print this\n"
        "  --version  print the version\n",
    .arguments = 2};

// Of at most 64 KiB each: a server that talks without end does not keep us.
constexpr int drain_rounds_max = 64;

// A longer line is sent in parts, so that a line may have any length.
constexpr std::size_t part_bytes_max = 64 * 1024;

class basic_client {
 public:
  explicit basic_client(connection made) : connection_(std::move(made)) {}

  int run() {
    while (!line_ended_ && !exit_code_) {
      std::array watched{pollfd{connection_.descriptor(), POLLIN, 0},
                         pollfd{STDIN_FILENO, POLLIN, 0}};
      wait_for(watched);
      if (watched[0].revents != 0)
        receive();
      if (!exit_code_ && watched[1].revents != 0)
        read_input();
    }
    return exit_code_ ? *exit_code_ : finish();
  }

 private:
  // What the server says is not shown; only that it closes the connection matters.
  void receive() {
    (void)connection_.receive();
    if (connection_.ended())
      fail(connection_.ending());
  }

  void read_input() {
    std::array<char, 16 * 1024> buffer{};
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count > 0) {
      send_line({buffer.data(), static_cast<std::size_t>(count)});
    } else if (count == 0) {
      send(input_.finish());
      line_ended_ = true;
    } else if (errno != EAGAIN && errno != EINTR) {
      fail("cannot read standard input: " + error_text(errno));
    }
  }

  void send_line(std::string_view bytes) {
    while (!line_ended_ && !bytes.empty())
      send(input_.next(bytes));
  }

  void send(const line_reader::result& found) {
    if (const auto* part = std::get_if<line_reader::part>(&found)) {
      line_begun_ = true;
      connection_.send(part->text);
    } else if (const auto* line = std::get_if<line_reader::line>(&found)) {
      line_begun_ = line_ended_ = true;
      connection_.send(line->text);
    }
  }

  // Bytes from the server that nobody has read would make the close a reset, and a reset can
  // overtake the line.
  int finish() {
    if (!line_begun_) {
      fail("there is no line to send: standard input is empty");
    } else {
      connection_.finish_sending();
      for (int round = 0; round < drain_rounds_max && !connection_.receive().empty(); ++round) {
      }
      if (connection_.failed())
        fail(connection_.ending());
    }
    return exit_code_.value_or(EXIT_SUCCESS);
  }

  void fail(const std::string& why) {
    report(why);
    exit_code_ = EXIT_FAILURE;
  }

  connection connection_;
  line_reader input_{part_bytes_max, overlong_lines::handed_out_in_parts};
  bool line_begun_ = false;
  bool line_ended_ = false;
  std::optional<int> exit_code_;
};

int work(const invocation& call) {
  const auto server = parse_server(call.arguments[0], call.arguments[1]);
  if (!server)
    return EXIT_FAILURE;
  auto made = connect_or_report(description, *server);
  if (!made)
    return EXIT_FAILURE;
  return basic_client(std::move(*made)).run();
}

}  // namespace
}  // namespace confab::client

int main(int argc, char* argv[]) {
  return confab::client::run_program(confab::client::description,
                                     {argv, static_cast<std::size_t>(argc)}, confab::client::work);
}
