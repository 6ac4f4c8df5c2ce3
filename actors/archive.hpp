#pragma once

#include "actors/history_storage.hpp"
#include "actors/interfaces.hpp"
#include "actors/room_setup.hpp"
#include "actors/self.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <caf/fwd.hpp>

/// The actor that keeps what happens in rooms.
namespace confab {

/// What an archive is told when it starts.
struct archive_settings {
  std::shared_ptr<history_writer> writer;  ///< Never null; nobody else uses it.
  archive_reader_actor reader;
  history_retention retention;
  wall_clock now_ms = nullptr;         ///< Never null.
  std::int64_t (*now_us)() = nullptr;  ///< Microseconds of a clock that is never set. Never null.
  void (*on_begin)() = nullptr;        ///< Called once, in the archive's own thread. May be null.
  /// Lets so many microseconds pass: see `rest_us_max`. Null: it never rests.
  void (*rest)(std::int64_t us) = nullptr;
  /// How long it rests when there is nothing to tidy up; 0: it never tidies up.
  std::chrono::milliseconds tidy_interval{1000};
  /// Is told when something could not be kept or removed, once for many, and with null when that
  /// has passed. May be empty.
  std::function<void(const storage_failure*)> on_trouble = {};
};

/// While there is something to write now and then, what can wait takes no more than this part of
/// the time,
inline constexpr std::int64_t tidying_part = 32;
/// and is asked for again after so long.
inline constexpr std::chrono::milliseconds tidying_put_off{10};

/// If much more is kept than may be, so many parts of what can wait are done before something is
/// written.
inline constexpr int tidying_turns_max = 16;

/// While many readers are told of what came, the authors wait for that anyway: so the archive rests
/// as long, within these bounds, and writes more at once.
inline constexpr std::int64_t rest_us_min = 200;
inline constexpr std::int64_t rest_us_max = 2000;
/// A gateway tells so many readers in a microsecond.
inline constexpr std::uint64_t deliveries_per_us = 10;

/// Keeps what comes. All that has come while one transaction was written is the next one: the more
/// there is to do, the less each costs. The gateways of the authors hear when it is on the disk.
/// They read no more from one of whom a few batches wait; so what waits here is bounded by the
/// number of clients.
class archive_state {
 public:
  archive_state(self_pointer<archive_actor> self, archive_settings settings);

  /// Will keep this, of which so many readers are told, and tell the gateway of the receipt.
  void keep(event_batch_ptr batch, const receipt& reply, std::size_t readers);

  /// Will pass this on to the reader when what came before it was kept.
  void recall(history_request request);

  /// Will remove a text when what came before this was kept, if that is allowed.
  void redact(redaction request);

  /// Keeps what another node has, or passes a question on to the reader.
  void compare(comparison request);

  /// Does all that has come.
  void work();

  /// Does a part of what can wait, unless there is something to write.
  void tidy();

  archive_report report() const;

  /// Writes what has come. Nothing comes any more.
  void close();

 private:
  struct waiting {
    gateway_actor gateway;
    connection_key connection;
  };

  void work_soon();
  bool rest_first();
  void make_room();
  void write();
  std::optional<refusal> take_back(const redaction& request);
  void carry_out(redaction& request);
  void note(const storage_outcome& result);
  void tell_peers();
  void tidy_in(std::chrono::milliseconds span);

  self_pointer<archive_actor> self_;
  archive_settings settings_;
  history_page batches_;          ///< To be kept, oldest first,
  std::vector<waiting> authors_;  ///< and who waits for each.
  std::vector<history_request> recalls_;
  std::vector<comparison> questions_;  ///< Of peers, about what is kept.
  std::vector<redaction> redactions_;
  std::vector<peer_actor> peers_;  ///< That have ever asked.
  bool working_soon_ = false;
  bool rested_ = false;           ///< Before the transaction to come.
  std::uint64_t deliveries_ = 0;  ///< Of what is to be kept.
  std::int64_t wrote_us_ = 0;     ///< When something was last written.
  std::int64_t tidy_us_ = 0;      ///< Tidying is put off until then, if something is being written.
  archive_report counts_;
};

/// The behavior of the archive. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<archive_state>`. Since a disk keeps its thread for long, the actor is to have one
/// of its own.
template <class Pointer>
archive_actor::behavior_type archive(Pointer self, archive_settings settings) {
  auto& state = self->state.emplace(self, std::move(settings));
  return {
      [&state](keep_atom, event_batch_ptr& batch, const receipt& reply, std::size_t readers) {
        state.keep(std::move(batch), reply, readers);
      },
      [&state](recall_atom, history_request& request) { state.recall(std::move(request)); },
      [&state](redact_atom, redaction& request) { state.redact(std::move(request)); },
      [&state](compare_atom, comparison& request) { state.compare(std::move(request)); },
      [&state](tick_atom) { state.work(); },
      [&state](flush_atom) { state.tidy(); },
      [self, &state](report_atom) {
        auto result = state.report();
        result.mailbox_messages = self->mailbox().size();
        return result;
      },
      [self, &state](close_atom) {
        state.close();
        self->quit();
      },
  };
}

}  // namespace confab
