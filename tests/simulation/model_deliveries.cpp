#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>
#include <optional>

namespace confab::simulation {

namespace {

/// When each reader saw each text; `never` if it did not.
class deliveries {
 public:
  deliveries(std::size_t readers, std::size_t texts)
      : texts_(texts), when_(readers * texts, never), first_(texts, never) {}

  moment& of(std::size_t reader, std::size_t text) { return when_[reader * texts_ + text]; }
  moment& first(std::size_t text) { return first_[text]; }

 private:
  std::size_t texts_;
  std::vector<moment> when_;
  std::vector<moment> first_;
};

/// Why a text should not have come to this reader then; nothing if it should.
std::optional<std::string> misdirection(const history& run, const account& known,
                                        const record& reader, std::size_t sight_index,
                                        const utterance& text) {
  const auto& seen = reader.sights[sight_index];
  // Said before the reader came in: also what it said itself then.
  const bool replayed = may_be_replayed(run, known, reader, sight_index, text);
  const bool own = reader.number == text.client;
  // What confirms a text comes when that is kept, wherever its author is by then.
  const bool confirms = own && run.rules.archive;
  if (!is_for(known, reader, text) && !(own && replayed))
    return "is not for this reader";
  if (seen.when < text.asked)
    return "came before it was said";
  if (seen.when > text.done && !confirms && !replayed)
    return "came after it was answered";
  if (!seen.room.empty() && text.room_known && seen.room != text.room)
    return "came as from room " + seen.room;
  const auto& author = run.clients[text.client];
  if (!reader.speaks->shows_author(text.user, *author.speaks, seen.author))
    return "came as from " + seen.author;
  if (!reader.speaks->shows_text(text.text, seen.body, text.user,
                                 author.speaks->family() == reader.speaks->family()))
    return "came as '" + seen.body + "'";
  const bool member = std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& each) {
    if (each.client != reader.number)
      return false;
    if (each.room_known && text.room_known && each.room != text.room)
      return false;
    if (reader.speaks->answers_joins())
      return sight_index > each.entered_sight && sight_index < each.left_sight &&
             each.entered <= seen.when;
    return each.asked <= seen.when && seen.when <= each.left;
  });
  return member || confirms ? std::nullopt
                            : std::optional<std::string>{"came to a reader outside of its room"};
}

void check_seen(const history& run, const account& known, const record& reader, deliveries& all,
                findings& found) {
  for (std::size_t i = 0; i < reader.sights.size(); ++i) {
    const auto& seen = reader.sights[i];
    const auto start = name_of(reader) + " at " + std::to_string(seen.when) + ": ";
    const auto text = text_seen(known, seen, start, found);
    if (!text)
      continue;
    const auto name = [&] { return start + "text " + std::string{mark_of(seen.body)}; };
    auto& when = all.of(reader.number, *text);
    const bool may_come_again = run.rules.archive && run.rules.archive->replay_texts > 0;
    if (when != never && !may_come_again)  // Else see `check_replays`.
      found.push_back(name() + " came twice");
    when = std::min(when, seen.when);
    all.first(*text) = std::min(all.first(*text), seen.when);
    if (const auto why = misdirection(run, known, reader, i, known.texts[*text]))
      found.push_back(name() + " of room " + known.texts[*text].room + " " + *why);
  }
}

/// A reader that was a member all the time must have the text in its queue when it is answered; one
/// that nobody saw answered it must get all the same if anybody did.
void check_required(const history& run, const account& known, const stay& where, deliveries& all,
                    findings& found) {
  const auto& reader = run.clients[where.client];
  for (std::size_t i = 0; i < known.texts.size(); ++i) {
    const auto& text = known.texts[i];
    if (!text.room_known || !where.room_known || text.room != where.room ||
        where.entered > text.asked || !is_for(known, reader, text))
      continue;
    if (run.rules.archive && text.client == reader.number)
      continue;  // See `check_kept`.
    const bool answered = text.done != never;
    if (!answered && all.first(i) > run.quiet)
      continue;
    const auto due = answered ? text.done : run.quiet;
    if (where.leaving > due && all.of(reader.number, i) > due)
      found.push_back(name_of(reader) + ", in room " + where.room + " since " +
                      std::to_string(where.entered) + ", had not got text '" +
                      std::string{mark_of(text.text)} + "', said from " +
                      std::to_string(text.asked) + ", by " + std::to_string(due));
  }
}

}  // namespace

bool is_for(const account& known, const record& reader, const utterance& text) {
  const auto& speaks = *reader.speaks;
  if (reader.number == text.client && !speaks.hears_own_connection())
    return reader.hears_itself;
  return known.listens[reader.number] &&
         (speaks.hears_own_user() || known.users[reader.number] != text.user);
}

void check_deliveries(const history& run, const account& known, findings& found) {
  deliveries all{run.clients.size(), known.texts.size()};
  for (const auto& reader : run.clients)
    check_seen(run, known, reader, all, found);
  for (const auto& where : known.stays)
    if (known.listens[where.client])
      check_required(run, known, where, all, found);
}

}  // namespace confab::simulation
