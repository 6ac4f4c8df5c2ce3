#include "tests/fuzz/decoding.hpp"

#include "io/dialects/catalog.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/strict_reader.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace confab::fuzz {

namespace {

std::vector<std::unique_ptr<const dialect>> make_readers() {
  std::vector<std::unique_ptr<const dialect>> result;
  for (const auto& row : dialect_catalog())
    result.push_back(row.make(dialect_settings{}));
  return result;
}

/// The events that the readers of a room see of the client: it comes, it talks, it goes.
event_batch events_of(const dialect& speaks, const test::dialogue& heard) {
  event_batch batch{"cafe", {"", std::string{speaks.name()}, 7, 1}, {joined{}}};
  for (std::size_t index = 0; index < heard.commands.size(); ++index) {
    batch.who.name = heard.standings[index].user;
    if (const auto* text = std::get_if<say>(&heard.commands[index]))
      batch.events.emplace_back(said{text->text});
  }
  batch.events.emplace_back(left{});
  return batch;
}

}  // namespace

test::dialogue check_decoder(const dialect& speaks, const split_input& input) {
  static const auto readers = make_readers();
  auto whole = test::converse(speaks, input.all);
  const auto in_two = test::converse(speaks, input.all, {input.position});
  const auto in_bytes =
      test::converse(speaks, input.all, std::vector<std::size_t>(input.all.size(), 1));
  require(whole.commands == in_two.commands, "split in two, the input has the same commands");
  require(whole.replies == in_two.replies, "split in two, the input has the same replies");
  require(whole.commands == in_bytes.commands, "in single bytes, it has the same commands");
  require(whole.replies == in_bytes.replies, "in single bytes, it has the same replies");
  const auto batch = events_of(speaks, whole);
  if (batch.who.name.empty())
    return whole;
  for (const auto& reads : readers) {
    const auto trouble = test::what_is_forged(*reads, batch);
    require(trouble.empty(), std::string{reads->name()} + " readers are not deceived: " + trouble);
  }
  return whole;
}

}  // namespace confab::fuzz
