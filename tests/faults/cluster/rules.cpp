#include "tests/faults/cluster/rules.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace confab::faults {

namespace {

constexpr span forever = span::max();

std::string name_of(std::size_t connection) {
  return "c" + std::to_string(connection);
}

std::string name_of(const text_id& text) {
  return "text " + std::to_string(text.number) + " of " + name_of(text.author);
}

std::string seconds(span time) {
  return std::to_string(static_cast<double>(time.count()) / 1000.0) + " s";
}

std::string described(const run_log& log, std::size_t connection) {
  return name_of(connection) + " on node " + std::to_string(log.connections[connection].node);
}

span end_of(const connection_log& connection) {
  return connection.lost ? connection.lost->at : forever;
}

span end_of(const fault& each) {
  return each.healed ? each.healed->at : forever;
}

bool concerns(const fault& each, std::size_t node) {
  return each.node == each.other && each.node == node;
}

/// Whether the fault keeps these two nodes from being linked.
bool parts(const fault& each, std::size_t one, std::size_t other) {
  if (each.kind == fault_kind::full_disk)
    return false;
  if (each.node == each.other)
    return each.node == one || each.node == other;
  return (each.node == one && each.other == other) || (each.node == other && each.other == one);
}

/// Whether any fault that parts the two was there at some time from `from` to `to`.
bool were_parted(const run_log& log, std::size_t one, std::size_t other, span from, span to) {
  return std::any_of(log.faults.begin(), log.faults.end(), [&](const fault& each) {
    return parts(each, one, other) && each.begun.at <= to && end_of(each) >= from;
  });
}

/// Whether anything was done to this node itself from `from` to `to`.
bool was_touched(const run_log& log, std::size_t node, span from, span to) {
  return std::any_of(log.faults.begin(), log.faults.end(), [&](const fault& each) {
    return concerns(each, node) && each.begun.at <= to && end_of(each) >= from;
  });
}

/// Whether the reader had the time to read what it was told by `told`: it stayed, or its node went
/// on for a while before it ended.
bool could_read(const run_log& log, const connection_log& reader, span told, const bounds& within) {
  const auto limit = told + within.linking;
  if (limit > log.end.at)
    return false;
  return !reader.lost ||
         (reader.lost->at > limit && !was_touched(log, reader.node, told - within.linking, limit));
}

/// The texts that a connection was told, to look them up.
class seen_index {
 public:
  explicit seen_index(const connection_log& connection) {
    for (const auto& each : connection.seen)
      texts_.push_back(each.text);
    std::sort(texts_.begin(), texts_.end());
  }

  bool has(const text_id& text) const {
    return std::binary_search(texts_.begin(), texts_.end(), text);
  }

 private:
  std::vector<text_id> texts_;
};

std::vector<seen_index> index_all(const run_log& log) {
  return {log.connections.begin(), log.connections.end()};
}

/// The IRC connections of a node: they see who is in the room.
std::vector<std::size_t> observers_of(const run_log& log, std::size_t node) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < log.connections.size(); ++i)
    if (log.connections[i].node == node && log.connections[i].speech == dialect::irc)
      result.push_back(i);
  return result;
}

/// Judges the texts that `author` said while, as `view` has seen it, `there.who` was in the room.
/// `margin`: how far what the author and what the view are told may be apart; nothing: they are
/// one.
void judge_stay(const run_log& log, const std::vector<seen_index>& seen, std::size_t author,
                const stay& there, const bounds& within, std::optional<span> margin,
                finding& result) {
  const auto& from = log.connections[author];
  const auto& reader = log.connections[there.who];
  if (!hears(reader.speech) || there.who == author)
    return;
  for (std::size_t number = 0; number < from.said.size(); ++number) {
    const auto& text = from.said[number];
    if (!text.accepted)
      continue;
    const bool was_there =
        margin ? there.from.at + *margin < text.said.at &&
                     (!there.to || there.to->at > text.accepted->at + *margin)
               : there.from < text.said && (!there.to || *there.to > *text.accepted);
    if (!was_there || !could_read(log, reader, text.accepted->at, within))
      continue;
    ++result.judged;
    const text_id id{static_cast<std::uint32_t>(author), static_cast<std::uint32_t>(number)};
    if (!seen[there.who].has(id))
      result.breaches.push_back(name_of(id) + ", said on node " + std::to_string(from.node) +
                                " at " + seconds(text.said.at) + " and accepted at " +
                                seconds(text.accepted->at) + ", never came to " +
                                described(log, there.who) + ", who was in the room");
  }
}

