#pragma once

#include "actors/history_storage.hpp"
#include "actors/interfaces.hpp"
#include "actors/room_setup.hpp"
#include "actors/self.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

/// The actor that reads what was kept.
namespace confab {

/// What an archive reader is told when it starts.
struct archive_reader_settings {
  std::shared_ptr<history_reader> reader;  ///< Never null; nobody else uses it.
  std::int64_t (*now_us)() = nullptr;  ///< Microseconds of a clock that is never set. Never null.
  // For comparisons with other nodes, as in `archive_settings`:
  history_retention retention = {};
  wall_clock now_ms = nullptr;  ///< May be null if there are no other nodes.
  /// Is told when something could not be read. May be empty.
  std::function<void(const storage_failure&)> on_trouble = {};
};

/// A search ends after so long with what it has found.
inline constexpr std::int64_t search_us_max = 200'000;

/// Answers one wish after the other. Pages go before searches, which take longer, and before what
/// other nodes ask for: nobody who wants a page waits for more than one of those.
class archive_reader_state {
 public:
  archive_reader_state(self_pointer<archive_reader_actor> self, archive_reader_settings settings);

  void recall(history_request request);

  /// Compares what is kept with what another node keeps.
  void compare(comparison request);

  /// Answers the comparison, else the search, that has waited for longest.
  void work();

 private:
  storage_result<history_page> find(const std::string& room, const history_query& query);
  storage_result<history_page> find(const std::string& room, const history_search& query);
  void answer(history_request request);
  void carry_out(history_request& request, const history_wish& wish);
  void carry_out(history_request& request, const targets_wish& wish);
  void carry_out(history_request& request, const recent_wish& wish);
  void answer(receipt reply, answer_part found);
  void refuse(history_request& request, const storage_failure& why);
  void work_later();
  void answer(const comparison& request);

  self_pointer<archive_reader_actor> self_;
  archive_reader_settings settings_;
  // What waits. While there is something, a tick is coming.
  std::deque<history_request> searches_;
  std::deque<comparison> comparisons_;
};

/// The behavior of an archive reader. `Pointer` is the actor's own pointer type, with a `state` of
/// type `std::optional<archive_reader_state>`. It is to have a thread of its own.
template <class Pointer>
archive_reader_actor::behavior_type archive_reader(Pointer self, archive_reader_settings settings) {
  auto& state = self->state.emplace(self, std::move(settings));
  return {
      [&state](recall_atom, history_request& request) { state.recall(std::move(request)); },
      [&state](compare_atom, comparison& request) { state.compare(std::move(request)); },
      [&state](tick_atom) { state.work(); },
      [self](close_atom) { self->quit(); },
  };
}

}  // namespace confab
