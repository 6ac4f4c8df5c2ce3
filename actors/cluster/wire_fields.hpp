#pragma once

#include <algorithm>
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

#include <caf/deserializer.hpp>
#include <caf/error.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/sec.hpp>
#include <caf/serializer.hpp>
#include <caf/typed_actor.hpp>

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
inline constexpr bool is_saving = std::is_base_of_v<caf::serializer, Inspector>;
template <class Inspector>
inline constexpr bool is_loading = std::is_base_of_v<caf::deserializer, Inspector>;

/// What is wrong with what was read.
inline caf::error senseless(const char* what) {
  return caf::make_error(caf::sec::invalid_argument, std::string{what});
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
caf::error save_size(Inspector& f, std::size_t size) {
  do {
    auto byte = static_cast<std::uint8_t>(size & 0x7FU);
    size >>= 7U;
    if (size != 0)
      byte |= 0x80U;
    if (auto failure = f(byte))
      return failure;
  } while (size != 0);
  return caf::none;
}

template <class Inspector>
caf::error load_size(Inspector& f, std::size_t& size, std::size_t size_max) {
  std::uint64_t result = 0;
  for (unsigned shift = 0;; shift += 7) {
    std::uint8_t byte = 0;
    if (auto failure = f(byte))
      return failure;
    result |= std::uint64_t{byte & 0x7FU} << shift;
    if (result > size_max)
      return senseless("too long");
    if ((byte & 0x80U) == 0)
      break;
    if (shift == 28)
      return senseless("a length of too many bytes");
  }
  size = static_cast<std::size_t>(result);
  return caf::none;
}

/// Reads in pieces: memory is taken for what has come, not for what was announced.
template <class Inspector>
caf::error string_field(Inspector& f, std::string& x, std::size_t bytes_max) {
  if constexpr (is_saving<Inspector>) {
    if (x.size() > bytes_max)
      return senseless("a string that is too long to be sent");
    if (auto failure = save_size(f, x.size()))
      return failure;
    return x.empty() ? caf::error{} : f.apply_raw(x.size(), x.data());
  } else {
    constexpr std::size_t piece_bytes = 64 * 1024;
    std::size_t size = 0;
    if (auto failure = load_size(f, size, bytes_max))
      return failure;
    x.clear();
    while (x.size() < size) {
      const auto before = x.size();
      x.resize(std::min(size, before + piece_bytes));
      if (auto failure = f.apply_raw(x.size() - before, x.data() + before))
        return failure;
    }
    return caf::none;
  }
}

template <class Inspector>
caf::error field(Inspector& f, std::string& x) {
  return string_field(f, x, word_bytes_max);
}

template <class Inspector>
caf::error field(Inspector& f, long_text& x) {
  return string_field(f, x.bytes, text_bytes_max);
}

template <class Inspector, class T>
caf::error field(Inspector& f, std::vector<T>& x);
template <class Inspector, class... Ts>
caf::error field(Inspector& f, std::variant<Ts...>& x);
template <class Inspector, class T>
caf::error field(Inspector& f, std::shared_ptr<const T>& x);
template <class Inspector, class T>
caf::error field(Inspector& f, std::optional<T>& x);
template <class Inspector, class... Signatures>
caf::error field(Inspector& f, caf::typed_actor<Signatures...>& x);

/// A number, a truth, a value of an enumeration, or what has an `inspect` of its own.
template <class Inspector, class T>
caf::error field(Inspector& f, T& x) {
  if constexpr (std::is_enum_v<T>) {
    auto number = static_cast<std::underlying_type_t<T>>(x);
    if (auto failure = f(number))
      return failure;
    if (number < 0 || number > static_cast<std::underlying_type_t<T>>(last_value<T>::value))
      return senseless("a number that names no value of an enumeration");
    x = static_cast<T>(number);
    return caf::none;
  } else if constexpr (std::is_class_v<T>) {
    // Not by way of `f`: it passes by what CAF has been told never to serialize, and some structs
    // that cross between nodes within others are that.
    return inspect(f, x);
  } else {
    return f(x);
  }
}

template <class Inspector, class T>
caf::error field(Inspector& f, std::vector<T>& x) {
  auto size = x.size();
  if constexpr (is_saving<Inspector>) {
    if (size > elements_max)
      return senseless("a list that is too long to be sent");
    if (auto failure = save_size(f, size))
      return failure;
    for (auto& each : x)
      if (auto failure = field(f, each))
        return failure;
  } else {
    if (auto failure = load_size(f, size, elements_max))
      return failure;
    x.clear();
    for (std::size_t i = 0; i < size; ++i)
      if (auto failure = field(f, x.emplace_back()))
        return failure;
  }
  return caf::none;
}

template <std::size_t Index, class Inspector, class... Ts>
caf::error load_alternative(Inspector& f, std::size_t wanted, std::variant<Ts...>& x) {
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
caf::error field(Inspector& f, std::variant<Ts...>& x) {
  static_assert(sizeof...(Ts) < 256);
  auto index = static_cast<std::uint8_t>(x.index());
  if (auto failure = f(index))
    return failure;
  if constexpr (is_saving<Inspector>)
    return std::visit([&f](auto& each) { return field(f, each); }, x);
  else
    return load_alternative<0>(f, index, x);
}

/// Whether there is something, then what it is.
template <class Inspector, class T>
caf::error field(Inspector& f, std::shared_ptr<const T>& x) {
  bool is_there = x != nullptr;
  if (auto failure = f(is_there))
    return failure;
  if constexpr (is_saving<Inspector>) {
    // Inspectors are the same for both directions, so what is saved is never const; it is only
    // looked at.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    return is_there ? field(f, const_cast<T&>(*x)) : caf::error{};
  } else {
    x = nullptr;
    if (!is_there)
      return caf::none;
    auto loaded = std::make_shared<T>();
    if (auto failure = field(f, *loaded))
      return failure;
    x = std::move(loaded);
    return caf::none;
  }
}

/// The same for a value of its own.
template <class Inspector, class T>
caf::error field(Inspector& f, std::optional<T>& x) {
  bool is_there = x.has_value();
  if (auto failure = f(is_there))
    return failure;
  if constexpr (is_loading<Inspector>) {
    x.reset();
    if (is_there)
      x.emplace();
  }
  return is_there ? field(f, *x) : caf::error{};
}

/// Whether there is a handle, then the handle.
template <class Inspector, class... Signatures>
caf::error field(Inspector& f, caf::typed_actor<Signatures...>& x) {
  auto is_there = static_cast<bool>(x);
  if (auto failure = f(is_there))
    return failure;
  if constexpr (is_loading<Inspector>)
    x = caf::typed_actor<Signatures...>{};
  return is_there ? f(x) : caf::error{};
}

/// All fields of a struct, in this order. What neither saves nor loads, as CAF's words for its log,
/// sees the name alone.
template <class Inspector, class... Fields>
typename Inspector::result_type fields(Inspector& f, const char* name, Fields&&... all) {
  if constexpr (is_saving<Inspector> || is_loading<Inspector>) {
    caf::error failure;
    const auto one = [&](auto&& each) {
      failure = field(f, each);
      return !failure;
    };
    static_cast<void>((one(all) && ...));
    return failure;
  } else {
    return f(caf::meta::type_name(name));
  }
}

/// The same; what was read is an error if `problem`, called then, returns words instead of null.
template <class Inspector, class Problem, class... Fields>
typename Inspector::result_type checked_fields(Inspector& f, const char* name, Problem problem,
                                               Fields&&... all) {
  if constexpr (is_loading<Inspector>) {
    auto failure = fields(f, name, all...);
    if (const char* words = failure ? nullptr : problem())
      return senseless(words);
    return failure;
  } else {
    return fields(f, name, all...);
  }
}

}  // namespace confab::wire
