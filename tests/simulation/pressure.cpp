#include "tests/simulation/pressure.hpp"

#include <utility>

namespace confab::simulation {

namespace {

/// Brings the clients of a pressure plan together.
class crowd_maker {
 public:
  crowd_maker(dice& random, plan& design)
      : random_(random), plan_(design), apart_(random.chance(40)) {}

  void add_readers(const std::string& room, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto mood = mood_in(room, {.speaks = false, .listens = true});
      mood.stall_percent = random_.chance(50) ? random_.between(2, 40) : 0;
      mood.never_reads = random_.chance(25);
      mood.stays.window_bytes_max = random_.between(1, 4000);
      add(gateway_for_reader(), std::move(mood), false);
    }
  }

  void add_authors(const std::string& room, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto mood = mood_in(room, {.speaks = true, .listens = false});
      mood.burst_max = random_.between(2, 30);
      mood.piece_percent = random_.chance(70) ? 0 : 30;
      mood.stays.texts_max = random_.between(20, 90);
      mood.stays.text_bytes_max = random_.between(1, 150);
      add(gateway_for_author(), std::move(mood), true);
    }
  }

  void add_bystanders() {
    add(gateway_for_reader(), mood_in(bystanders_room, {.speaks = false, .listens = true}), false);
    auto mood = mood_in(bystanders_room, {.speaks = true, .listens = false});
    mood.patient = true;
    mood.stays.texts_max = 30;
    mood.stays.text_bytes_max = 20;
    add(gateway_of_others(), std::move(mood), true);
  }

 private:
  static temper mood_in(const std::string& room, role wanted) {
    temper mood;
    mood.wanted = wanted;
    mood.stays.room = room;
    return mood;
  }

  bool has_only_one_room(std::size_t gateway) const {
    return !plan_.gateways[gateway]->room_names().empty() &&
           plan_.gateways[gateway]->name() == "oneroom";
  }

  std::size_t gateway_for_reader() { return apart_ ? 0 : random_.below(plan_.gateways.size()); }

  std::size_t gateway_for_author() {
    return apart_ ? plan_.gateways.size() - 1 : random_.below(plan_.gateways.size());
  }

  /// One whose clients choose their room; the first does.
  std::size_t gateway_of_others() {
    const auto chosen = random_.below(plan_.gateways.size());
    return has_only_one_room(chosen) ? 0 : chosen;
  }

  void add(std::size_t gateway, temper mood, bool is_author) {
    auto& room = mood.stays.room;
    if (room != lobby && has_only_one_room(gateway))
      gateway = 0;
    const bool tagged = plan_.gateways[gateway]->name().starts_with("tagged");
    mood.stays.enters_by_name = has_only_one_room(gateway);
    plan_.crowd.push_back({gateway, std::move(mood), !(is_author && tagged), is_author});
  }

  static constexpr const char* lobby = "lobby";

  dice& random_;
  plan& plan_;
  bool apart_;  ///< Readers are behind the first gateway and authors behind the last.
};

/// The first is one whose clients choose their room.
std::vector<language_ptr> make_gateways(dice& random) {
  std::vector<language_ptr> gateways{random.chance(60) ? make_framed() : make_tagged_2023()};
  if (random.chance(60))
    gateways.push_back(random.one_of(all_languages()));
  return gateways;
}

gateway_limits make_limits(dice& random) {
  gateway_limits limits;
  limits.input_lines = {lines_plenty, lines_plenty};
  if (random.chance(15))
    limits.backlog_bytes_max = random.between(2000, 20'000);
  return limits;
}

}  // namespace

plan make_pressure_plan(dice& random) {
  plan result;
  result.gateways = make_gateways(random);
  result.rooms = {"lobby", bystanders_room};
  result.limits = make_limits(random);
  make_output_limits(random, result);
  result.all = {
      .connections_max = 1000,
      .connections_per_address_max = 1000,
      .backlog_bytes_max = random.chance(50) ? random.between(3000, 30'000) : backlog_plenty,
      .gateways = result.gateways.size()};
  if (random.chance(20))
    result.going_wrong.short_write_percent = random.between(10, 80);
  if (random.chance(10))
    result.going_wrong.failed_allocation_percent = random.between(1, 10);
  if (result.memory_is_short())
    result.block_bytes_max = random.chance(50) ? 512 : 4096;
  result.room_rules = {.rooms_max = 100, .kept_vacant_max = 100};
  result.odds = make_weights(random);
  result.order = random.chance(50) ? schedule::oldest_first : make_order(random);
  result.starving_tag = random.below(64);
  result.messages_max = random.chance(50) ? 1 : random.between(2, 10);
  result.read_bytes_max = random.between(20, 1200);
  result.steps = random.between(300, 1000);
  result.end = random.chance(25) ? finale::server_shuts_down : finale::everyone_leaves;
  crowd_maker crowd{random, result};
  crowd.add_readers("lobby", random.between(4, 24));
  crowd.add_bystanders();
  if (random.chance(50)) {
    crowd.add_readers("cafe", random.between(4, 10));
    crowd.add_authors("cafe", 1);
  }
  crowd.add_authors("lobby", random.between(1, 3));
  result.clients_max = result.clients_at_once_max = result.crowd.size();
  return result;
}

}  // namespace confab::simulation
