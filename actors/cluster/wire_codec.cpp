#include "actors/cluster/wire_codec.hpp"

#include "actors/cluster/wire_inspect.hpp"

namespace confab::wire {

failure write_message(const wire_message& message, std::vector<char>& to) {
  byte_writer writer{to};
  // What is written is only looked at; reading and writing share one `inspect`.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  return field(writer, const_cast<wire_message&>(message).what);
}

failure read_message(std::string_view from, const known_dialects* dialects, wire_message& message,
                     std::size_t& used) {
  byte_reader reader{from, dialects};
  const auto result = field(reader, message.what);
  used = from.size() - reader.remaining();
  return result;
}

}  // namespace confab::wire
