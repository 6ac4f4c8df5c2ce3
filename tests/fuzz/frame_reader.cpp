// The frames of the framed dialect, which its server and its clients share.

#include "io/dialects/framed/frames.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/strict_reader.hpp"

#include <string>
#include <vector>

using namespace confab;

namespace {

std::vector<std::string> texts_in(const std::vector<std::string_view>& pieces) {
  framed::frame_reader reader;
  std::vector<std::string> result;
  for (auto piece : pieces) {
    while (const auto text = reader.next(piece))
      result.emplace_back(*text);
    fuzz::require(piece.empty(), "what is no frame yet is remembered");
  }
  return result;
}

std::string without_padding(std::string text) {
  text.resize(text.find_last_not_of(" \r\n") + 1);
  return text;
}

/// What comes out of a frame that `text` went into.
void check_round_trip(const std::string& text) {
  std::string wire;
  framed::append_frame(text, wire);
  fuzz::require(wire.size() == framed::frame_bytes, "a frame has 200 bytes");
  fuzz::require(!test::is_utf8(text) || test::is_utf8(wire), "no character is cut");
  const auto read = texts_in({wire});
  fuzz::require(read.size() == 1, "one frame holds one text");
  if (text.size() <= framed::frame_bytes)
    fuzz::require(read[0] == without_padding(text), "a text that fits comes out as it went in");
  else
    fuzz::require(text.starts_with(read[0]), "the start of a longer text comes out");
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  const auto whole = texts_in({input.all});
  fuzz::require(whole.size() == input.all.size() / framed::frame_bytes, "200 bytes are a frame");
  fuzz::require(whole == texts_in({input.front(), input.back()}), "a split changes nothing");
  check_round_trip(std::string{input.all});
  check_round_trip(std::string{input.front()});
}
