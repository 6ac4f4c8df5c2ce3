#pragma once

#include "apps/bench/connection_set.hpp"
#include "apps/bench/crowd_roster.hpp"
#include "apps/bench/delivery_ledger.hpp"
#include "apps/bench/options.hpp"
#include "apps/bench/progress_line.hpp"
#include "apps/bench/protocol_adapter.hpp"
#include "apps/bench/silence_watchdog.hpp"
#include "apps/bench/stalled_readers.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace confab::bench {

/// What one round of load showed. The histograms hold nanoseconds.
struct round_result {
  std::uint64_t texts = 0;
  std::uint64_t expected = 0;  ///< deliveries that the texts should cause
  std::uint64_t deliveries = 0;
  std::uint64_t duration_ns = 0;  ///< first text sent to last text or answer received
  std::uint64_t lost = 0;
  std::uint64_t out_of_order = 0;
  std::uint64_t strange = 0;
  std::uint64_t flooded_bytes = 0;
  bool flooder_was_cut = false;
  stalled_result stalled;
  duration_histogram delivery;    ///< text sent to text received
  duration_histogram round_trip;  ///< text sent to its answer
};

/// Lets the senders of a crowd that has joined send, and books what arrives.
class load_driver final : public connection_handler {
 public:
  load_driver(connection_set& connections, const protocol_adapter& protocol,
              const crowd_roster& crowd, const bench_options& options);

  /// One round: `texts` texts of each sender (0: no end), no new ones after `seconds` (0: no
  /// limit). Returns when all is answered and delivered, or when nothing more comes. Throws failure
  /// on a refusal, or when answers stay away for the options' deadline.
  round_result run(std::uint32_t texts, double seconds);

  /// Sends nothing (but PONGs) for `seconds`.
  void rest(double seconds);

  void connected(connection_id) override {}
  std::size_t received(connection_id id, std::string_view bytes) override;

 private:
  struct sender_state {
    std::uint32_t next = 0;              ///< sequence number of the next text
    std::uint32_t end = 0;               ///< first sequence number that is not to be sent
    std::uint32_t unanswered = 0;        ///< texts on their way: sequence numbers up to next
    bool is_listed = false;              ///< in answered_
    std::vector<std::uint64_t> sent_at;  ///< ring: when the text `sequence % window` left
  };

  void begin(std::uint32_t texts, double seconds);
  void wait_for_end();
  void stop_sending();
  void sweep(std::uint64_t time);
  bool is_complete() const;
  round_result finish();
  void take_texts(connection_id id, std::uint64_t time);
  void take_answer(std::uint32_t number, std::uint64_t time);
  void send_answered();
  void send_texts(std::uint32_t number);
  void send_flood();
  void show(progress_line& progress, std::uint64_t time) const;

  connection_set& connections_;
  const protocol_adapter& protocol_;
  const crowd_roster& crowd_;
  const bench_options& options_;
  const std::uint64_t stamps_begin_ns_;  ///< stamps count from here
  const std::uint64_t audience_;         ///< deliveries for each text
  const answer_source answer_;
  delivery_ledger ledger_;
  stalled_readers stalled_;
  duration_histogram round_trip_;
  std::vector<sender_state> senders_;
  std::vector<std::uint32_t> answered_;  ///< senders that may send more
  std::string text_;
  parsed_input parsed_;
  round_result round_;
  std::uint64_t unanswered_ = 0;       ///< over all senders
  std::uint32_t sending_ = 0;          ///< senders that have texts left
  std::uint64_t begun_at_ns_ = 0;      ///< when the round began
  std::uint64_t last_arrival_ns_ = 0;  ///< when the last text or answer came
  std::uint64_t swept_at_ns_ = 0;      ///< when those that skim now and then last took theirs
  std::uint64_t sending_ends_ns_ = 0;  ///< when sending ends
};

}  // namespace confab::bench