/// When `view` saw `who` in the room at `time`.
bool sees(const connection_log& view, std::size_t who, span time) {
  return std::any_of(view.stays.begin(), view.stays.end(), [&](const stay& each) {
    return each.who == who && each.from.at <= time && (!each.to || each.to->at > time);
  });
}

/// When the two were last parted before `time`; 0 if they never were, nothing if they are now.
std::optional<span> last_parted(const run_log& log, std::size_t one, std::size_t other, span time) {
  span result{0};
  for (const auto& each : log.faults) {
    if (!parts(each, one, other) || each.begun.at > time)
      continue;
    if (end_of(each) > time)
      return std::nullopt;
    result = std::max(result, each.healed->at);
  }
  return result;
}

/// When `view` first saw `who` in the room at or after `time`: `time` if it was there then.
std::optional<span> first_seen(const connection_log& view, std::size_t who, span time) {
  std::optional<span> result;
  for (const auto& each : view.stays) {
    if (each.who != who || (each.to && each.to->at <= time))
      continue;
    const auto from = std::max(each.from.at, time);
    result = result ? std::min(*result, from) : from;
  }
  return result;
}

/// Looks at one observer and the clients of another node at the end of a time without faults.
void judge_link(const run_log& log, std::size_t observer, std::size_t other, span healed,
                const bounds& within, finding& result) {
  const auto& view = log.connections[observer];
  const auto due = healed + within.linking;
  if (!view.joined || view.joined->at > healed || end_of(view) <= due || due > log.end.at)
    return;
  for (std::size_t who = 0; who < log.connections.size(); ++who) {
    const auto& client = log.connections[who];
    if (client.node != other || !client.joined || client.joined->at > healed ||
        end_of(client) <= due)
      continue;
    ++result.judged;
    const auto seen = first_seen(view, who, healed);
    if (seen)
      result.longest = std::max(result.longest, *seen - healed);
    if (!sees(view, who, due))
      result.breaches.push_back(described(log, observer) + " does not see " + described(log, who) +
                                " " + seconds(within.linking) + " after " + seconds(healed) +
                                ", when all was well between them; it does " +
                                (seen ? "at " + seconds(*seen) : "never"));
  }
}

/// The text at this position, if there is one.
const said_text* find(const run_log& log, const text_id& text) {
  if (text.author >= log.connections.size())
    return nullptr;
  const auto& said = log.connections[text.author].said;
  return text.number < said.size() ? &said[text.number] : nullptr;
}

/// From when on an onlooker has to read what is said, and until when. Times of texts are in whole
/// milliseconds, and of equal ones the order is not known.
std::pair<span, span> time_of(const visit_of_onlooker& visit, const run_log& log) {
  constexpr span tick{2};
  auto begin = visit.joined.at;
  for (const auto& each : visit.read)
    if (const auto& text = log.connections[each.author].said[each.number]; text.accepted)
      begin = std::min(begin, text.accepted->at + tick);
  auto end = log.end.at - bounds{}.reading;
  for (const auto& each : log.faults)
    if (each.node == visit.node && each.begun > visit.joined)
      end = std::min(end, each.begun.at);
  return {begin, end};
}

}  // namespace

finding nothing_is_strange(const run_log& log) {
  finding result;
  for (std::size_t i = 0; i < log.connections.size(); ++i) {
    const auto& connection = log.connections[i];
    for (const auto& each : connection.strange)
      result.breaches.push_back(described(log, i) + " was told: " + each);
    for (const auto& each : connection.seen) {
      ++result.judged;
      const auto* text = find(log, each.text);
      if (text == nullptr || text->said > each.at)
        result.breaches.push_back(described(log, i) + " was told " + name_of(each.text) +
                                  ", which nobody has said");
    }
  }
  return result;
}

finding every_text_once(const run_log& log) {
  finding result;
  for (std::size_t i = 0; i < log.connections.size(); ++i) {
    std::set<text_id> seen;
    for (const auto& each : log.connections[i].seen) {
      ++result.judged;
      if (!seen.insert(each.text).second)
        result.breaches.push_back(described(log, i) + " was told " + name_of(each.text) +
                                  " again at " + seconds(each.at.at));
    }
  }
  return result;
}

finding each_author_in_order(const run_log& log) {
  finding result;
  for (std::size_t i = 0; i < log.connections.size(); ++i) {
    std::map<std::uint32_t, std::uint32_t> latest;
    for (const auto& each : log.connections[i].seen) {
      const auto [found, is_first] = latest.try_emplace(each.text.author, each.text.number);
      if (is_first)
        continue;
      ++result.judged;
      if (each.text.number < found->second)
        result.breaches.push_back(described(log, i) + " was told " + name_of(each.text) +
                                  " behind text " + std::to_string(found->second));
      found->second = each.text.number;
    }
  }
  return result;
}

