#include "io/storage/author_table.hpp"

#include <memory>

namespace confab::storage {
namespace {

/// The bits of the column `flags`.
constexpr std::int64_t flag_bot = 1;
constexpr std::int64_t flag_invisible = 2;
constexpr std::int64_t flag_hears_wallops = 4;
constexpr std::int64_t flag_server_operator = 8;

std::int64_t flags_of(const identity& who) {
  return (who.bot ? flag_bot : 0) | (who.invisible ? flag_invisible : 0) |
         (who.hears_wallops ? flag_hears_wallops : 0) |
         (who.server_operator ? flag_server_operator : 0);
}

}  // namespace

author_writer::author_writer(connection& database)
    : find_{database,
            "SELECT id FROM authors WHERE name=?1 AND dialect=?2 AND nick=?3 AND user=?4 AND "
            "host=?5 AND real_name=?6 AND account=?7 AND flags=?8"},
      add_{database,
           "INSERT INTO authors(uses,name,dialect,nick,user,host,real_name,account,flags) "
           "VALUES(0,?1,?2,?3,?4,?5,?6,?7,?8) RETURNING id"},
      count_{database, "UPDATE authors SET uses=uses+?2 WHERE id=?1 RETURNING uses"},
      remove_{database, "DELETE FROM authors WHERE id=?1"} {}

std::int64_t author_writer::use(const identity_ptr& who, std::int64_t events) {
  auto known = known_.find(who);
  if (known == known_.end()) {
    if (known_.size() >= remembered_authors_max)
      known_.clear();
    known = known_.emplace(who, find_or_add(who ? *who : identity{})).first;
  }
  pending_[known->second] += events;
  return known->second;
}

std::int64_t author_writer::find_or_add(const identity& who) {
  for (auto* each : {&find_, &add_}) {
    auto rows = each->with(who.name, who.dialect, who.nick, who.user, who.host, who.real_name,
                           who.account, flags_of(who));
    if (rows.next()) {
      const auto id = rows.integer(0);
      while (rows.next()) {  // To its end, or the row would not be added.
      }
      return id;
    }
  }
  throw_damaged("an author was not added");
}

void author_writer::write_uses() {
  for (const auto& [id, events] : pending_) {
    std::int64_t uses = 0;
    {
      auto rows = count_.with(id, events);
      if (!rows.next())
        throw_damaged("an event refers to an author that is not there");
      uses = rows.integer(0);
      rows.next();
    }
    if (uses < 0)
      throw_damaged("an author with fewer than no events");
    if (uses == 0) {
      remove_.run(id);
      known_.clear();
    }
  }
  pending_.clear();
}

void author_writer::forget() {
  known_.clear();
  pending_.clear();
}

author_reader::author_reader(connection& database, dialect_finder dialect_of)
    : dialect_of_(dialect_of),
      find_{database,
            "SELECT name,dialect,nick,user,host,real_name,account,flags FROM authors WHERE id=?1"} {
}

identity_ptr author_reader::find(std::int64_t id) {
  if (const auto known = known_.find(id); known != known_.end())
    return known->second;
  auto rows = find_.with(id);
  if (!rows.next())
    throw_damaged("an event refers to an author that is not there");
  auto who = std::make_shared<identity>();
  who->name = rows.bytes(0);
  who->dialect = dialect_of_ != nullptr ? dialect_of_(rows.bytes(1)) : std::string_view{};
  who->nick = rows.bytes(2);
  who->user = rows.bytes(3);
  who->host = rows.bytes(4);
  who->real_name = rows.bytes(5);
  who->account = rows.bytes(6);
  const auto flags = rows.integer(7);
  who->bot = (flags & flag_bot) != 0;
  who->invisible = (flags & flag_invisible) != 0;
  who->hears_wallops = (flags & flag_hears_wallops) != 0;
  who->server_operator = (flags & flag_server_operator) != 0;
  if (known_.size() >= remembered_authors_max)
    known_.clear();
  known_.emplace(id, who);
  return who;
}

}  // namespace confab::storage
