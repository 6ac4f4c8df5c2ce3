#include "tests/browser/chat_page.hpp"

#include <algorithm>
#include <csignal>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace confab::test {

web_server::web_server(std::vector<std::string> more_options)
    : more_options_(std::move(more_options)) {
  start();
}

void web_server::start() {
  std::vector<std::string> options{"--bind",    "127.0.0.1",
                                   "--web",     std::to_string(port_),
                                   "--irc",     std::to_string(irc_port_),
                                   "--admin",   std::to_string(admin_port_),
                                   "--history", folder_.file()};
  options.insert(options.end(), more_options_.begin(), more_options_.end());
  server_ = std::make_unique<mixed_server>(options);
  port_ = wait_for_port(*server_, "web");
  irc_port_ = wait_for_port(*server_, "irc");
  admin_port_ = wait_for_port(*server_, "admin");
}

void web_server::kill() {
  server_->signal(SIGKILL);
  server_->wait();
}

std::string web_server::address() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/";
}

std::string web_server::admin_address() const {
  return "http://127.0.0.1:" + std::to_string(admin_port_) + "/rooms";
}

void web_server::say(const std::string& name, const std::string& room,
                     const std::vector<std::string>& texts) {
  auto sender = server_->sender(name, room);
  for (const auto& each : texts)
    sender.queue("sendall:" + each + "\n");
  sender.send("");
  for (const auto& answer : sender.read_lines(texts.size()))
    if (answer != "ok:message sent")
      throw std::runtime_error{"a text was answered " + answer};
}

std::ostream& operator<<(std::ostream& out, const shown_text& text) {
  return out << text.author << ": " << text.text;
}

void chat_page::enter(const web_server& server, const std::string& name, const std::string& room) {
  enter(server.address(), name, room);
}

void chat_page::enter(const std::string& address, const std::string& name,
                      const std::string& room) {
  open(address + (room.empty() ? "" : "?room=" + room));
  wait_until("document.activeElement?.id === 'name'");  // The scripts have come, too.
  type("#name", name);
  press("Enter");
  wait_until("!document.getElementById('chat').hidden");
}

void chat_page::say(const std::string& text) {
  type("#say", text);
  press("Enter");
}

std::vector<shown_text> chat_page::log() {
  const auto found = evaluate(
      "[...document.querySelectorAll('#log .said:not(.pending)')].map((each) =>"
      " [each.querySelector('.author').textContent, each.querySelector('.words').textContent])");
  std::vector<shown_text> result;
  for (const auto& each : found)
    result.push_back({each[0], each[1]});
  return result;
}

std::size_t chat_page::count(const std::string& text) {
  const auto all = texts_of("#log .said .words");
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), text));
}

void chat_page::wait_for(const std::string& text, std::chrono::milliseconds span) {
  wait_until(
      "[...document.querySelectorAll('#log .said:not(.pending) .words')].some((each) =>"
      " each.textContent === " +
          nlohmann::json(text).dump() + ")",
      span);
}

void chat_page::wait_until_settled(std::chrono::milliseconds span) {
  wait_until(
      "document.getElementById('lost').hidden"
      " && document.querySelector('#log .pending') === null"
      " && document.getElementById('own_state').textContent === 'connected'",
      span);
}

}  // namespace confab::test