finding acknowledged_texts_arrive(const run_log& log, const bounds& within) {
  finding result;
  const auto seen = index_all(log);
  for (std::size_t author = 0; author < log.connections.size(); ++author) {
    const auto& from = log.connections[author];
    if (from.said.empty() || !is_answered(from.speech))
      continue;
    if (from.speech == dialect::irc) {
      for (const auto& each : from.stays)
        judge_stay(log, seen, author, each, within, std::nullopt, result);
      continue;
    }
    for (const auto observer : observers_of(log, from.node)) {
      const auto& view = log.connections[observer];
      for (auto each : view.stays) {
        if (!each.to)
          each.to = view.lost;  // It sees nothing any more.
        judge_stay(log, seen, author, each, within, within.reading, result);
      }
    }
  }
  return result;
}

finding undisturbed_texts_arrive(const run_log& log, const bounds& within) {
  finding result;
  const auto seen = index_all(log);
  for (std::size_t author = 0; author < log.connections.size(); ++author) {
    const auto& from = log.connections[author];
    for (std::size_t number = 0; number < from.said.size(); ++number) {
      const auto& text = from.said[number];
      if (!text.accepted)
        continue;
      for (std::size_t who = 0; who < log.connections.size(); ++who) {
        const auto& reader = log.connections[who];
        if (who == author || !hears(reader.speech) || !reader.joined ||
            reader.joined->at + within.linking > text.said.at ||
            end_of(reader) <= text.accepted->at ||
            were_parted(log, from.node, reader.node, text.said.at - within.linking,
                        text.accepted->at) ||
            !could_read(log, reader, text.accepted->at, within))
          continue;
        ++result.judged;
        const text_id id{static_cast<std::uint32_t>(author), static_cast<std::uint32_t>(number)};
        if (!seen[who].has(id))
          result.breaches.push_back(name_of(id) + ", accepted at " + seconds(text.accepted->at) +
                                    ", never came to " + described(log, who) +
                                    ", though nothing was done between the nodes");
      }
    }
  }
  return result;
}

finding links_come_back(const run_log& log, const bounds& within) {
  finding result;
  for (std::size_t observer = 0; observer < log.connections.size(); ++observer) {
    const auto& view = log.connections[observer];
    if (view.speech != dialect::irc || !view.joined)
      continue;
    for (std::size_t other = 0; other < nodes; ++other) {
      if (other == view.node)
        continue;
      // The moments from which on nothing is in the way: a fault heals, or a client comes.
      std::set<span> moments{view.joined->at};
      for (const auto& each : log.faults)
        if (parts(each, view.node, other) && each.healed)
          moments.insert(each.healed->at);
      for (const auto& each : log.connections)
        if (each.node == other && each.joined)
          moments.insert(each.joined->at);
      for (const auto& healed : moments) {
        const auto parted = last_parted(log, view.node, other, healed + within.linking);
        if (parted && *parted <= healed)
          judge_link(log, observer, other, healed, within, result);
      }
    }
  }
  return result;
}

finding departures_are_seen(const run_log& log, const bounds& within) {
  finding result;
  for (const auto& each : log.faults) {
    if (each.kind != fault_kind::kill)
      continue;
    const auto killed = each.begun.at;
    for (std::size_t observer = 0; observer < log.connections.size(); ++observer) {
      const auto& view = log.connections[observer];
      if (view.speech != dialect::irc || view.node == each.node || end_of(view) <= killed ||
          was_touched(log, view.node, killed - within.departure, killed + within.departure))
        continue;
      for (const auto& guest : view.stays) {
        const auto& client = log.connections[guest.who];
        if (client.node != each.node || guest.from.at > killed ||
            (guest.to && guest.to->at < killed) || end_of(view) <= killed + within.departure)
          continue;
        ++result.judged;
        if (guest.to)
          result.longest = std::max(result.longest, guest.to->at - killed);
        if (!guest.to || guest.to->at > killed + within.departure)
          result.breaches.push_back(
              described(log, observer) + " saw " + described(log, guest.who) + " leave " +
              (guest.to ? seconds(guest.to->at - killed) + " after its node was killed at " +
                              seconds(killed)
                        : "never, though its node was killed at " + seconds(killed)));
      }
    }
  }
  return result;
}

