#include "apps/bench/protocol.hpp"

#include "apps/bench/protocols/protocols.hpp"

namespace confab::bench {
namespace {

struct Row {
  std::string_view name;
  std::unique_ptr<Protocol> (*make)();
};

constexpr Row catalog[] = {
    {"tagged", make_tagged}, {"oneroom", make_oneroom}, {"framed", make_framed},
    {"redis", make_redis},   {"nats", make_nats},       {"irc", make_irc},
};

}  // namespace

void Batch::clear() {
  texts.clear();
  answers = 0;
  reply.clear();
  error.clear();
}

void Batch::refuse(std::string_view message) {
  if (error.empty()) {
    error = message.empty() ? "(without a word)" : message;
  }
}

std::unique_ptr<Protocol> make_protocol(std::string_view name) {
  for (const auto& row : catalog) {
    if (row.name == name) {
      return row.make();
    }
  }
  return nullptr;
}

std::vector<std::string> protocol_names() {
  std::vector<std::string> all;
  for (const auto& row : catalog) {
    all.emplace_back(row.name);
  }
  return all;
}

}  // namespace confab::bench
