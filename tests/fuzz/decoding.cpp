#include "tests/fuzz/decoding.hpp"

#include "io/dialects/catalog.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/authors.hpp"
#include "tests/support/strict_reader.hpp"

#include <algorithm>
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

// What is shared is compared by what it holds.
template <class Text>
bool are_same_texts(Text left, Text right) {
  const auto text_of = [](const client_tags& tags) { return tags ? *tags : std::string{}; };
  if (text_of(left.tags) != text_of(right.tags))
    return false;
  left.tags = right.tags;
  return left == right;
}

bool are_all_same(const std::vector<command>& left, const std::vector<command>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), are_same);
}

/// The events that the readers of a room see of the client: it comes, it talks, it goes.
event_batch events_of(const dialect& speaks, const test::dialogue& heard) {
  event_batch batch{"cafe", {}, {joined{}}};
  for (std::size_t index = 0; index < heard.commands.size(); ++index) {
    if (const auto& now = heard.standings[index]; now.logged_in())
      batch.who = test::make_author(now.who->name, speaks);
    const auto* text = std::get_if<say>(&heard.commands[index]);
    if (text != nullptr && text->kind != text_kind::tags_only)
      batch.events.emplace_back(said{text->text});
  }
  batch.events.emplace_back(left{});
  return batch;
}

}  // namespace

bool are_same(const command& left, const command& right) {
  if (left.index() != right.index())
    return false;
  if (const auto* text = std::get_if<say>(&left))
    return are_same_texts(*text, std::get<say>(right));
  if (const auto* text = std::get_if<tell>(&left))
    return are_same_texts(*text, std::get<tell>(right));
  return left == right;
}

test::dialogue check_decoder(const dialect& speaks, const split_input& input) {
  static const auto readers = make_readers();
  auto whole = test::converse(speaks, input.all);
  const auto in_two = test::converse(speaks, input.all, {input.position});
  const auto in_bytes =
      test::converse(speaks, input.all, std::vector<std::size_t>(input.all.size(), 1));
  require(are_all_same(whole.commands, in_two.commands),
          "split in two, the input has the same commands");
  require(whole.replies == in_two.replies, "split in two, the input has the same replies");
  require(are_all_same(whole.commands, in_bytes.commands),
          "in single bytes, it has the same commands");
  require(whole.replies == in_bytes.replies, "in single bytes, it has the same replies");
  const auto batch = events_of(speaks, whole);
  if (!batch.who.who)
    return whole;
  for (const auto& reads : readers) {
    const auto trouble = test::what_is_forged(*reads, batch);
    require(trouble.empty(), std::string{reads->name()} + " readers are not deceived: " + trouble);
  }
  return whole;
}

}  // namespace confab::fuzz
