#include "io/storage/event_rows.hpp"
#include "io/storage/history_transfer.hpp"
#include "io/storage/json_lines.hpp"
#include "io/storage/schema.hpp"
#include "io/storage/writer.hpp"

#include <limits>
#include <ostream>
#include <string>
#include <string_view>

namespace confab {
namespace {

/// So many runs are read at once. In between, the log can begin again.
constexpr std::int64_t runs_at_once = 100;

}  // namespace

std::variant<std::uint64_t, std::string> export_history(const history_settings& given,
                                                        std::ostream& out) {
  auto settings = given;
  if (settings.migration_steps.empty())
    settings.migration_steps = storage::known_steps();
  try {
    storage::connection database{storage::settings_for(settings)};
    database.run("PRAGMA query_only=ON");
    storage::check_version(database, settings.migration_steps, false);
    storage::event_rows events{database, settings.dialect_of};
    storage::statement next{database,
                            "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                            "FROM events WHERE id>=?1 ORDER BY id LIMIT ?2"};
    storage::statement name_of{database, "SELECT name FROM rooms WHERE id=?1"};
    std::uint64_t count = 0;
    // In between a run may be cut, and its rest have an id of its own.
    auto begin = std::numeric_limits<std::int64_t>::min();
    for (bool goes_on = true; goes_on;) {
      // Written when the transaction has ended: nobody knows how long that takes.
      std::string lines;
      {
        const storage::transaction all{database, storage::transaction::only_reads};
        events.forget_segment();
        goes_on = false;
        std::string room;
        std::int64_t room_id = -1;
        auto rows = next.with(begin, runs_at_once);
        while (rows.next()) {
          goes_on = true;
          const auto& run = events.read(rows);
          begin = run.end();
          if (storage::room_of(run.id) != room_id) {
            room_id = storage::room_of(run.id);
            auto named = name_of.with(room_id);
            if (!named.next())
              storage::throw_damaged("an event that is of no room");
            room = named.bytes(0);
          }
          for (std::int64_t i = 0; i < run.count; ++i, ++count)
            lines.append(storage::json_line(*events.batch_of(room, i))) += '\n';
        }
      }
      out << lines;
      if (!out)
        return std::string{"the export cannot be written"};
    }
    out.flush();
    if (!out)
      return std::string{"the export cannot be written"};
    return count;
  } catch (const std::exception& error) {
    return "the history '" + settings.path + "' cannot be exported: " + error.what();
  }
}

}  // namespace confab
