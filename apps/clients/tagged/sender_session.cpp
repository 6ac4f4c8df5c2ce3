#include "apps/clients/tagged/sender_session.hpp"

#include "apps/clients/tagged/tagged_message.hpp"

#include <cstdlib>
#include <utility>

namespace confab::client {
namespace {

// What isspace() knows in the "C" locale, but `\n`, which ends lines. NUL is text.
constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

session_step complain(std::string complaint) {
  return {.complaint = std::move(complaint)};
}

session_step fail(std::string complaint) {
  return {.complaint = std::move(complaint), .exit_code = EXIT_FAILURE};
}

}  // namespace

session_step sender_session::start(std::string_view user_name) {
  return send(request::login, "slogin", user_name);
}

session_step sender_session::on_input(const line& input) {
  if (input.too_long)
    return complain("the line is too long, nothing was sent");
  const auto text = trimmed(input.text);
  if (text.empty())
    return {};
  return text.starts_with('/') ? on_command(text) : send(request::other, "sendall", text);
}

session_step sender_session::on_command(std::string_view command) {
  const auto name = command.substr(0, command.find_first_of(blanks));
  const auto argument = trimmed(command.substr(name.size()));
  if (name == "/join") {
    return argument.empty() ? complain("/join needs the name of a room")
                            : send(request::other, "join", argument);
  }
  if (name == "/leave")
    return send(request::other, "leave", "bye");
  if (name == "/quit")
    return send(request::quit, "quit", "bye");
  return complain("unknown command " + std::string(name) + ", there are /join, /leave and /quit");
}

session_step sender_session::on_end_of_input(bool from_terminal) {
  if (from_terminal)
    return send(request::quit, "quit", "bye");
  return {.exit_code = EXIT_SUCCESS};
}

session_step sender_session::on_reply(const line& reply) {
  const auto asked = std::exchange(awaited_, request::none);
  const auto message = parse_message(reply.text);
  const bool accepted = message && message->tag == "ok";
  const bool refused = message && message->tag == "err";
  if (!accepted && !refused) {
    return fail(reply.too_long ? "the server's reply is too long"
                               : "the server's reply is neither ok nor err: " + reply.text);
  }
  session_step step;
  if (refused)
    step.complaint = message->payload;
  if (asked == request::quit)
    step.exit_code = EXIT_SUCCESS;
  else if (refused && asked == request::login)
    step.exit_code = EXIT_FAILURE;
  return step;
}

session_step sender_session::send(request kind, std::string_view tag, std::string_view payload) {
  auto message = encode_message(tag, payload);
  if (!message) {
    const std::string what = kind == request::login ? "the user name" : "the text";
    return complain(what + " " + encoding_obstacle(tag, payload) + "; nothing was sent");
  }
  awaited_ = kind;
  return {.request = std::move(message)};
}

}  // namespace confab::client
