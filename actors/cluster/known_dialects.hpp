#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace confab {

/// The names of the dialects that this node knows; they live as long as the program.
///
/// An identity refers to such a name. One that comes from another node is looked up here: a dialect
/// that is not known gets a name of its own. The configuration of the actor system that reads
/// messages of other nodes derives from this, beside CAF's, since a message that is being read
/// knows nothing but its actor system.
class known_dialects {
 public:
  static constexpr std::string_view unknown = "unknown";

  explicit known_dialects(std::vector<std::string_view> names) : names_(std::move(names)) {}

  /// The same name, in storage that lives on; `unknown` if there is no such dialect.
  std::string_view lasting(std::string_view name) const {
    for (const auto each : names_)
      if (each == name)
        return each;
    return unknown;
  }

 protected:
  ~known_dialects() = default;

 private:
  std::vector<std::string_view> names_;
};

}  // namespace confab
