#pragma once

#include "actors/cluster/wire_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// How the parts of messages between nodes become bytes and are made of bytes.
///
/// What is read is never trusted to make sense: a length beyond its bound, a number that names no
/// value of an enumeration or no alternative of a variant is an error, and the message is dropped.
namespace confab::wire {

/// A name, a reason, a topic: whatever is short.
inline constexpr std::size_t word_bytes_max = 64 * 1024;
/// What somebody says, and the tags of it.
inline constexpr std::size_t text_bytes_max = 16 * 1024 * 1024;
/// The elements of one list: members of a room, events, pieces of news.
inline constexpr std::size_t elements_max = 1024 * 1024;

template <class Inspector>
inline constexpr bool is_saving = std::is_same_v<Inspector, byte_writer>;
template <class Inspector>
inline constexpr bool is_loading = std::is_same_v<Inspector, byte_reader>;

/// What is wrong with what was read.
inline failure senseless(const char* what) {
  return {what};
}

/// The last value of an enumeration whose values are 0, 1, 2 and so on. Each enumeration on the
/// wire has one.
template <class Enum>
struct last_value;

/// A string that may be as long as a text.
struct long_text {
  std::string& bytes;
};

// A number of at most 32 bits: seven bits in each byte, the highest bit says that more follow.
template <class Inspector>
failure save_size(Inspector& f, std::size_t size) {
  do {
    auto byte = static_cast<std::uint8_t>(size & 0x7FU);
    size >>= 7U;
    if (size != 0)
      byte |= 0x80U;
    if (auto problem = f(byte))
      return problem;
  } while (size != 0);
  return {};
}

template <class Inspector>
failure load_size(Inspector& f, std::size_t& size, std::size_t size_max) {
  std::uint64_t result = 0;
  for (unsigned shift = 0;; shift += 7) {
    std::uint8_t byte = 0;
    if (auto problem = f(byte))
      return problem;
    result |= std::uint64_t{byte & 0x7FU} << shift;
    if (result > size_max)
      return senseless("too long");
    if ((byte & 0x80U) == 0)
      break;
    if (shift == 28)
      return senseless("a length of too many bytes");
  }
  size = static_cast<std::size_t>(result);
  return {};
}

template <class Inspector>
failure string_field(Inspector& f, std::string& x, std::size_t bytes_max) {
  if constexpr (is_saving<Inspector>) {
    if (x.size() > bytes_max)
      return senseless("a string that is too long to be sent");
    if (auto problem = save_size(f, x.size()))
      return problem;
    return f.raw(x.data(), x.size());
  } else {
    std::size_t size = 0;
    if (auto problem = load_size(f, size, bytes_max))
      return problem;
    std::string_view bytes;
    if (auto problem = f.raw(size, bytes))
      return problem;
    x.assign(bytes);
    return {};
  }
}

template <class Inspector>
failure field(Inspector& f, std::string& x) {
  return string_field(f, x, word_bytes_max);
}

template <class Inspector>
failure field(Inspector& f, long_text& x) {
  return string_field(f, x.bytes, text_bytes_max);
}

template <class Inspector, class T>
failure field(Inspector& f, std::vector<T>& x);
template <class Inspector, class... Ts>
failure field(Inspector& f, std::variant<Ts...>& x);
template <class Inspector, class T>
failure field(Inspector& f, std::shared_ptr<const T>& x);
template <class Inspector, class T>
failure field(Inspector& f, std::optional<T>& x);

/// A number, a truth, a value of an enumeration, or what has an `inspect` of its own.
template <class Inspector, class T>
failure field(Inspector& f, T& x) {
  if constexpr (std::is_enum_v<T>) {
    auto number = static_cast<std::underlying_type_t<T>>(x);
    if (auto problem = f(number))
      return problem;
    if (number < 0 || number > static_cast<std::underlying_type_t<T>>(last_value<T>::value))
      return senseless("a number that names no value of an enumeration");
    x = static_cast<T>(number);
    return {};
  } else if constexpr (std::is_class_v<T>) {
    return inspect(f, x);
  } else {
    return f(x);
  }
}

template <class Inspector, class T>
failure field(Inspector& f, std::vector<T>& x) {
  auto size = x.size();
  if constexpr (is_saving<Inspector>) {
    if (size > elements_max)
      return senseless("a list that is too long to be sent");
    if (auto problem = save_size(f, size))
      return problem;
    for (auto& each : x)
      if (auto problem = field(f, each))
        return problem;
  } else {
    if (auto problem = load_size(f, size, elements_max))
      return problem;
    x.clear();
    for (std::size_t i = 0; i < size; ++i)
      if (auto problem = field(f, x.emplace_back()))
        return problem;
  }
  return {};
}

template <std::size_t Index, class Inspector, class... Ts>
failure load_alternative(Inspector& f, std::size_t wanted, std::variant<Ts...>& x) {
  if constexpr (Index == sizeof...(Ts)) {
    return senseless("a number that names no alternative");
  } else {
    if (wanted == Index)
      return field(f, x.template emplace<Index>());
    return load_alternative<Index + 1>(f, wanted, x);
  }
}

/// The number of the alternative, then the alternative.
template <class Inspector, class... Ts>
failure field(Inspector& f, std::variant<Ts...>& x) {
  static_assert(sizeof...(Ts) < 256);
  auto index = static_cast<std::uint8_t>(x.index());
  if (auto problem = f(index))
    return problem;
  if constexpr (is_saving<Inspector>)
    return std::visit([&f](auto& each) { return field(f, each); }, x);
  else
    return load_alternative<0>(f, index, x);
}

/// Whether there is something, then what it is.
template <class Inspector, class T>
failure field(Inspector& f, std::shared_ptr<const T>& x) {
  bool is_there = x != nullptr;
  if (auto problem = f(is_there))
    return problem;
  if constexpr (is_saving<Inspector>) {
    // Inspectors are the same for both directions, so what is saved is never const; it is only
    // looked at.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    return is_there ? field(f, const_cast<T&>(*x)) : failure{};
  } else {
    x = nullptr;
    if (!is_there)
      return {};
    auto loaded = std::make_shared<T>();
    if (auto problem = field(f, *loaded))
      return problem;
    x = std::move(loaded);
    return {};
  }
}

/// The same for a value of its own.
template <class Inspector, class T>
failure field(Inspector& f, std::optional<T>& x) {
  bool is_there = x.has_value();
  if (auto problem = f(is_there))
    return problem;
  if constexpr (is_loading<Inspector>) {
    x.reset();
    if (is_there)
      x.emplace();
  }
  return is_there ? field(f, *x) : failure{};
}

/// All fields of a struct, in this order.
template <class Inspector, class... Fields>
failure fields(Inspector& f, const char* name, Fields&&... all) {
  failure result;
  [[maybe_unused]] const auto one = [&](auto&& each) {
    result = field(f, each);
    return !result;
  };
  static_cast<void>((one(all) && ...));
  if (result && result.where == nullptr)
    result.where = name;
  return result;
}

/// The same; what was read is an error if `problem`, called then, returns words instead of null.
template <class Inspector, class Problem, class... Fields>
failure checked_fields(Inspector& f, const char* name, Problem problem, Fields&&... all) {
  auto result = fields(f, name, all...);
  if constexpr (is_loading<Inspector>) {
    if (const char* words = result ? nullptr : problem())
      return {words, name};
  }
  return result;
}

}  // namespace confab::wire
