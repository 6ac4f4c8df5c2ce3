#include "io/storage/json_lines.hpp"

#include "io/storage/event_columns.hpp"
#include "io/text/utf8.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace confab::storage {
namespace {

using nlohmann::json;

/// The names of kinds in lines, by `row_kind`.
constexpr std::array<const char*, 10> kind_names{"message", "notice", "tags",   "join",  "leave",
                                                 "quit",    "kick",   "rename", "topic", "modes"};

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::size_t remembered_authors_max = 4096;

std::string base64(std::string_view bytes) {
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const auto here = bytes.substr(i, 3);
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < here.size() ? static_cast<unsigned char>(here[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      result += k <= here.size() ? base64_digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return result;
}

std::string from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    throw std::runtime_error{"wrong base64"};
  std::string result;
  for (; !text.empty(); text.remove_prefix(4)) {
    std::uint32_t group = 0;
    const auto digits = std::min<std::size_t>(text.find('='), 4);
    if (digits < 2 || (digits < 4 && text.size() > 4) || (digits == 2 && text[3] != '='))
      throw std::runtime_error{"wrong base64"};
    for (std::size_t k = 0; k < 4; ++k) {
      const auto digit = k < digits ? base64_digits.find(text[k]) : 0;
      if (digit == std::string_view::npos)
        throw std::runtime_error{"wrong base64"};
      group = group << 6 | static_cast<std::uint32_t>(digit);
    }
    for (std::size_t k = 0; k + 1 < digits; ++k)
      result += static_cast<char>(group >> (16 - 8 * k) & 255);
  }
  return result;
}

json bytes_to_json(std::string_view bytes) {
  if (is_valid_utf8(bytes))
    return bytes;
  return {{"base64", base64(bytes)}};
}

std::string bytes_from(const json& value) {
  return value.is_object() ? from_base64(value.at("base64").get<std::string>())
                           : value.get<std::string>();
}

json identity_to_json(const identity& who) {
  json result;
  result["name"] = bytes_to_json(who.name);
  result["dialect"] = bytes_to_json(who.dialect);
  result["nick"] = bytes_to_json(who.nick);
  result["user"] = bytes_to_json(who.user);
  result["host"] = bytes_to_json(who.host);
  result["real_name"] = bytes_to_json(who.real_name);
  if (!who.account.empty())
    result["account"] = bytes_to_json(who.account);
  for (const auto& [name, flag] : {std::pair{"bot", who.bot},
                                   {"invisible", who.invisible},
                                   {"hears_wallops", who.hears_wallops},
                                   {"server_operator", who.server_operator}})
    if (flag)
      result[name] = true;
  return result;
}

/// An identity, with the name of its dialect, which it only refers to.
struct lasting_identity {
  std::string dialect;
  identity who;
};

identity_ptr identity_from(const json& value) {
  auto result = std::make_shared<lasting_identity>();
  auto& who = result->who;
  result->dialect = bytes_from(value.at("dialect"));
  who.dialect = result->dialect;
  who.name = bytes_from(value.at("name"));
  who.nick = bytes_from(value.at("nick"));
  who.user = bytes_from(value.at("user"));
  who.host = bytes_from(value.at("host"));
  who.real_name = bytes_from(value.at("real_name"));
  if (value.contains("account"))
    who.account = bytes_from(value["account"]);
  who.bot = value.value("bot", false);
  who.invisible = value.value("invisible", false);
  who.hears_wallops = value.value("hears_wallops", false);
  who.server_operator = value.value("server_operator", false);
  return {result, &result->who};
}

json changes_to_json(const std::vector<mode_change>& changes) {
  auto result = json::array();
  for (const auto& change : changes)
    result.push_back({{"add", change.add},
                      {"letter", bytes_to_json({&change.letter, 1})},
                      {"parameter", bytes_to_json(change.parameter)}});
  return result;
}

std::vector<mode_change> changes_from(const json& value) {
  std::vector<mode_change> result;
  for (const auto& each : value) {
    const auto letter = bytes_from(each.at("letter"));
    if (letter.size() != 1)
      throw std::runtime_error{"a mode is one letter"};
    result.push_back({each.at("add").get<bool>(), letter[0], bytes_from(each.at("parameter"))});
  }
  return result;
}

std::int64_t kind_of(const json& line) {
  const auto name = line.at("kind").get<std::string>();
  for (std::size_t i = 0; i < kind_names.size(); ++i)
    if (name == kind_names[i])
      return static_cast<std::int64_t>(i);
  throw std::runtime_error{"there is no kind '" + name + "'"};
}

std::uint64_t number_from(const json& line, const char* name) {
  const auto& value = line.at(name);
  constexpr auto number_max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > number_max)
    throw std::runtime_error{std::string{"'"} + name + "' is no number from 0 to 2^63-1"};
  return value.get<std::uint64_t>();
}

}  // namespace

std::string json_line(const event_batch& batch) {
  std::string buffer;
  const auto& happening = batch.events.at(0);
  const auto columns = columns_of(happening, buffer);
  json line;
  line["room"] = bytes_to_json(batch.room);
  line["run"] = batch.at.run;
  line["number"] = batch.at.room;
  line["sequence"] = batch.at.sequence;
  line["time_ms"] = batch.at.first_ms;
  line["kind"] = kind_names.at(static_cast<std::size_t>(columns.kind));
  line["by"] = identity_to_json(*batch.who.who);
  if (columns.other)
    line["other"] = identity_to_json(*columns.other);
  if (columns.tags)
    line["tags"] = bytes_to_json(*columns.tags);
  if (const auto* modes = std::get_if<modes_set>(&happening))
    line["changes"] = changes_to_json(modes->changes);
  else if (!columns.text.empty())
    line["text"] = bytes_to_json(columns.text);
  return line.dump();
}

std::shared_ptr<const event_batch> json_line_reader::read(std::string_view text) {
  const auto line = json::parse(text);
  if (!line.is_object())
    throw std::runtime_error{"is no object"};
  if (known_.size() >= remembered_authors_max)
    known_.clear();
  const auto identity_of = [&](const char* name) -> identity_ptr {
    const auto found = line.find(name);
    if (found == line.end())
      return nullptr;
    auto& known = known_[found->dump()];
    if (!known)
      known = identity_from(*found);
    return known;
  };
  auto result = std::make_shared<event_batch>();
  result->room = bytes_from(line.at("room"));
  result->at.run = number_from(line, "run");
  result->at.room = number_from(line, "number");
  result->at.sequence = number_from(line, "sequence");
  if (!line.at("time_ms").is_number_integer())
    throw std::runtime_error{"'time_ms' is no whole number"};
  result->at.first_ms = result->at.last_ms = line["time_ms"].get<std::int64_t>();
  result->who.who = identity_of("by");
  if (!result->who.who)
    throw std::runtime_error{"'by' is missing"};
  const auto kind = kind_of(line);
  if (kind == static_cast<std::int64_t>(row_kind::modes_set)) {
    result->events.emplace_back(modes_set{changes_from(line.at("changes"))});
    return result;
  }
  const auto words = line.contains("text") ? bytes_from(line["text"]) : std::string{};
  std::optional<std::string> tags;
  if (line.contains("tags"))
    tags = bytes_from(line["tags"]);
  result->events.push_back(event_of(kind, identity_of("other"), words,
                                    tags ? std::optional<std::string_view>{*tags} : std::nullopt));
  return result;
}

}  // namespace confab::storage
