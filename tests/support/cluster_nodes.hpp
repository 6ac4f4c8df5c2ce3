#pragma once

#include "actors/cluster/peer.hpp"
#include "actors/cluster/stand_in.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/fake_gateway.hpp"
#include "tests/support/many_rooms.hpp"
#include "tests/support/node_history.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Nodes of a cluster in one actor system: real rooms, directories and peers, gateways that write
/// down what they are told, and cables of which the test decides what they carry.
namespace confab::test {

/// One direction of a cable: what was sent and has not arrived.
using cable_queue = std::shared_ptr<std::deque<wire_message>>;

inline wire_actor::behavior_type cable_end(wire_actor::pointer, cable_queue queue) {
  return {[=](wire_atom, wire_message& message) { queue->push_back(std::move(message)); }};
}

/// A receipt that waits until other gateways have queued something.
struct patient_receipt {
  receipt reply;
  std::ptrdiff_t awaited = 0;
  bool has_come = false;
};

using patient_gateway_state = std::map<connection_key, patient_receipt>;

/// The clients of one node. Of what each has sent, the front is with its session; the rest waits
/// until that reads on.
struct node_clients {
  gateway_sessions sessions;
  std::map<connection_key, std::deque<std::string>> inputs;

  void send(connection_key key, std::string_view lines) {
    auto& all = inputs[key];
    all.emplace_back(lines);
    if (all.size() == 1)
      hand_over(key);
  }

  void read_on(connection_key key) {
    auto& all = inputs[key];
    if (!all.empty())
      all.pop_front();
    if (!all.empty())
      hand_over(key);
  }

 private:
  void hand_over(connection_key to) {
    const auto& lines = inputs[to].front();
    for (const auto& [key, session] : sessions)
      if (key == to)
        caf::anon_send(session, input_atom::value, std::vector<char>(lines.begin(), lines.end()),
                       batch_bytes_max);
  }
};

/// As `fake_gateway`, but what follows a text waits for all other gateways, and what clients send
/// for their sessions, as in the real one.
inline gateway_actor::behavior_type patient_gateway(
    gateway_actor::stateful_pointer<patient_gateway_state> self, node_clients* clients,
    wire_log log) {
  const auto apply = [=](const receipt& reply) {
    apply_receipt(self, clients->sessions, *log, reply);
    if (reply.next == next_step::read_input)
      clients->read_on(reply.connection);
  };
  const auto apply_if_due = [=](connection_key key) {
    auto& waiting = self->state[key];
    if (!waiting.has_come || waiting.awaited > 0)
      return;
    const auto due = std::move(waiting.reply);
    self->state.erase(key);
    apply(due);
  };
  gateway_handlers does;
  does.reply = apply;
  does.publish = [=](const event_batch_ptr& batch, const audience_ptr& readers,
                     const receipt& reply, std::size_t elsewhere) {
    write_down(*log, batch, readers);
    if (!reply.gateway)
      return;
    auto& waiting = self->state[reply.connection];
    waiting.reply = reply;
    waiting.has_come = true;
    waiting.awaited += static_cast<std::ptrdiff_t>(elsewhere);
    apply_if_due(reply.connection);
  };
  does.publish_for_another = [=](const event_batch_ptr& batch, const audience_ptr& readers,
                                 const receipt& reply) {
    write_down(*log, batch, readers);
    report_queued(self, readers, reply);
  };
  does.queued = [=](connection_key key) {
    --self->state[key].awaited;
    apply_if_due(key);
  };
  return gateway_with(std::move(does));
}

inline stand_in_actor spawn_scheduled_stand_in(caf::actor_system& system, stand_in_setup setup) {
  return system.spawn(stand_in<stand_in_actor::stateful_pointer<std::optional<stand_in_state>>>,
                      std::move(setup));
}

/// All nodes, joined by cables that carry all at once until they are cut.
class cluster {
 public:
  /// The limits of the history of a node; nothing: it keeps none.
  using history_limits = std::function<std::optional<history_retention>(std::size_t node)>;

