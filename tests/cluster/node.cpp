#include "tests/cluster/node.hpp"

#include "actors/cluster/wire_types.hpp"
#include "io/cluster/own_node_id.hpp"
#include "io/net/event_loop.hpp"
#include "io/placement.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/deadline.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <unistd.h>
#include <utility>

#include <caf/io/all.hpp>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

namespace confab::test {

namespace {

using told_atom = caf::atom_constant<caf::atom("told")>;
using say_atom = caf::atom_constant<caf::atom("say")>;

/// What the text of a message is between stand-ins.
wire_message message_of(std::string text) {
  return {wire_news{1, 1, {room_news{"cafe", {1, 2}, {said{std::move(text)}}, 0, {}}}}};
}

std::string text_of(const wire_message& message) {
  const auto& news = std::get<wire_news>(message.what).news.at(0);
  return std::get<said>(std::get<room_news>(news).events.at(0)).text;
}

/// Tells the test whatever it is told.
caf::behavior stand_in(caf::stateful_actor<wire_actor>* self, const caf::actor& test,
                       const std::string& other) {
  const auto tell = [=](std::string what) {
    self->send(test, told_atom::value, other, std::move(what));
  };
  return {
      [=](wire_atom, const wire_message& message) { tell(text_of(message)); },
      [=](linked_atom, const wire_actor& remote) {
        self->state = remote;
        tell("linked");
      },
      [=](lost_atom) {
        self->state = wire_actor{};
        tell("lost");
      },
      [=](say_atom, std::string& text) {
        if (self->state)
          self->send(self->state, wire_atom::value, message_of(std::move(text)));
      },
  };
}

std::shared_ptr<spdlog::logger> logger_to(const std::string& path) {
  auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
  auto result = std::make_shared<spdlog::logger>("node", std::move(sink));
  result->flush_on(spdlog::level::trace);
  return result;
}

listening_sockets listen_on(std::uint16_t port) {
  auto opened = open_listening_sockets("127.0.0.1", port);
  if (const auto* problem = std::get_if<std::string>(&opened))
    throw std::runtime_error{"cannot listen: " + *problem};
  return std::get<listening_sockets>(std::move(opened));
}

}  // namespace

node_config::node_config() : known_dialects({"tagged", "irc"}) {
  load<caf::io::middleman, event_loop>();
  set("scheduler.max-threads", std::size_t{1});
  set("middleman.workers", std::size_t{0});
  set("middleman.heartbeat-interval", caf::timespan{std::chrono::milliseconds{200}});
  set("middleman.connection-timeout", caf::timespan{std::chrono::milliseconds{1000}});
  set("logger.verbosity", caf::atom("quiet"));
  register_wire_types(*this);
  draw_node_id(*this);
  ::signal(SIGPIPE, SIG_IGN);  // As the server's main does.
}

cluster_address::cluster_address(std::string name)
    : name_(std::move(name)), sockets_(listen_on(0)), port_(sockets_.port) {}

std::vector<int> cluster_address::listen() {
  if (sockets_.descriptors.empty())
    sockets_ = listen_on(port_);
  std::vector<int> result;
  for (auto& each : sockets_.descriptors)
    result.push_back(each.release());
  sockets_.descriptors.clear();
  return result;
}

log_file::log_file() {
  path_ = (std::filesystem::temp_directory_path() / "confab-node-XXXXXX").string();
  const int descriptor = ::mkstemp(path_.data());
  if (descriptor < 0)
    throw std::runtime_error{"cannot make " + path_};
  ::close(descriptor);
}

log_file::~log_file() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

std::string log_file::content() const {
  std::ifstream file{path_, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

node::node(cluster_address& where, node_plan plan) : name_(where.name()), plan_(std::move(plan)) {
  membership_ = placement::spawn_membership(*system_,
                                            {.name = name_,
                                             .peers = plan_.peers,
                                             .context = plan_.context,
                                             .seed = where.port(),
                                             .log = logger_to(log_.path()),
                                             .version = plan_.version},
                                            {where.listen(), where.port()});
  if (plan_.serves)
    serve();
}

node::~node() {
  (*self_)->send(membership_, close_atom::value);
  for (const auto& [other, peer] : peers_)
    (*self_)->send_exit(peer, caf::exit_reason::user_shutdown);
  peers_.clear();
  membership_ = membership_actor{};
  self_.reset();
  system_.reset();
}

void node::serve() {
  for (const auto& each : plan_.peers) {
    const auto peer = system_->spawn(stand_in, caf::actor_cast<caf::actor>(*self_), each.name);
    peers_[each.name] = peer;
    (*self_)->send(membership_, serve_atom::value, each.name, caf::actor_cast<peer_port>(peer));
  }
}

bool node::take(const std::string& other, std::string& what, std::chrono::milliseconds span) {
  const deadline end{span};
  auto& queue = told_[other];
  while (queue.empty() && !end.passed())
    (*self_)->receive([this](told_atom, const std::string& from,
                             std::string& text) { told_[from].push_back(std::move(text)); },
                      caf::after(std::chrono::milliseconds{10}) >> [] {});
  if (queue.empty())
    return false;
  what = std::move(queue.front());
  queue.pop_front();
  return true;
}

void node::expect(const std::string& other, const std::string& what) {
  std::string told;
  INFO(name_ << " waits to be told of " << other << ": " << what.substr(0, 100) << "\n"
             << log_.content());
  REQUIRE(take(other, told, waiting_span));
  REQUIRE(told == what);
}

std::chrono::milliseconds node::time_until(const std::string& other, const std::string& what) {
  const auto begun = std::chrono::steady_clock::now();
  expect(other, what);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begun);
}

void node::expect_nothing(const std::string& other, std::chrono::milliseconds span) {
  std::string told;
  const bool any = take(other, told, span);
  INFO(name_ << " was told of " << other << ": " << told << "\n" << log_.content());
  CHECK_FALSE(any);
}

void node::say(const std::string& other, const std::string& text) {
  (*self_)->send(peers_.at(other), say_atom::value, text);
}

void node::redial(const std::string& other) {
  (*self_)->send(membership_, redial_atom::value, other);
}

void node::renew(mutual_tls_ptr context) {
  placement::renew_context(membership_, std::move(context));
}

void node::note_ending(const std::string& other) {
  (*self_)->send(membership_, ending_atom::value, other);
}

void node::expect_log(const std::string& part) {
  const deadline end{waiting_span};
  while (logged(part) == 0 && !end.passed())
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  INFO("the log of " << name_ << ":\n" << log_.content());
  CHECK(logged(part) > 0);
}

std::size_t node::logged(const std::string& part) const {
  const auto content = log_.content();
  std::size_t count = 0;
  for (auto at = content.find(part); at != std::string::npos; at = content.find(part, at + 1))
    ++count;
  return count;
}

}  // namespace confab::test
