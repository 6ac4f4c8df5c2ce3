#include "tests/simulation/model_nodes.hpp"

#include "tests/simulation/language.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace confab::simulation {

findings judge_nodes(const history& run) {
  findings found;
  check_ends_of_output(run, found);
  const auto known = check_replies(run, found);
  // Without the right replies it is not known what the clients did.
  if (!found.empty())
    return found;
  check_texts_of_nodes(run, known, found);
  check_order_of_nodes(run, known, found);
  check_answers_of_nodes(run, known, found);
  check_comings_of_nodes(run, known, found);
  check_rules_of_nodes(run, known, found);
  check_private_texts_of_nodes(run, known, found);
  check_healed(run, known, found);
  check_histories(run, known, found);
  check_farewells_of_nodes(run, known, found);
  check_endings(run, known, found);
  return found;
}

bool was_telling(const history& run, std::size_t from, std::size_t to, moment first, moment last) {
  return from == to || std::any_of(run.nodes.tellings.begin(), run.nodes.tellings.end(),
                                   [&](const telling& each) {
                                     return each.from == from && each.to == to &&
                                            each.since <= first && each.until > last;
                                   });
}

namespace {

/// When each reader saw each text; `never` if it did not.
using first_sights = std::map<std::pair<std::size_t, std::size_t>, moment>;

/// Without what is added to a nick that two clients had.
std::string base_of(const std::string& nick) {
  return nick.substr(0, nick.find('/'));
}

/// A client that had to give way has the name of its node behind its nick, here or everywhere.
bool shows_author_of_nodes(const language& reader, const utterance& text, const language& author,
                           const std::string& shown) {
  if (reader.shows_author(text.user, author, shown))
    return true;
  if (!author.has_nicks())
    return false;
  const auto base = reader.shown_name(base_of(text.user));
  return shown == base ||
         (shown.starts_with(base) && (shown[base.size()] == '/' || shown[base.size()] == '_'));
}

bool was_member(const account& known, const record& reader, std::size_t sight_index,
                const utterance& text) {
  const auto when = reader.sights[sight_index].when;
  return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& each) {
    if (each.client != reader.number)
      return false;
    if (each.room_known && text.room_known && each.room != text.room)
      return false;
    if (reader.speaks->answers_joins())
      return sight_index > each.entered_sight && sight_index < each.left_sight &&
             each.entered <= when;
    return each.asked <= when && when <= each.left;
  });
}

/// What a client says itself, it hears instead of an answer, if it was kept: that is looked at
/// where answers are.
bool is_answer(const history& run, const record& reader, const utterance& text) {
  return run.rules.archive && text.client == reader.number;
}

/// Why a text should not have come to this reader then; nothing if it should.
std::optional<std::string> misdirection(const history& run, const account& known,
                                        const record& reader, std::size_t sight_index,
                                        const utterance& text) {
  const auto& seen = reader.sights[sight_index];
  const auto& author = run.clients[text.client];
  if (!is_for(known, reader, text))
    return "is not for this reader";
  if (seen.when < text.asked)
    return "came before it was said";
  if (text.done != never && seen.when > text.done && !is_answer(run, reader, text) &&
      was_telling(run, author.node, reader.node, text.asked, text.done))
    return "came after it was answered";
  if (!seen.room.empty() && text.room_known && seen.room != text.room)
    return "came as from room " + seen.room;
  if (!shows_author_of_nodes(*reader.speaks, text, *author.speaks, seen.author))
    return "came as from " + seen.author;
  if (!reader.speaks->shows_text(text.text, seen.body, text.user,
                                 author.speaks->family() == reader.speaks->family()))
    return "came as '" + seen.body + "'";
  return is_answer(run, reader, text) || was_member(known, reader, sight_index, text)
             ? std::nullopt
             : std::optional<std::string>{"came to a reader outside of its room"};
}

void check_seen(const history& run, const account& known, const record& reader, first_sights& all,
                findings& found) {
  for (std::size_t i = 0; i < reader.sights.size(); ++i) {
    const auto& seen = reader.sights[i];
    const auto start = name_of(reader) + " at " + std::to_string(seen.when) + ": TEXTS: ";
    const auto text = text_seen(known, seen, start, found);
    if (!text)
      continue;
    const auto name = [&] { return start + "text " + std::string{mark_of(seen.body)}; };
    if (!all.try_emplace({reader.number, *text}, seen.when).second)
      found.push_back(name() + " came twice");
    if (const auto why = misdirection(run, known, reader, i, known.texts[*text]))
      found.push_back(name() + " of room " + known.texts[*text].room + " " + *why);
  }
}

/// A reader that was a member all the time, on a node that was told all the time, must have the
/// text in its queue when it is answered.
void check_required(const history& run, const account& known, const stay& where,
                    const first_sights& all, findings& found) {
  const auto& reader = run.clients[where.client];
  for (std::size_t i = 0; i < known.texts.size(); ++i) {
    const auto& text = known.texts[i];
    if (!text.room_known || text.room != where.room || text.done == never ||
        !was_there(where, text.asked, text.done) || !is_for(known, reader, text) ||
        is_answer(run, reader, text) ||
        !was_telling(run, run.clients[text.client].node, reader.node, text.asked, text.done))
      continue;
    const auto seen = all.find({reader.number, i});
    if (seen == all.end() || seen->second > text.done)
      found.push_back(name_of(reader) + ", in room " + where.room + " since " +
                      std::to_string(where.entered) + ": TEXTS: had not got text '" +
                      std::string{mark_of(text.text)} + "', said from " +
                      std::to_string(text.asked) + ", by " + std::to_string(text.done));
  }
}

}  // namespace

void check_texts_of_nodes(const history& run, const account& known, findings& found) {
  first_sights all;
  for (const auto& reader : run.clients)
    check_seen(run, known, reader, all, found);
  for (const auto& where : known.stays)
    if (known.listens[where.client])
      check_required(run, known, where, all, found);
}

}  // namespace confab::simulation
