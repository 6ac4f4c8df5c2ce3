// The loop of the chat clients with a server that takes little at a time, through TLS.

#include "apps/clients/conversation/chat_loop.hpp"
#include "tests/clients/common/encrypted_pair.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace confab;
using namespace confab::test;

namespace {

/// Says one long text and listens.
class speech : public client::chat_session {
 public:
  explicit speech(std::string text) : text_(std::move(text)) {}

  std::string opening() const override { return text_; }
  client::session_step on_input(const client::line&) override { return {}; }
  void push(std::string_view) override {}
  std::optional<client::session_step> next() override { return std::nullopt; }
  std::string refusal() const override { return {}; }

 private:
  std::string text_;
};

/// Runs a loop without input, in a process of its own: the exit code is 0 if it finished.
pid_t run_loop(encrypted_pair& pair, const std::string& text) {
  const pid_t child = ::fork();
  if (child != 0)
    return child;
  pair.server_end = file_descriptor();
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  speech session(text);
  const auto result = client::chat_loop(std::move(*pair.made), session, {"", ""}).run();
  ::_exit(result.end == client::chat_end::finished ? EXIT_SUCCESS : EXIT_FAILURE);
}

}  // namespace

TEST_CASE("what waits below the loop goes out when the server takes it, with the farewell") {
  encrypted_pair pair;
  const int smallest = 1;
  ::setsockopt(pair.made->descriptor(), SOL_SOCKET, SO_SNDBUF, &smallest, sizeof(smallest));
  const std::string text(10'000, 'x');  // one record, and more than the socket takes at once
  const pid_t child = run_loop(pair, text);
  REQUIRE(child > 0);
  const deadline end(waiting_span);
  while (pair.state == layer_state::open && !end.passed()) {
    pollfd watched{pair.server_end.get(), POLLIN, 0};
    ::poll(&watched, 1, end.poll_milliseconds(1000));
    pair.read();
  }
  CHECK(pair.state == layer_state::input_ended);
  CHECK(pair.output.up == text);
  if (pair.state == layer_state::input_ended)
    pair.say_farewell();
  else
    ::kill(child, SIGKILL);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
