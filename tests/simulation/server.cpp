#include "tests/simulation/server.hpp"

#include "io/fatal_on_exception.hpp"
#include "io/loop_actor.hpp"
#include "io/placement.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

namespace confab::simulation {

namespace {

using room_names = std::shared_ptr<std::optional<std::vector<std::string>>>;

/// Keeps what the registry says.
session_actor::behavior_type asker(session_actor::broker_pointer, room_names names) {
  return {
      [](input_atom, const std::vector<char>&, batch_bytes) {},
      [](ended_atom) {},
      [](gone_atom, const std::string&) {},
      [](continue_atom, batch_bytes) {},
      [](named_atom, const identity_ptr&, const census&) {},
      [](joined_atom, const joined_room&) {},
      [](kicked_atom, const caf::actor_addr&) {},
      [](refuse_atom, refusal) {},
      [](refuse_atom, refusal, const receipt&) {},
      [names](list_atom, const room_page& page) {
        names->emplace();
        for (const auto& room : page.rooms)
          (*names)->push_back(room.name);
      },
      [](checked_atom, password_check) {},
      [](killed_atom, const std::string&) {},
      [](rename_atom, const std::string&) {},
  };
}

session_actor spawn_watched_session(caf::actor_system& system, session_start start) {
  const auto& config = watching_config::of(system);
  const auto registry = start.context->registry.id();
  auto session = config.make_session()(system, std::move(start));
  config.note_birth({caf::actor_cast<caf::weak_actor_ptr>(session), registry});
  return session;
}

room_actor spawn_watched_room(caf::actor_system& system, room_setup setup) {
  const auto& config = watching_config::of(system);
  const auto registry = setup.registry.id();
  auto room = config.make_room()(system, std::move(setup));
  config.note_birth({caf::actor_cast<caf::weak_actor_ptr>(room), registry});
  return room;
}

template <class Handle, class State>
using loop_pointer =
    fatal_on_exception<loop_actor<typename Handle::template stateful_base<std::optional<State>>>>*;

std::int64_t no_time_us() {
  return 0;
}

stand_in_actor spawn_stand_in_loop(caf::actor_system& system, stand_in_setup setup) {
  return system.spawn(stand_in<loop_pointer<stand_in_actor, stand_in_state>>, std::move(setup));
}

stand_in_actor spawn_watched_stand_in(caf::actor_system& system, stand_in_setup setup) {
  const auto& config = watching_config::of(system);
  const auto registry = setup.registry.id();
  auto result = config.make_stand_in()(system, std::move(setup));
  config.note_stand_in({caf::actor_cast<caf::weak_actor_ptr>(result), registry});
  return result;
}

/// The time of all nodes of a run that is under way, in steps: they are asked for it by a function
/// that knows nothing of the run.
std::uint64_t& advanced_steps() {
  static thread_local std::uint64_t steps = 0;
  return steps;
}

}  // namespace

std::int64_t advancing_time_ms() {
  return simulated_time_ms() + static_cast<std::int64_t>(advanced_steps());
}

void set_advancing_time(std::uint64_t steps) {
  advanced_steps() = steps;
}

const watching_config& watching_config::of(caf::actor_system& system) {
  return dynamic_cast<const watching_config&>(system.config());
}

std::size_t watching_config::in_memory(const std::vector<birth>& births) {
  return static_cast<std::size_t>(
      std::count_if(births.begin(), births.end(),
                    [](const birth& each) { return each.actor.lock() != nullptr; }));
}

void watching_config::end_all_of(caf::actor_id registry) const {
  for (const auto* births : {&born_, &stand_ins_})
    for (const auto& each : *births)
      if (const auto actor = caf::actor_cast<caf::actor>(each.actor))
        if (registry == 0 || each.registry == registry)
          caf::anon_send_exit(actor, caf::exit_reason::kill);
}

server::server(server_parts parts)
    : parts_(std::move(parts)),
      config_(parts_.spawn_room != nullptr ? parts_.spawn_room : &placement::spawn_room,
              parts_.spawn_session != nullptr ? parts_.spawn_session : &placement::spawn_session,
              parts_.cluster.spawn_stand_in != nullptr ? parts_.cluster.spawn_stand_in
                                                       : &spawn_stand_in_loop),
      system_(config_),
      drains_awaited_(std::make_shared<std::size_t>(0)) {
  system_.await_actors_before_shutdown(false);  // A bug may have left some.
  actors_of_system_ = system_.registry().running();
  nodes_.resize(parts_.cluster.lines ? parts_.cluster.lines->nodes() : 1);
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    add_node(i);
  for (std::size_t from = 0; from < nodes_.size(); ++from)
    for (std::size_t to = 0; to < nodes_.size(); ++to)
      if (from != to)
        add_peer(from, to);
  doormen_.resize(parts_.dialects.size());
  gateways_.resize(parts_.dialects.size());
  for (std::size_t i = 0; i < gateways_.size(); ++i)
    add_gateway(i);
  while (loop().waiting() > 0)  // They listen when they have run once.
    loop().run_actor(0, 1);
  actors_at_start_ = system_.registry().running();
  if (parts_.loops > 1)
    loop().run_side_by_side(parts_.chance);
}

/// In the loop, as all others are, so that it is late by as much as chance wants.
void server::add_archive(node& to, const simulated_storage_ptr& storage, wall_clock now_ms) {
  to.reader =
      system_.spawn(archive_reader<loop_pointer<archive_reader_actor, archive_reader_state>>,
                    archive_reader_settings{
                        .reader = reader_of(storage), .now_us = &no_time_us, .now_ms = now_ms});
  to.archive = system_.spawn(archive<loop_pointer<archive_actor, archive_state>>,
                             archive_settings{.writer = writer_of(storage),
                                              .reader = to.reader,
                                              .retention = {},
                                              .now_ms = now_ms,
                                              .now_us = &no_time_us});
  to.wrapped_archive =
      parts_.wrap_archive != nullptr ? parts_.wrap_archive(system_, to.archive) : to.archive;
}

void server::add_node(std::size_t which) {
  const auto& cluster = parts_.cluster;
  const auto clock = cluster.lines ? &advancing_time_ms : &simulated_time_ms;
  auto& added = nodes_[which] = {};
  const auto& storage = cluster.storages.empty() ? parts_.storage : cluster.storages[which];
  auto last_run = cluster.run_after;
  if (storage) {
    add_archive(added, storage, clock);
    last_run = last_run != 0 ? last_run : storage->last_run();
  }
  const auto names = placement::spawn_name_services(system_, parts_.rooms, &spawn_watched_room,
                                                    clock, parts_.remembered,
                                                    {.archive = added.wrapped_archive,
                                                     .last_run = last_run,
                                                     .replay_texts = parts_.replay_texts,
                                                     .node_number = which,
                                                     .nodes = nodes_.size()});
  added.registry = names.registry;
  added.directory = names.directory;
  added.wrapped_directory = parts_.wrap_directory != nullptr
                                ? parts_.wrap_directory(system_, names.directory)
                                : names.directory;
  added.quota = placement::spawn_quota(system_, parts_.all);
  added.rooms = std::make_shared<std::optional<std::vector<std::string>>>();
  added.asker = system_.middleman().spawn_broker(asker, added.rooms);
}

/// That of node `from` for node `to`.
void server::add_peer(std::size_t from, std::size_t to) {
  const auto& cluster = parts_.cluster;
  const auto lines = cluster.lines;
  auto& own = nodes_[from];
  peer_settings settings;
  settings.id = first_peer_gateway + static_cast<gateway_id>(own.peers.size());
  settings.link.own_node = cables::name_of(from);
  settings.link.other_node = cables::name_of(to);
  settings.link.next_epoch = [lines, from, to] { return lines->next_epoch(from, to); };
  settings.link.news_each_max = cluster.news_each_max;
  settings.link.credit_bytes = cluster.credit_bytes;
  settings.registry = own.registry;
  settings.directory = own.wrapped_directory;
  settings.spawn_stand_in = &spawn_watched_stand_in;
  settings.archive = own.wrapped_archive;
  settings.now_ms = &advancing_time_ms;
  if (cluster.redials) {
    settings.membership = system_.middleman().spawn_broker(redialler, lines, from, to);
    own.between.push_back(caf::actor_cast<caf::actor>(settings.membership));
  }
  const auto made =
      system_.spawn(peer<loop_pointer<observed_peer, peer_state>>, std::move(settings));
  const auto end = system_.middleman().spawn_broker(cable_end, lines, from, to);
  own.between.push_back(caf::actor_cast<caf::actor>(end));
  lines->add(from, to, made, end);
  own.peers.push_back(made);
}

void server::add_gateway(std::size_t which) {
  auto& own = nodes_[node_of(which)];
  auto& doorman = doormen_[which];
  doorman = caf::make_counted<test::simulated_doorman>(parts_.memories.at(which));
  caf::actor_config config{&loop()};
  gateways_[which] = system_.spawn_impl<gateway, caf::no_spawn_options>(
      config,
      gateway_settings{.id = own.gateways++,
                       .speaks = parts_.dialects[which],
                       .registry = own.registry,
                       .directory = own.wrapped_directory,
                       .authenticator = {},
                       .archive = own.wrapped_archive,
                       .quota = own.quota,
                       .spawn_session = &spawn_watched_session,
                       .limits = parts_.gateways,
                       .log = std::make_shared<spdlog::logger>(
                           "none", std::make_shared<spdlog::sinks::null_sink_st>()),
                       .memory = doorman->memory(),
                       .hosts = std::make_shared<const cloak>(cloak::key{}),
                       .now_ms = parts_.cluster.lines ? &advancing_time_ms : &simulated_time_ms},
      std::vector<caf::io::doorman_ptr>{doorman});
  loop().place(gateways_[which].id(), (which + 1) % parts_.loops);
}

server::~server() {
  loop().run_side_by_side(nullptr);
  for (const auto& each : nodes_) {
    for (const auto& between : each.between)
      caf::anon_send_exit(between, caf::exit_reason::kill);
    caf::anon_send_exit(each.asker, caf::exit_reason::kill);
    caf::anon_send_exit(each.registry, caf::exit_reason::kill);
    caf::anon_send_exit(each.directory, caf::exit_reason::kill);
    caf::anon_send_exit(each.wrapped_directory, caf::exit_reason::kill);
    caf::anon_send_exit(each.quota, caf::exit_reason::kill);
    for (const auto& peer : each.peers)
      caf::anon_send_exit(peer, caf::exit_reason::kill);
    for (const auto& archive : {each.wrapped_archive, each.archive})
      if (archive)
        caf::anon_send_exit(archive, caf::exit_reason::kill);
  }
  for (const auto& each : gateways_)
    caf::anon_send_exit(each, caf::exit_reason::kill);
  config_.end_all();
  while (loop().waiting() > 0)
    loop().run_actor(0, 1);
  clock().clock().cancel_all();
}

caf::scheduler::test_coordinator& server::clock() {
  return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
}

choosing_loop& server::loop() {
  return dynamic_cast<choosing_loop&>(system_.middleman().backend());
}

test::simulated_link_ptr server::connect(std::size_t gateway) {
  return doormen_[gateway]->connect(next_carriage(gateway));
}

/// One connection after the other passes through another mix of layers.
std::optional<test::carriage_plan> server::next_carriage(std::size_t gateway) {
  if (!parts_.has_layers)
    return std::nullopt;
  const auto number = connections_++;
  test::carriage_plan plan{
      .websocket = parts_.dialects[gateway]->name() == "irc" && number % 2 == 0,
      .sealed = number / 2 % 2 == 0,
      .fault = parts_.fault_of_layers};
  if (!plan.websocket && !plan.sealed)
    return std::nullopt;
  return plan;
}

std::optional<std::size_t> server::gateway_of(caf::actor_id actor) const {
  for (std::size_t i = 0; i < gateways_.size(); ++i)
    if (gateways_[i].id() == actor)
      return i;
  return std::nullopt;
}

void server::pass_time(std::chrono::milliseconds span) {
  clock().advance_time(span);
}

double server::seconds() {
  return std::chrono::duration<double>(system_.clock().now().time_since_epoch()).count();
}

std::size_t server::extra_actors() {
  return system_.registry().running() - actors_at_start_;
}

void server::ask_for_rooms() {
  for (const auto& each : nodes_) {
    each.rooms->reset();
    caf::anon_send(each.registry, list_atom::value, each.asker, std::string{});
  }
}

void server::take_back(std::size_t which, const event_batch& text) {
  caf::anon_send(nodes_[which].wrapped_archive, redact_atom::value,
                 redaction{.where = {},
                           .room = text.room,
                           .who = text.who,
                           .may_rule = true,
                           .which = {text.at.run, text.at.room, text.at.sequence},
                           .reason = {},
                           .reply = {}});
}

void server::finish() {
  for (const auto& each : gateways_)
    caf::anon_send(each, finish_atom::value);
}

/// As apps/server/drain.cpp does it.
void server::close() {
  for (const auto& each : nodes_)
    for (const auto& peer : each.peers)
      caf::anon_send(peer, finish_atom::value);
  for (const auto& each : nodes_) {
    for (const auto& between : each.between)
      caf::anon_send_exit(between, caf::exit_reason::user_shutdown);
    caf::anon_send(each.quota, close_atom::value);
    caf::anon_send(each.registry, close_atom::value);
    caf::anon_send(each.wrapped_directory, close_atom::value);
    caf::anon_send_exit(each.asker, caf::exit_reason::user_shutdown);
    if (each.wrapped_archive)
      caf::anon_send(each.wrapped_archive, close_atom::value);
  }
}

bool server::is_over() {
  return system_.registry().running() <= actors_of_system_;
}

}  // namespace confab::simulation
