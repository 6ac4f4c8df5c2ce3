#pragma once

#include <cstddef>
#include <string_view>

namespace confab::fuzz {

/// The fuzzer's bytes: the first says where to split the rest in two.
struct split_input {
  std::string_view all;
  std::size_t position;

  std::string_view front() const { return all.substr(0, position); }
  std::string_view back() const { return all.substr(position); }
};

/// What each target does with one input: it ends the run when it finds something.
void try_input(const split_input& input);

}  // namespace confab::fuzz
