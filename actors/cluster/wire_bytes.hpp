#pragma once

#include "actors/cluster/known_dialects.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

/// Where the parts of messages between nodes are written to, and read from.
///
/// Not CAF's serializers: those make an error object for each field, which took more time than all
/// that a peer does.
namespace confab::wire {

/// Why something could not be written or read; no words: it could.
struct failure {
  const char* words = nullptr;
  const char* where = nullptr;  ///< The innermost struct that it is about, if that is known.

  explicit operator bool() const { return words != nullptr; }
};

/// Puts numbers, the highest byte first, and bytes behind what stands in a buffer.
class byte_writer {
 public:
  using result_type = failure;

  /// The buffer outlives this.
  explicit byte_writer(std::vector<char>& to) : to_(to) {}

  template <class Number>
  failure operator()(Number number) {
    static_assert(std::is_integral_v<Number>);
    char bytes[sizeof(Number)];
    auto rest = bits_of(number);
    for (std::size_t i = sizeof(Number); i-- > 0; rest >>= 8U)
      bytes[i] = static_cast<char>(rest & 0xFFU);
    return raw(bytes, sizeof bytes);
  }

  failure raw(const char* bytes, std::size_t count) {
    to_.insert(to_.end(), bytes, bytes + count);
    return {};
  }

 private:
  template <class Number>
  static std::uint64_t bits_of(Number number) {
    if constexpr (std::is_same_v<Number, bool>)
      return number ? 1 : 0;
    else
      return static_cast<std::make_unsigned_t<Number>>(number);
  }

  std::vector<char>& to_;
};

/// Takes them from what has come.
class byte_reader {
 public:
  using result_type = failure;

  /// What is read, and the names of dialects (null: none is known) outlive this.
  byte_reader(std::string_view from, const known_dialects* dialects)
      : from_(from), dialects_(dialects) {}

  std::size_t remaining() const { return from_.size(); }

  /// The name of a dialect as this node has it, in storage that lives on.
  std::string_view lasting_dialect(std::string_view name) const {
    return dialects_ != nullptr ? dialects_->lasting(name) : known_dialects::unknown;
  }

  template <class Number>
  failure operator()(Number& number) {
    static_assert(std::is_integral_v<Number>);
    if (from_.size() < sizeof(Number))
      return too_short();
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
      result = (result << 8U) | static_cast<unsigned char>(from_[i]);
    number = static_cast<Number>(result);
    from_.remove_prefix(sizeof(Number));
    return {};
  }

  failure raw(std::size_t count, std::string_view& bytes) {
    if (from_.size() < count)
      return too_short();
    bytes = from_.substr(0, count);
    from_.remove_prefix(count);
    return {};
  }

 private:
  static failure too_short() { return {"it ends too early"}; }

  std::string_view from_;
  const known_dialects* dialects_;
};

}  // namespace confab::wire
