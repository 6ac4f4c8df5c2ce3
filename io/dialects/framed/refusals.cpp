#include "io/dialects/framed/refusals.hpp"

#include "io/dialects/framed/frames.hpp"
#include "io/dialects/framed/names.hpp"

namespace confab::framed {
namespace {

// What a reader sees of a text that went through one frame.
bool arrives_as(std::string_view text, std::string_view message) {
  std::string frame;
  append_frame(text, frame);
  std::string_view input = frame;
  frame_reader reader;
  return reader.next(input) == message;
}

}  // namespace

std::string name_too_long(std::string_view name) {
  return "This name is too long: " + safe_name(name);
}

bool is_refusal_of_name(std::string_view message, std::string_view name) {
  return arrives_as(name_too_long(name), message);
}

bool is_refusal_of_connection(std::string_view message) {
  return message == server_full || message == address_full;
}

}  // namespace confab::framed
