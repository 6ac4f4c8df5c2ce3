#pragma once

#include "actors/dialect.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/fake_gateway.hpp"

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/all.hpp>

namespace confab::test {

/// Sessions of one dialect behind a gateway that writes down what it is told, with real rooms,
/// registry and directory. Who gives `root` the password `pw` is a server operator.
class session_world {
 public:
  /// A client may be in so many rooms.
  session_world(std::shared_ptr<const dialect> speaks, std::size_t rooms_max)
      : dialect_(std::move(speaks)), rooms_max_(rooms_max) {
    gateway_ = system().spawn(fake_gateway, &sessions_, log_);
    names_ = spawn_scheduled_names(system(), {.rooms_max = 10, .kept_vacant_max = 0});
    authenticator_ = spawn_scheduled_authenticator(system());
  }
  session_world(const session_world&) = delete;
  session_world& operator=(const session_world&) = delete;
  ~session_world() {
    for (const auto& [key, session] : sessions_)
      caf::anon_send_exit(session, caf::exit_reason::kill);
    sessions_.clear();
    caf::anon_send_exit(gateway_, caf::exit_reason::kill);
    close_names(names_);
    caf::anon_send(authenticator_, close_atom::value);
    run();
  }

  void run() { deterministic_.run(); }
  void run(const deterministic_system::chooser& choose) { deterministic_.run(choose); }

  void connect(connection_key key) {
    auto context =
        std::make_shared<const session_context>(session_context{.gateway = gateway_,
                                                                .registry = names_.registry,
                                                                .directory = names_.directory,
                                                                .authenticator = authenticator_,
                                                                .speaks = dialect_.get(),
                                                                .name_bytes_max = 64,
                                                                .rooms_max = rooms_max_,
                                                                .now_ms = &standing_time_ms});
    sessions_.emplace_back(
        key, spawn_scheduled_session(system(), session_start{std::move(context), key, "host"}));
  }

  void send(connection_key key, std::string_view bytes) {
    caf::anon_send(session(key), input_atom::value, std::vector<char>(bytes.begin(), bytes.end()),
                   batch_bytes_max);
  }

  const session_actor& session(connection_key key) const {
    for (const auto& [each, session] : sessions_)
      if (each == key)
        return session;
    throw std::logic_error{"nobody has this connection"};
  }

  /// What was put on the wire of a connection since `forget`, in order.
  std::string heard(connection_key key) const { return heard_by(key, *log_); }

  /// The same, of all connections.
  const std::vector<wire_entry>& entries() const { return *log_; }

  void forget() { log_->clear(); }

 private:
  caf::actor_system& system() { return deterministic_.system(); }

  deterministic_system deterministic_;
  std::shared_ptr<const dialect> dialect_;
  std::size_t rooms_max_;
  gateway_sessions sessions_;
  wire_log log_ = std::make_shared<std::vector<wire_entry>>();
  gateway_actor gateway_;
  scheduled_names names_;
  authenticator_actor authenticator_;
};

}  // namespace confab::test
