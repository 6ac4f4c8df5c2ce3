#include "tests/simulation/scene.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>

namespace confab::simulation {

namespace {

/// Clients that are gone before the server has seen them.
constexpr std::size_t early_reset_percent = 4;

std::vector<gateway_watch_ptr> make_notes(const plan& design) {
  std::vector<gateway_watch_ptr> notes;
  for (std::size_t i = 0; i < design.gateways.size(); ++i)
    notes.push_back(std::make_shared<gateway_watch>());
  return notes;
}

simulated_storage_ptr make_storage(const plan& design) {
  return design.archive ? std::make_shared<simulated_storage>(design.archive->faults) : nullptr;
}

std::vector<simulated_storage_ptr> make_storages(const plan& design) {
  std::vector<simulated_storage_ptr> result;
  if (!design.nodes)
    return result;
  for (const auto& each : design.nodes->archives) {
    result.push_back(each ? std::make_shared<simulated_storage>(each->faults) : nullptr);
    if (each)
      result.back()->be_compared(each->pieces);
  }
  return result;
}

cables_ptr make_cables(const plan& design, const plant* bug) {
  if (!design.nodes)
    return nullptr;
  const auto result = std::make_shared<cables>(design.nodes->count, design.nodes->credit_bytes,
                                               bug != nullptr ? bug->tamper : nullptr);
  std::size_t events_max = 0;
  for (const auto& each : design.nodes->archives)
    events_max = std::max(events_max, each ? each->pieces.rows_max : 0);
  if (events_max > 0)
    result->bound_answers(events_max);
  return result;
}

void add_nodes(const nodes_plan& nodes, cables_ptr lines, server_parts& parts) {
  parts.cluster.lines = std::move(lines);
  parts.cluster.node_of_gateway = nodes.node_of_gateway;
  parts.cluster.credit_bytes = nodes.credit_bytes;
  parts.cluster.news_each_max = nodes.news_each_max;
  parts.cluster.redials = nodes.redials;
}

server_parts parts_of(const plan& design, const plant* bug, dice& random,
                      const std::vector<gateway_watch_ptr>& notes,
                      const simulated_storage_ptr& storage,
                      const std::vector<simulated_storage_ptr>& storages, const cables_ptr& lines) {
  server_parts parts;
  for (std::size_t i = 0; i < design.gateways.size(); ++i) {
    parts.dialects.push_back(watch_dialect(design.gateways[i]->make_dialect(), notes[i]));
    parts.memories.push_back(watch_memory(
        design.block_bytes_max, design.going_wrong.failed_allocation_percent, random, notes[i]));
  }
  parts.rooms = design.room_rules;
  parts.remembered = design.remembered;
  parts.gateways = design.limits;
  parts.all = design.all;
  parts.storage = storage;
  parts.has_layers = design.has_layers;
  parts.loops = design.loops;
  parts.chance = &random;
  parts.replay_texts = design.archive ? design.archive->replay_texts : 0;
  if (design.nodes)
    add_nodes(*design.nodes, lines, parts);
  parts.cluster.storages = storages;
  if (bug != nullptr && bug->spawn_room != nullptr)
    parts.spawn_room = bug->spawn_room;
  if (bug != nullptr)
    parts.wrap_directory = bug->wrap_directory;
  if (bug != nullptr)
    parts.wrap_archive = bug->wrap_archive;
  if (bug != nullptr && bug->misconfigure != nullptr)
    bug->misconfigure(parts);
  return parts;
}

const char* word_for(sight::kind what) {
  switch (what) {
    case sight::kind::reply:
      return "reply";
    case sight::kind::said:
      return "text";
    case sight::kind::joined:
      return "joined";
    case sight::kind::left:
      return "left";
    case sight::kind::happened:
      return "event";
    case sight::kind::told:
      return "private text";
    case sight::kind::garbage:
      return "garbage";
  }
  return "";
}

/// What a trace shows of bytes.
std::string printable(const std::string& bytes) {
  std::string result;
  for (const char byte : bytes)
    result += byte == '\n' ? "\\n" : byte < ' ' ? "?" : std::string(1, byte);
  return result;
}

}  // namespace

scene::scene(plan design, const plant* bug, dice& random, std::ostream* trace)
    : plan_(std::move(design)),
      random_(random),
      trace_(trace),
      notes_(make_notes(plan_)),
      storage_(make_storage(plan_)),
      storages_(make_storages(plan_)),
      cables_(make_cables(plan_, bug)),
      server_(parts_of(plan_, bug, random, notes_, storage_, storages_, cables_)),
      bounds_(plan_, server_, notes_) {}

void scene::play() {
  if (cables_)
    join_nodes();
  if (plan_.crowd.empty())
    connect();
  else
    open_crowd();
  for (const auto& notes : notes_)
    notes->allocations_may_fail = true;
  for (std::size_t i = 0; i < plan_.steps && !cut_short(); ++i)
    step_at_random();
  if (cut_short())
    return;
  if (plan_.end == finale::server_shuts_down)
    server_shuts_down();
  else
    everyone_leaves();
  close_server();
}

history scene::told() const {
  history result;
  result.rules = {
      .connections_max = plan_.all.connections_max,
      .backlog_bytes_max = plan_.limits.backlog_bytes_max,
      .backlog_of_all_is_short = plan_.memory_is_short(),
      .name_bytes_max = plan_.limits.name_bytes_max,
      .rooms_max = plan_.room_rules.rooms_max,
      .kept_vacant_max = plan_.room_rules.kept_vacant_max,
      .rooms_each_max = plan_.limits.rooms_per_client_max,
      .list_entries_max = plan_.room_rules.rules.list_entries_max,
      .watched_nicks_each_max = plan_.remembered.watched_nicks_each_max,
      .invitations_each_max = plan_.remembered.invitations_each_max,
      .whowas_entries_max = plan_.remembered.whowas_entries_max,
      .login_deadline_seconds = std::chrono::duration<double>(plan_.limits.login_deadline).count(),
      .idle_seconds_max = std::chrono::duration<double>(plan_.limits.idle_timeout).count()};
  if (storage_) {
    auto kept = storage_->seen();
    kept.replay_texts = plan_.archive->replay_texts;
    kept.unconfirmed_batches_max = plan_.limits.unconfirmed_batches_max;
    result.rules.archive = std::make_shared<const archive_seen>(std::move(kept));
  }
  for (const auto& each : clients_)
    result.clients.push_back(each->seen());
  result.quiet = quiet_;
  result.seconds_when_quiet = seconds_when_quiet_;
  if (cables_) {
    result.nodes.count = plan_.nodes->count;
    for (std::size_t node = 0; node < plan_.nodes->count; ++node)
      result.nodes.names.push_back(cables::name_of(node));
    result.nodes.tellings = cables_->tellings();
    result.nodes.views = views_;
    result.nodes.healed = healed_;
    result.nodes.stand_ins_at_end = stand_ins_at_end_;
    tell_archives(result);
  }
  result.server_shut_down = plan_.end == finale::server_shuts_down;
  return result;
}

/// What each node kept of its own clients, as the clauses know it that a node alone keeps, too.
void scene::tell_archives(history& told) const {
  if (archives_.empty())
    return;  // There are none, or the run was cut short.
  archive_seen own;
  own.unconfirmed_batches_max = plan_.limits.unconfirmed_batches_max;
  told.nodes.archives = archives_;
  for (std::size_t node = 0; node < storages_.size(); ++node) {
    if (!storages_[node])
      continue;
    auto& archive = told.nodes.archives[node];
    archive->seen = storages_[node]->seen();
    for (const auto& each : archive->seen.tried)
      if (!each.kept && !each.author.is_elsewhere())
        own.unkept.insert(each.mark);
  }
  told.rules.archive = std::make_shared<const archive_seen>(std::move(own));
}

// -- steps --------------------------------------------------------------------

void scene::step_at_random() {
  const auto& odds = plan_.odds;
  if (cables_) {
    const auto& nodes = *plan_.nodes;
    const auto others = odds.actor + odds.network + odds.client;
    if (nodes.restart_one_in > 0 &&
        (go_on_with_ends() || (random_.below(nodes.restart_one_in) == 0 && trouble_a_node())))
      return;
    if (nodes.take_back_weight > 0 && random_.below(30 * others) < nodes.take_back_weight &&
        take_text_back())
      return;
    const auto chosen = random_.below(others + nodes.carry_weight + nodes.meddle_weight);
    if (chosen >= others + nodes.carry_weight && random_.chance(30)) {
      meddle_with_cables();
      return;
    }
    if (chosen >= others) {
      step_cables();
      return;
    }
  }
  auto chosen = random_.below(odds.actor + odds.network + odds.client + odds.clock);
  if (chosen < odds.actor) {
    step_actor();
    return;
  }
  chosen -= odds.actor;
  if (chosen < odds.network) {
    step_network(plan_.read_bytes_max);
    return;
  }
  chosen -= odds.network;
  if (chosen >= odds.client)
    step_clock();
  else if (random_.chance(10) && clients_.size() < plan_.clients_max &&
           open_clients() < plan_.clients_at_once_max)
    connect();
  else
    step_client();
}

bool scene::step_actor() {
  const auto waiting = server_.loop().waiting();
  if (waiting == 0)
    return false;
  const auto which = next_actor();
  const auto tag = server_.loop().tag_of(which);
  const auto gateway = server_.gateway_of(server_.loop().id_of(which));
  count_lap();
  bounds_.begin_step(clients_);
  server_.loop().run_actor(which, random_.between(1, plan_.messages_max));
  done("actor " + std::to_string(tag) + " runs", gateway);
  return true;
}

/// The longest waiting runs first: then all that wait now have run when as many have.
void scene::count_lap() {
  if (plan_.order != schedule::oldest_first)
    return;
  if (left_of_lap_ == 0) {
    bounds_.end_lap(clients_);
    left_of_lap_ = server_.loop().waiting();
  }
  --left_of_lap_;
}

std::size_t scene::next_actor() {
  const auto waiting = server_.loop().waiting();
  const auto any = random_.below(waiting);
  switch (plan_.order) {
    case schedule::any:
      return any;
    case schedule::oldest_first:
      return 0;
    case schedule::newest_first:
      return waiting - 1;
    case schedule::some_starving:
      for (std::size_t i = 0; i < waiting; ++i) {
        const auto which = (any + i) % waiting;
        if (server_.loop().tag_of(which) % 8 != plan_.starving_tag % 8)
          return which;
      }
      return any;
  }
  return any;
}

bool scene::step_network(std::size_t read_bytes_max) {
  if (clients_.empty())
    return false;
  const auto first = random_.below(clients_.size());
  bounds_.begin_step(clients_);
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    auto& chosen = *clients_[(first + i) % clients_.size()];
    if (!chosen.open() || !chosen.wire().step(random_.between(1, read_bytes_max)))
      continue;
    done("network of client " + std::to_string(chosen.seen().number));
    return true;
  }
  return false;
}

