// What the program `receiver` makes of the lines that a server sends.

#include "apps/clients/tagged/receiver_session.hpp"
#include "apps/clients/tagged/tagged_message.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/fuzz/lines.hpp"

using namespace confab;

namespace {

constexpr std::size_t line_bytes_max = 300;

void check(const client::session_step& step, const client::line& received) {
  const auto message = client::parse_message(received.text);
  if (step.output) {
    const auto delivered = client::parse_delivery(message.value().payload);
    fuzz::require(message->tag == "delivery", "only a delivery is printed");
    fuzz::require(
        *step.output == std::string{delivered.value().sender} + ": " + std::string{delivered->text},
        "a delivery is printed as 'sender: text'");
  }
  if (step.request)
    fuzz::require(*step.request == "join:cafe\n", "the only request is the join");
  if (step.exit_code)
    fuzz::require(message.value().tag == "err", "only an err ends the program");
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  client::receiver_session session{"alice", "cafe"};
  fuzz::require(session.start().request == "rlogin:alice\n", "the first request is the login");
  int requests = 0;
  for (const auto& received : fuzz::check_lines(input, line_bytes_max)) {
    const auto step = session.on_line(received);
    check(step, received);
    requests += step.request ? 1 : 0;
    if (step.exit_code)
      break;
  }
  fuzz::require(requests <= 1, "there is one join");
}