  explicit cluster(std::vector<std::string> names, std::size_t credit_bytes = 1 << 20,
                   const history_limits& limits = {}, std::size_t tasks_max = tasks_at_once_max)
      : credit_bytes_(credit_bytes), tasks_max_(tasks_max) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto kept = limits ? limits(i) : std::nullopt;
      registry_context context;
      if (limits) {
        context.now_ms = &history_now_ms;
        context.node_number = i;
        context.nodes = names.size();
      }
      nodes_.push_back(std::make_unique<node>(
          *this, names[i], kept ? std::make_unique<node_history>(system(), *kept) : nullptr,
          std::move(context)));
    }
    for (std::size_t from = 0; from < names.size(); ++from)
      for (std::size_t to = 0; to < names.size(); ++to)
        if (from != to)
          nodes_[from]->add_peer(*this, to, names[to]);
  }

  ~cluster() {
    for (auto& each : nodes_)
      each->close();
    run();
  }
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;

  /// Joins two nodes anew. What was under way before may still arrive, if `keeps_old` says so.
  void connect(std::size_t one, std::size_t other) {
    plug(one, other);
    plug(other, one);
  }

  /// One side alone gets a new connection: the other one has not noticed that the old one is lost.
  void plug(std::size_t from, std::size_t to) {
    auto& line = nodes_[from]->line_to(to);
    if (!line.end) {
      line.queue = std::make_shared<std::deque<wire_message>>();
      line.end = system().spawn(cable_end, line.queue);
    }
    caf::anon_send(line.peer, linked_atom::value, line.end);
  }

  /// Both sides lose the connection, with all that was on its way.
  void cut(std::size_t one, std::size_t other) {
    unplug(one, other);
    unplug(other, one);
  }

  void unplug(std::size_t from, std::size_t to) {
    auto& line = nodes_[from]->line_to(to);
    if (line.queue)
      line.queue->clear();
    caf::anon_send(line.peer, lost_atom::value);
  }

  void connect_all() {
    for (std::size_t one = 0; one < nodes_.size(); ++one)
      for (std::size_t other = one + 1; other < nodes_.size(); ++other)
        connect(one, other);
    run();
  }

  /// Lets everybody do all there is, and the cables carry all there is.
  void run(const deterministic_system::chooser& choose = first) {
    do {
      deterministic_.run(choose);
    } while (carry_one(choose));
  }

  /// Lets actors handle messages and cables carry some, so often at most.
  void run_some(std::size_t steps, const deterministic_system::chooser& choose) {
    for (std::size_t step = 0; step < steps; ++step)
      if (!deterministic_.run_one(choose) && !carry_one(choose))
        return;
  }

  /// Lets one actor handle a message. False if none has any.
  bool run_message() { return deterministic_.run_one(first); }

  /// Carries one message over a cable that has some. False if none has.
  bool carry_one(const deterministic_system::chooser& choose = first) {
    std::vector<std::pair<cable_line*, observed_peer>> ready;
    for (std::size_t from = 0; from < nodes_.size(); ++from)
      for (auto& each : nodes_[from]->lines)
        if (each.queue && !each.queue->empty() && !each.stuck)
          ready.emplace_back(&each, nodes_[each.to]->line_to(from).peer);
    if (ready.empty())
      return false;
    auto& [chosen, receiver] = ready[choose(ready.size())];
    if (watch)
      watch(node_with(*chosen), chosen->to, chosen->queue->front());
    caf::anon_send(receiver, wire_atom::value, std::move(chosen->queue->front()));
    chosen->queue->pop_front();
    return true;
  }

  /// From now on the cable carries nothing in this direction, or carries on.
  void hold(std::size_t from, std::size_t to, bool stuck = true) {
    nodes_[from]->line_to(to).stuck = stuck;
  }

  cable_queue under_way(std::size_t from, std::size_t to) {
    return nodes_[from]->line_to(to).queue;
  }

  /// The node begins to end, as its peer for another one sees it; `has_ended` becomes true when the
  /// peer answers.
  void drain(std::size_t at, std::size_t other, bool& has_ended) {
    system().spawn(
        [&has_ended](caf::event_based_actor* me, const observed_peer& peer) {
          me->request(peer, caf::infinite, drain_atom::value).then([&has_ended](gateway_id) {
            has_ended = true;
          });
        },
        nodes_[at]->line_to(other).peer);
  }

  /// What a node says of its link to another one.
  link_report report(std::size_t at, std::size_t other) {
    link_report result;
    system().spawn(
        [&result](caf::event_based_actor* me, const observed_peer& peer) {
          me->request(peer, caf::infinite, link_atom::value).then([&result](link_report& told) {
            result = std::move(told);
          });
        },
        nodes_[at]->line_to(other).peer);
    deterministic_.run(first);
    return result;
  }

  void pass_time(std::chrono::milliseconds span) { deterministic_.pass_time(span); }

  /// What the node keeps, if it does.
  node_history& history(std::size_t at) { return *nodes_[at]->history; }

  /// Is shown all messages that cables carry.
  std::function<void(std::size_t from, std::size_t to, wire_message& message)> watch;

  // -- clients ----------------------------------------------------------------

  /// A client of a node. Keys are unique on their node.
  void join(std::size_t at, connection_key key, std::string_view lines) {
    nodes_[at]->connect(*this, key);
    send(at, key, lines);
    run();
    forget();
  }

  void send(std::size_t at, connection_key key, std::string_view lines) {
    nodes_[at]->clients.send(key, lines);
  }

  /// The connection of a client ends.
  void hang_up(std::size_t at, connection_key key) {
    for (const auto& [each, session] : nodes_[at]->clients.sessions)
      if (each == key)
        caf::anon_send(session, gone_atom::value, std::string{"gone"});
  }

  /// What a client has heard since `forget`, in order.
  std::string heard(std::size_t at, connection_key key) const {
    return heard_by(key, *nodes_[at]->log);
  }

  void forget() {
    for (auto& each : nodes_)
      each->log->clear();
  }

 private:
  static std::size_t first(std::size_t) { return 0; }

  struct cable_line;

  /// Whose end of a cable that is.
  std::size_t node_with(const cable_line& line) const {
    std::size_t result = 0;
    while (&line < nodes_[result]->lines.data() ||
           &line >= nodes_[result]->lines.data() + nodes_[result]->lines.size())
      ++result;
    return result;
  }

  struct cable_line {
    std::size_t to;
    observed_peer peer;
    wire_actor end = {};
    cable_queue queue = nullptr;
    bool stuck = false;
  };

  struct node {
    node(cluster& all, std::string its_name, std::unique_ptr<node_history> kept,
         registry_context context)
        : name(std::move(its_name)), history(std::move(kept)) {
      gateway = all.system().spawn(patient_gateway, &clients, log);
      if (history)
        context.archive = history->archive();
      names = spawn_scheduled_names(all.system(), {.rooms_max = 10, .kept_vacant_max = 5},
                                    std::move(context));
      authenticator = spawn_scheduled_authenticator(all.system());
    }

    void add_peer(cluster& all, std::size_t to, const std::string& other) {
      peer_settings settings;
      settings.id = first_peer_gateway + static_cast<gateway_id>(to);
      settings.link.own_node = name;
      settings.link.other_node = other;
      settings.link.next_epoch = [&all] { return ++all.epochs_; };
      settings.link.news_each_max = 4;
      settings.link.credit_bytes = all.credit_bytes_;
      settings.tasks_max = all.tasks_max_;
      settings.registry = names.registry;
      settings.directory = names.directory;
      settings.spawn_stand_in = &spawn_scheduled_stand_in;
      if (history)
        settings.archive = history->archive();
      lines.push_back(
          {to, all.system().spawn(peer<observed_peer::stateful_pointer<std::optional<peer_state>>>,
                                  std::move(settings))});
    }

    cable_line& line_to(std::size_t to) {
      for (auto& each : lines)
        if (each.to == to)
          return each;
      throw std::logic_error{"no such line"};
    }

    void connect(cluster& all, connection_key key) {
      auto context =
          std::make_shared<const session_context>(session_context{.gateway = gateway,
                                                                  .registry = names.registry,
                                                                  .directory = names.directory,
                                                                  .authenticator = authenticator,
                                                                  .speaks = &all.dialect_,
                                                                  .name_bytes_max = 64,
                                                                  .rooms_max = 3,
                                                                  .now_ms = &standing_time_ms});
      clients.sessions.emplace_back(
          key,
          spawn_scheduled_session(all.system(), session_start{std::move(context), key, "host"}));
    }

    void close() {
      for (auto& each : lines) {
        caf::anon_send(each.peer, finish_atom::value);
        if (each.end)
          caf::anon_send_exit(each.end, caf::exit_reason::kill);
      }
      for (const auto& [key, session] : clients.sessions)
        caf::anon_send_exit(session, caf::exit_reason::kill);
      caf::anon_send_exit(gateway, caf::exit_reason::kill);
      caf::anon_send(authenticator, close_atom::value);
      close_names(names);
      if (history)
        caf::anon_send(history->archive(), close_atom::value);
    }

    std::string name;
    std::unique_ptr<node_history> history;
    node_clients clients;
    wire_log log = std::make_shared<std::vector<wire_entry>>();
    gateway_actor gateway;
    scheduled_names names;
    authenticator_actor authenticator;
    std::vector<cable_line> lines;
  };

  caf::actor_system& system() { return deterministic_.system(); }

  deterministic_system deterministic_;
  many_rooms_dialect dialect_;
  std::size_t credit_bytes_;
  std::size_t tasks_max_;
  link_epoch epochs_ = 0;
  std::vector<std::unique_ptr<node>> nodes_;
};

}  // namespace confab::test