bool scene::step_client() {
  auto& chosen = client_to_act();
  bounds_.begin_step(clients_);
  const auto what = chosen.act(random_);
  if (what.empty())
    return false;
  done("client " + std::to_string(chosen.seen().number) + " " + what);
  return true;
}

bool scene::step_clock() {
  const std::chrono::milliseconds span{random_.chance(90) ? random_.below(1500) : 6000};
  server_.pass_time(span);
  done(std::to_string(span.count()) + " ms pass");
  return true;
}

/// In a crowd, those who say something do most of what is done.
client& scene::client_to_act() {
  const auto any = random_.below(clients_.size());
  if (plan_.crowd.empty() || random_.chance(30))
    return *clients_[any];
  for (std::size_t i = 0; i < clients_.size(); ++i)
    if (const auto which = (any + i) % clients_.size(); plan_.crowd[which].is_author)
      return *clients_[which];
  return *clients_[any];
}

/// Everybody is in their room before the first one says anything.
void scene::open_crowd() {
  constexpr std::size_t tries_max = 40;
  for (const auto& member : plan_.crowd) {
    auto mood = member.mood;
    mood.stays.founds_room = !has_members(mood.stays.room);
    connect(member.gateway, mood);
    auto& newcomer = *clients_.back();
    for (std::size_t i = 0; i < tries_max && !newcomer.settled(); ++i) {
      newcomer.settle(random_);
      come_to_rest("when somebody comes");
    }
    if (!newcomer.settled())
      newcomer.reset();
    come_to_rest("when somebody has come");
  }
  for (const auto& each : clients_)
    each->indulge();
  bounds_.crowd_is_complete();
}

