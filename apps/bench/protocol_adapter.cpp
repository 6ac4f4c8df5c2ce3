#include "apps/bench/protocol_adapter.hpp"

#include "apps/bench/protocols/protocols.hpp"

namespace confab::bench {
namespace {

struct catalog_row {
  std::string_view name;
  std::unique_ptr<protocol_adapter> (*make)();
};

constexpr catalog_row catalog[] = {
    {"tagged", make_tagged},
    {"oneroom", make_oneroom},
    {"framed", make_framed},
    {"redis", make_redis},
    {"nats", make_nats},
    {"irc", make_irc},
    {"irc-tags", make_irc_with_tags},
};

}  // namespace

void parsed_input::clear() {
  texts.clear();
  answers = 0;
  reply.clear();
  error.clear();
}

void parsed_input::refuse(std::string_view message) {
  if (error.empty())
    error = message.empty() ? "(without a word)" : message;
}

std::unique_ptr<protocol_adapter> make_protocol(std::string_view name) {
  for (const auto& row : catalog)
    if (row.name == name)
      return row.make();
  return nullptr;
}

std::vector<std::string> protocol_names() {
  std::vector<std::string> all;
  for (const auto& row : catalog)
    all.emplace_back(row.name);
  return all;
}

}  // namespace confab::bench
