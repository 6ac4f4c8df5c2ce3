// Where libFuzzer enters each target.

#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

confab::fuzz::split_input split(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (bytes.empty())
    return {{}, 0};
  const auto all = bytes.substr(1);
  // Spread over the whole input, however long it is; every position of a short one can be chosen.
  const auto chosen = static_cast<std::size_t>(data[0]);
  return {all, all.size() <= 255 ? std::min(chosen, all.size()) : all.size() * chosen / 255};
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  confab::fuzz::try_input(split(data, size));
  return 0;
}
