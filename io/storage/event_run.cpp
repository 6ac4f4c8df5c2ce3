#include "io/storage/event_run.hpp"

namespace confab::storage {
namespace {

constexpr unsigned length_bits = 7;
constexpr unsigned char more_follows = 0x80;

/// Takes the first length off; throws if there is none.
std::size_t take_length(std::string_view& lengths) {
  std::size_t result = 0;
  for (unsigned shift = 0; shift < 5 * length_bits && !lengths.empty(); shift += length_bits) {
    const auto next = static_cast<unsigned char>(lengths.front());
    lengths.remove_prefix(1);
    result |= static_cast<std::size_t>(next & ~more_follows) << shift;
    if ((next & more_follows) == 0)
      return result;
  }
  throw_damaged("texts without lengths");
}

std::optional<std::string_view> bytes_or_none(const statement::rows& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional{row.bytes(column)};
}

}  // namespace

event_run head_of_run(const statement::rows& row) {
  event_run result;
  result.id = row.integer(0);
  result.count = row.integer(1);
  result.time_ms = row.integer(2);
  result.span_ms = row.integer(3);
  result.kind = row.integer(4);
  result.author = row.integer(5);
  if (result.count < 1 || result.count > run_events_max || result.span_ms < 0 ||
      result.span_ms >= result.count)
    throw_damaged("events in a number or of a time that cannot be");
  return result;
}

event_run run_of(const statement::rows& row) {
  auto result = head_of_run(row);
  if (!row.is_null(6))
    result.other = row.integer(6);
  result.lengths = bytes_or_none(row, 7);
  result.tags = bytes_or_none(row, 8);
  result.text = row.bytes(9);
  return result;
}

event_run part_of(const event_run& run, std::int64_t index, std::int64_t count) {
  auto result = run;
  result.id = run.id + index;
  result.count = count;
  result.time_ms = run.time_at(index);
  result.span_ms = run.time_at(index + count - 1) - result.time_ms;
  if (!run.lengths)
    return result;
  auto lengths = *run.lengths;
  const auto take = [&](std::int64_t texts) {
    std::size_t bytes = 0;
    for (; texts > 0; --texts)
      bytes += take_length(lengths);
    return bytes;
  };
  const auto before = take(index);
  const auto first = lengths;
  const auto bytes = take(count);
  if (before + bytes > run.text.size())
    throw_damaged("texts of other lengths");
  result.text = run.text.substr(before, bytes);
  result.lengths = first.substr(0, first.size() - lengths.size());
  if (count == 1)
    result.lengths.reset();
  return result;
}

void append_length(std::size_t length, std::string& lengths) {
  for (; length >= more_follows; length >>= length_bits)
    lengths += static_cast<char>(length | more_follows);
  lengths += static_cast<char>(length);
}

void run_texts::read(const event_run& run) {
  text_ = run.text;
  begins_.clear();
  begins_.push_back(0);
  if (!run.lengths) {
    if (run.count != 1)
      throw_damaged("texts without lengths");
    begins_.push_back(run.text.size());
    return;
  }
  if (run.count == 1)
    throw_damaged("one text with several lengths");
  auto lengths = *run.lengths;
  for (auto left = run.count; left > 0; --left)
    begins_.push_back(begins_.back() + take_length(lengths));
  if (!lengths.empty() || begins_.back() != run.text.size())
    throw_damaged("texts of other lengths");
}

}  // namespace confab::storage