/// Whether somebody of the crowd is in this room.
bool scene::has_members(const std::string& room) const {
  for (std::size_t i = 0; i < clients_.size(); ++i)
    if (plan_.crowd[i].mood.stays.room == room && clients_[i]->open())
      return true;
  return false;
}

void scene::connect() {
  const auto gateway = open_gateway();
  if (!gateway)
    return;
  auto mood = random_temper(random_);
  mood.comes_back = plan_.nodes.has_value();
  connect(*gateway, std::move(mood));
  if (random_.chance(early_reset_percent))
    clients_.back()->reset();
}

void scene::connect(std::size_t gateway, const temper& mood) {
  const auto& speaks = *plan_.gateways[gateway];
  bounds_.begin_step(clients_);
  auto wire = server_.connect(gateway);
  clients_.push_back(std::make_unique<client>(clients_.size(), static_cast<gateway_id>(gateway),
                                              speaks, mood, plan_.rooms, std::move(wire), random_));
  if (random_.chance(plan_.going_wrong.short_write_percent))
    clients_.back()->takes_little_at_once(random_.between(3, 400));
  auto& seen = clients_.back()->seen();
  seen.connected = now_ + 1;
  if (plan_.nodes)
    seen.node = plan_.nodes->node_of_gateway[gateway];
  done("client " + std::to_string(seen.number) + " connects to gateway " + std::to_string(gateway) +
       ", " + std::string{speaks.name()});
}

