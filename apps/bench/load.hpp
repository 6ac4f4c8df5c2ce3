#pragma once

#include "apps/bench/crowd.hpp"
#include "apps/bench/ledger.hpp"
#include "apps/bench/options.hpp"
#include "apps/bench/progress.hpp"
#include "apps/bench/protocol.hpp"
#include "apps/bench/transport.hpp"
#include "apps/bench/watchdog.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace confab::bench {

/// What one round of load showed. Durations are nanoseconds.
struct Round {
  std::uint64_t texts = 0;
  std::uint64_t expected = 0;  ///< deliveries that the texts should cause
  std::uint64_t deliveries = 0;
  std::uint64_t duration = 0;  ///< first text sent to last text or answer received
  std::uint64_t lost = 0;
  std::uint64_t out_of_order = 0;
  std::uint64_t strange = 0;
  std::uint64_t flooded_bytes = 0;
  bool flooder_was_cut = false;
  Histogram delivery;    ///< text sent to text received
  Histogram round_trip;  ///< text sent to its answer
};

/// Lets the senders of a crowd that has joined send, and books what arrives.
class Load final : public Handler {
 public:
  Load(Transport& transport, const Protocol& protocol, const Crowd& crowd, const Options& options);

  /// One round: `texts` texts of each sender (0: no end), no new ones after `seconds` (0: no
  /// limit). Returns when all is answered and delivered, or when nothing more comes. Throws Failure
  /// on a refusal, or when answers stay away for the options' deadline.
  Round run(std::uint32_t texts, double seconds);

  /// Sends nothing (but PONGs) for `seconds`.
  void rest(double seconds);

  void connected(ConnectionId) override {}
  std::size_t received(ConnectionId id, std::string_view bytes) override;

 private:
  struct Sender {
    std::uint32_t next = 0;              ///< sequence number of the next text
    std::uint32_t end = 0;               ///< first sequence number that is not to be sent
    std::uint32_t unanswered = 0;        ///< texts on their way: sequence numbers up to next
    bool is_listed = false;              ///< in answered_
    std::vector<std::uint64_t> sent_at;  ///< ring: when the text `sequence % window` left
  };

  void begin(std::uint32_t texts, double seconds);
  void wait_for_end();
  bool is_complete() const;
  Round finish();
  void take_texts(ConnectionId id, std::uint64_t time);
  void take_answer(std::uint32_t number, std::uint64_t time);
  void send_texts(std::uint32_t number);
  void send_flood();
  void show(Progress& progress, std::uint64_t time) const;

  Transport& transport_;
  const Protocol& protocol_;
  const Crowd& crowd_;
  const Options& options_;
  const std::uint64_t start_;     ///< stamps count from here
  const std::uint64_t audience_;  ///< deliveries for each text
  const Answer answer_;
  Ledger ledger_;
  Histogram round_trip_;
  std::vector<Sender> senders_;
  std::vector<std::uint32_t> answered_;  ///< senders that may send more
  std::string text_;
  Batch batch_;
  Round round_;
  std::uint64_t unanswered_ = 0;  ///< over all senders
  std::uint32_t sending_ = 0;     ///< senders that have texts left
  std::uint64_t first_ = 0;       ///< when the round began
  std::uint64_t last_ = 0;        ///< when the last text or answer came
  std::uint64_t stop_ = 0;        ///< when sending ends
};

}  // namespace confab::bench
