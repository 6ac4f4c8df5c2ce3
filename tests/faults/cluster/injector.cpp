#include "tests/faults/cluster/injector.hpp"

#include <algorithm>
#include <csignal>
#include <random>
#include <stdexcept>
#include <utility>

namespace confab::faults {

namespace {

constexpr span round_span{30'000};
constexpr span starting_max{20'000};

bool is_of_cable(fault_kind kind) {
  return kind == fault_kind::unplug || kind == fault_kind::silence || kind == fault_kind::one_way;
}

/// Whether both are about one cable, or about one node.
bool is_same_place(const planned_fault& one, const planned_fault& other) {
  return is_of_cable(one.kind) == is_of_cable(other.kind) &&
         std::minmax(one.node, one.other) == std::minmax(other.node, other.other);
}

/// Whether both would be in each other's way.
bool collide(const planned_fault& one, const planned_fault& other) {
  constexpr span apart{300};
  return is_same_place(one, other) && one.begin < other.begin + other.lasting + apart &&
         other.begin < one.begin + one.lasting + apart;
}

class dice {
 public:
  explicit dice(std::uint64_t seed) : random_(seed) {}

  /// From 0 to `most` - 1.
  std::size_t below(std::size_t most) { return random_() % most; }

  span between(span least, span most) {
    return least + span{below(static_cast<std::size_t>((most - least).count()) + 1)};
  }

 private:
  std::mt19937_64 random_;
};

planned_fault draw(dice& chance, span begin, span end) {
  constexpr fault_kind kinds[] = {fault_kind::kill,    fault_kind::kill,    fault_kind::stop,
                                  fault_kind::stop,    fault_kind::unplug,  fault_kind::silence,
                                  fault_kind::one_way, fault_kind::one_way, fault_kind::full_disk};
  planned_fault result;
  result.kind = kinds[chance.below(std::size(kinds))];
  result.node = chance.below(nodes);
  result.other = result.node;
  if (is_of_cable(result.kind))
    result.other = (result.node + 1 + chance.below(nodes - 1)) % nodes;
  result.begin = chance.between(begin, end);
  // As many short ones as long ones: what is noticed takes a second or more.
  const auto most = chance.below(2) == 0 ? span{1'000} : span{6'000};
  result.lasting = std::min(chance.between(span{20}, most), end - result.begin);
  return result;
}

}  // namespace

std::vector<planned_fault> draw_faults(std::uint64_t seed, std::size_t count, span begin,
                                       span duration) {
  dice chance{seed};
  const auto rounds =
      std::max<std::size_t>(1, static_cast<std::size_t>((duration + round_span / 2) / round_span));
  const auto length = duration / static_cast<span::rep>(rounds);
  std::vector<planned_fault> result;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto from = begin + length * static_cast<span::rep>(round);
    const auto due = count * (round + 1) / rounds;
    for (int tries = 0; result.size() < due && tries < 100'000; ++tries) {
      const auto one = draw(chance, from, from + length / 2);
      if (std::none_of(result.begin(), result.end(),
                       [&](const planned_fault& other) { return collide(one, other); }))
        result.push_back(one);
    }
  }
  std::sort(result.begin(), result.end(), [](const planned_fault& one, const planned_fault& other) {
    return one.begin < other.begin;
  });
  return result;
}

std::string described(const planned_fault& each) {
  const auto node = cluster::name(each.node);
  const auto other = cluster::name(each.other);
  const auto lasting = " for " + std::to_string(each.lasting.count()) + " ms";
  switch (each.kind) {
    case fault_kind::kill:
      return "node " + node + " is killed" + lasting;
    case fault_kind::stop:
      return "node " + node + " is stopped" + lasting;
    case fault_kind::unplug:
      return "the cable between " + node + " and " + other + " is unplugged" + lasting;
    case fault_kind::silence:
      return "nothing passes between " + node + " and " + other + lasting;
    case fault_kind::one_way:
      return "nothing passes from " + node + " to " + other + lasting;
    case fault_kind::full_disk:
      return "the disk of " + node + " is full" + lasting;
    case fault_kind::restart:
      break;
  }
  return "node " + node + " is restarted";
}

injector::injector(cluster& servers, run_clock& clock, run_log& log,
                   std::vector<planned_fault> plan)
    : servers_(servers), clock_(clock), log_(log), plan_(std::move(plan)) {}

void injector::step() {
  // On a machine that is slow, the one before it in the same place may not have healed yet.
  const auto is_free = [this](const planned_fault& next) {
    return std::none_of(active_.begin(), active_.end(),
                        [&](const auto& each) { return is_same_place(each.what, next); });
  };
  for (; next_ < plan_.size() && clock_.now() >= plan_[next_].begin && is_free(plan_[next_]);
       ++next_)
    begin(plan_[next_]);
  std::erase_if(active_, [this](active_fault& each) { return !goes_on(each); });
  for (std::size_t node = 0; node < nodes; ++node) {
    const bool is_expected = std::any_of(active_.begin(), active_.end(), [&](const auto& each) {
      return each.what.node == node &&
             (each.what.kind == fault_kind::kill || each.what.kind == fault_kind::restart);
    });
    if (!is_expected && !servers_.runs(node))
      throw std::runtime_error(
          "the server of node " + cluster::name(node) + " ended by itself, with " +
          std::to_string(servers_.exit_status(node)) + "; see " + servers_.log_file(node));
  }
}

void injector::begin(const planned_fault& what) {
  active_.push_back({what, log_.faults.size(), clock_.now() + what.lasting, false});
  log_.faults.push_back({what.kind, what.node, what.other, clock_.next(), {}});
  switch (what.kind) {
    case fault_kind::kill:
      servers_.signal(what.node, SIGKILL);
      break;
    case fault_kind::stop:
      servers_.signal(what.node, SIGSTOP);
      break;
    case fault_kind::restart:
      servers_.signal(what.node, SIGTERM);
      break;
    case fault_kind::full_disk:
      servers_.fill_disk(what.node);
      break;
    case fault_kind::unplug:
    case fault_kind::silence:
    case fault_kind::one_way:
      servers_.break_cable(what.kind, what.node, what.other);
      break;
  }
}

bool injector::goes_on(active_fault& each) {
  if (clock_.now() < each.end)
    return true;
  const auto& what = each.what;
  switch (what.kind) {
    case fault_kind::kill:
    case fault_kind::restart:
      if (!start_again(each))
        return true;
      break;
    case fault_kind::stop:
      servers_.signal(what.node, SIGCONT);
      break;
    case fault_kind::full_disk:
      servers_.empty_disk(what.node);
      break;
    case fault_kind::unplug:
    case fault_kind::silence:
    case fault_kind::one_way:
      servers_.mend_cable(what.kind, what.node, what.other);
      break;
  }
  log_.faults[each.entry].healed = clock_.next();
  return false;
}

/// Whether the server of a node runs again.
bool injector::start_again(active_fault& each) {
  const auto node = each.what.node;
  if (each.is_starting) {
    if (servers_.listens(node))
      return true;
    if (!servers_.runs(node) || clock_.now() > each.end + starting_max)
      throw std::runtime_error("the server of node " + cluster::name(node) + " does not start (" +
                               std::to_string(servers_.exit_status(node)) + "); see " +
                               servers_.log_file(node));
    return false;
  }
  if (servers_.runs(node)) {
    if (clock_.now() > each.end + starting_max)
      throw std::runtime_error("the server of node " + cluster::name(node) + " does not end; see " +
                               servers_.log_file(node));
    return false;
  }
  if (each.what.kind == fault_kind::restart && servers_.exit_status(node) != 0)
    throw std::runtime_error("the server of node " + cluster::name(node) + " ended with " +
                             std::to_string(servers_.exit_status(node)) +
                             " when it was told to end; see " + servers_.log_file(node));
  each.is_starting = true;
  each.end = clock_.now();
  servers_.start(node);
  return false;
}

}  // namespace confab::faults