std::size_t scene::open_clients() const {
  return static_cast<std::size_t>(std::count_if(clients_.begin(), clients_.end(),
                                                [](const auto& each) { return each->open(); }));
}

std::vector<std::string> scene::findings() const {
  auto all = findings_;
  if (cables_ && !cables_->finding().empty())
    all.push_back(cables_->finding());
  all.insert(all.end(), bounds_.findings().begin(), bounds_.findings().end());
  return all;
}

void scene::done(const std::string& what, std::optional<std::size_t> gateway) {
  ++now_;
  if (storage_)
    storage_->stamp(now_);
  for (const auto& each : storages_)
    if (each)
      each->stamp(now_);
  if (cables_) {
    cables_->set_now(now_ + 1, server_.seconds());
    set_advancing_time(now_ * static_cast<std::uint64_t>(plan_.nodes->step_ms));
  }
  bounds_.end_step(gateway, clients_);
  if (trace_ != nullptr)
    *trace_ << now_ << ": " << printable(what) << '\n';
  const auto seconds = server_.seconds();
  for (const auto& each : clients_) {
    const auto before = each->seen().sights.size();
    each->observe(now_, seconds);
    if (trace_ == nullptr)
      continue;
    const auto& seen = each->seen();
    for (auto i = before; i < seen.sights.size(); ++i) {
      const auto& each_seen = seen.sights[i];
      *trace_ << "      -> client " << seen.number << ": " << word_for(each_seen.what) << ' '
              << each_seen.room << '/' << each_seen.author << ": " << printable(each_seen.body)
              << '\n';
    }
    if (seen.closed == now_)
      *trace_ << "      client " << seen.number << " is closed\n";
  }
}

}  // namespace confab::simulation
