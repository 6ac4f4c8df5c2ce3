// What the program `sender` makes of its input and of a server's replies: a line is a reply while
// one is awaited, else it is input.

#include "apps/clients/tagged/sender_session.hpp"
#include "apps/clients/tagged/tagged_message.hpp"
#include "io/dialects/tagged/tagged.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/fuzz/lines.hpp"
#include "tests/support/authors.hpp"

using namespace confab;

namespace {

constexpr std::size_t line_bytes_max = 600;

/// A request is one line that fits, and one command to a server.
void check_request(const std::string& request) {
  static const auto tagged = tagged::make_dialect(tagged::edition::spring2022);
  fuzz::require(request.find('\n') + 1 == request.size(), "a request is one line");
  fuzz::require(request.size() <= client::message_bytes_max, "a request fits MAX_LENGTH");
  const auto now = test::make_standing("bob", {.speaks = true}, "cafe");
  const auto decoder = tagged->make_decoder();
  std::string_view bytes = request;
  const auto found = decoder->next(bytes, now);
  fuzz::require(found && bytes.empty(), "a request is one command");
  if (const auto* text = std::get_if<say>(&found.value()))
    fuzz::require("sendall:" + text->text + "\n" == request, "the text arrives as it was sent");
}

void check(const client::session_step& step, const client::sender_session& session) {
  fuzz::require(!step.output, "a sender prints nothing on stdout");
  fuzz::require(!step.complaint || step.complaint->find('\n') == std::string::npos,
                "a complaint is one line");
  fuzz::require(step.request.has_value() == session.awaits_reply(),
                "a reply is awaited to each request and to nothing else");
  if (step.request)
    check_request(*step.request);
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  client::sender_session session;
  check(session.start("bob"), session);
  for (const auto& each : fuzz::check_lines(input, line_bytes_max)) {
    const auto step = session.awaits_reply() ? session.on_reply(each) : session.on_input(each);
    check(step, session);
    if (step.exit_code)
      return;
  }
  if (!session.awaits_reply())
    fuzz::require(session.on_end_of_input(false).exit_code == 0, "the end of input ends it");
}
