#include "io/dialects/irc/request.hpp"

#include "io/dialects/irc/standard_replies.hpp"

#include <utility>
#include <variant>

namespace confab::irc {

std::string_view request::nick() const {
  return now.logged_in() ? std::string_view{now.who->nick} : "*";
}

std::string_view request::parameter(std::size_t index) const {
  return index < parameters.size() ? parameters[index] : std::string_view{};
}

void request::add(command what, std::string_view subject, std::string_view detail) {
  auto& added = queue.emplace_back(pending_command{.what = std::move(what)});
  added.answered.verb = verb;
  added.answered.subject = subject;
  added.answered.detail = detail;
}

std::string& request::answer() {
  if (queue.empty() || !std::holds_alternative<respond>(queue.back().what))
    add(respond{});
  return std::get<respond>(queue.back().what).bytes;
}

line_writer request::reply(numeric number) {
  return {answer(), shared.server_name, number, nick()};
}

void request::fail(std::string_view code, std::initializer_list<std::string_view> context,
                   std::string_view text) {
  append_fail(shared.server_name, verb, code, context, text, answer());
}

void request::refuse_as_too_short() {
  reply(numeric::ERR_NEEDMOREPARAMS).middle(verb).trailing("Not enough parameters");
}

void request::refuse_channel(std::string_view channel) {
  reply(numeric::ERR_NOSUCHCHANNEL).middle(channel).trailing("No such channel");
}

}  // namespace confab::irc
