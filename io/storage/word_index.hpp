#pragma once

#include "io/storage/event_run.hpp"
#include "io/storage/sqlite.hpp"

#include <cstdint>
#include <set>

namespace confab::storage {

/// Makes texts findable by their words, some at a time: doing it while they are kept would take
/// three times as long.
class word_index {
 public:
  explicit word_index(connection& database);

  /// Something was kept in this room.
  void note(std::int64_t room);

  /// The texts of a run came to a place that was passed before: makes them findable at once.
  void add_passed(const event_run& run);

  /// Does a small part, within the transaction of the caller. Returns whether there was something
  /// to do.
  bool step();

  /// Forgets which rooms there are to do: the transaction has failed. They are looked for.
  void forget();

 private:
  /// What one call may still do.
  struct budget {
    std::size_t texts;
    std::size_t bytes;
  };

  bool index_room(std::int64_t room, budget& left);
  void look_for_rooms();

  std::set<std::int64_t> rooms_;
  std::int64_t last_room_ = 0;  ///< Of which texts were indexed last.
  run_texts run_texts_;
  bool may_be_more_ = true;  ///< Rooms that are not among them.
  statement find_rooms_, find_room_, run_before_, texts_, add_, move_;
};

}  // namespace confab::storage