finding answers_come_soon(const run_log& log, const bounds& within) {
  finding result;
  for (std::size_t author = 0; author < log.connections.size(); ++author) {
    const auto& from = log.connections[author];
    if (!is_answered(from.speech))
      continue;
    for (std::size_t number = 0; number < from.said.size(); ++number) {
      const auto& text = from.said[number];
      const auto answered = text.accepted ? text.accepted->at : std::min(end_of(from), log.end.at);
      if (text.refused ||
          was_touched(log, from.node, text.said.at - within.reading,
                      std::min(answered, text.said.at + within.answer) + within.reading))
        continue;
      const auto waited = answered - text.said.at;
      if (!text.accepted && waited <= within.answer)
        continue;  // It may have been on its way when the connection ended.
      ++result.judged;
      result.longest = std::max(result.longest, waited);
      if (waited > within.answer)
        result.breaches.push_back(
            name_of({static_cast<std::uint32_t>(author), static_cast<std::uint32_t>(number)}) +
            ", said on node " + std::to_string(from.node) + " at " + seconds(text.said.at) +
            ", had waited " + seconds(waited) +
            (text.accepted ? " for its answer" : ", and was never answered"));
    }
  }
  return result;
}

finding memory_is_bounded(const run_log& log, const bounds& within) {
  finding result;
  for (const auto& each : log.faults) {
    if (each.kind != fault_kind::stop)
      continue;
    for (std::size_t node = 0; node < nodes; ++node) {
      std::size_t before = 0;
      std::size_t most = 0;
      for (const auto& sample : log.memory) {
        if (sample.node != node || node == each.node || sample.at > end_of(each))
          continue;
        if (sample.at <= each.begun.at)
          before = sample.bytes;
        most = std::max(most, sample.bytes);
      }
      if (before == 0)
        continue;
      ++result.judged;
      if (most > before + within.memory)
        result.breaches.push_back("node " + std::to_string(node) + " grew from " +
                                  std::to_string(before >> 20U) + " MiB to " +
                                  std::to_string(most >> 20U) + " MiB while node " +
                                  std::to_string(each.node) + " was stopped");
    }
  }
  return result;
}

finding acknowledged_texts_are_kept(const run_log& log) {
  finding result;
  for (std::size_t author = 0; author < log.connections.size(); ++author) {
    const auto& from = log.connections[author];
    if (!log.has_history[from.node])
      continue;
    for (std::size_t number = 0; number < from.said.size(); ++number) {
      if (!from.said[number].accepted)
        continue;
      ++result.judged;
      const text_id id{static_cast<std::uint32_t>(author), static_cast<std::uint32_t>(number)};
      if (!log.histories[from.node].contains(id))
        result.breaches.push_back(name_of(id) + ", accepted at " +
                                  seconds(from.said[number].accepted->at) +
                                  ", is not in the history of node " + std::to_string(from.node));
    }
  }
  return result;
}

finding onlookers_read_on(const run_log& log) {
  finding result;
  for (const auto& visit : log.visits) {
    std::map<text_id, std::size_t> read;
    for (const auto& each : visit.read)
      if (++read[each] == 2)
        result.breaches.push_back(name_of(each) + " was read twice by the onlooker of node " +
                                  std::to_string(visit.node));
    const auto [begin, end] = time_of(visit, log);
    for (std::size_t author = 0; author < log.connections.size(); ++author) {
      const auto& said = log.connections[author].said;
      for (std::size_t number = 0; number < said.size(); ++number) {
        const auto& text = said[number];
        if (!text.accepted || text.said.at < begin || text.accepted->at > end)
          continue;
        ++result.judged;
        const text_id id{static_cast<std::uint32_t>(author), static_cast<std::uint32_t>(number)};
        if (!read.contains(id))
          result.breaches.push_back(
              name_of(id) + ", said at " + seconds(text.said.at) + " and accepted at " +
              seconds(text.accepted->at) + ", was not read by the onlooker of node " +
              std::to_string(visit.node) + " that had come at " + seconds(visit.joined.at));
      }
    }
  }
  return result;
}

finding nothing_is_kept_twice(const run_log& log) {
  finding result;
  for (std::size_t node = 0; node < nodes; ++node) {
    const auto& kept = log.histories[node];
    result.judged += kept.size();
    for (auto each = kept.begin(); each != kept.end(); each = kept.upper_bound(*each))
      if (kept.count(*each) > 1)
        result.breaches.push_back(name_of(*each) + " is more than once in the history of node " +
                                  std::to_string(node));
  }
  return result;
}

finding histories_are_equal(const run_log& log) {
  finding result;
  std::set<text_id> all;
  for (const auto& each : log.histories)
    all.insert(each.begin(), each.end());
  for (const auto& text : all) {
    ++result.judged;
    for (std::size_t node = 0; node < nodes; ++node)
      if (log.has_history[node] && !log.histories[node].contains(text))
        result.breaches.push_back(name_of(text) + " is not in the history of node " +
                                  std::to_string(node) + ", but in that of another one");
  }
  return result;
}

}  // namespace confab::faults
