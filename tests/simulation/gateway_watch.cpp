#include "tests/simulation/gateway_watch.hpp"

#include "tests/simulation/dialect_wrapper.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace confab::simulation {

namespace {

/// The number of the client that said a text: "t12.3;..." is the third text of client 12.
std::size_t author_of(const event& happening) {
  const auto* spoken = std::get_if<said>(&happening);
  std::size_t number = 0;
  if (spoken != nullptr && spoken->text.starts_with('t'))
    std::from_chars(spoken->text.data() + 1, spoken->text.data() + spoken->text.size(), number);
  return number;
}

class watched_dialect final : public dialect_wrapper {
 public:
  watched_dialect(std::shared_ptr<const dialect> speaks, gateway_watch_ptr notes)
      : dialect_wrapper(std::move(speaks)), notes_(std::move(notes)) {}

  void encode_events(const event_batch& batch, reader_class reader,
                     std::string& out) const override {
    notes_->begin_batch(batch);
    const auto before = out.size();
    dialect_wrapper::encode_events(batch, reader, out);
    if (!batch.events.empty() && std::holds_alternative<said>(batch.events.front()))
      note(batch, reader, out.size() - before);
  }

 private:
  void note(const event_batch& batch, reader_class reader, std::size_t bytes) const {
    std::string without_last;
    if (batch.events.size() > 1) {
      auto shorter = batch;
      shorter.events.pop_back();
      dialect_wrapper::encode_events(shorter, reader, without_last);
    }
    const auto author = author_of(batch.events.front());
    notes_->batches.push_back({batch.room, author, bytes, without_last.size()});
  }

  gateway_watch_ptr notes_;
};

}  // namespace

std::shared_ptr<const dialect> watch_dialect(std::shared_ptr<const dialect> speaks,
                                             gateway_watch_ptr notes) {
  return std::make_shared<watched_dialect>(std::move(speaks), std::move(notes));
}

output_memory_ptr watch_memory(std::size_t block_bytes_max, std::size_t failure_percent,
                               dice& random, gateway_watch_ptr notes) {
  return std::make_shared<output_memory>(
      block_bytes_max, [failure_percent, &random, notes = std::move(notes)](std::size_t bytes) {
        const bool fails = failure_percent > 0 && notes->allocations_may_fail &&
                           !notes->last_allocation_has_failed && random.chance(failure_percent);
        notes->last_allocation_has_failed = fails;
        if (fails)
          return true;
        notes->addition_bytes += bytes;
        notes->largest_addition_bytes =
            std::max(notes->largest_addition_bytes, notes->addition_bytes);
        return false;
      });
}

}  // namespace confab::simulation
