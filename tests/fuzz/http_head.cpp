// The heads of requests.

#include "io/net/layers/http_head.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace confab;

namespace {

constexpr std::size_t head_bytes_max = 256;

struct reading {
  std::vector<http_request> requests;
  int status = 0;
};

void check(const http_request& request) {
  std::size_t bytes = request.method.size() + request.target.size();
  const auto has = [](const std::string& text, std::string_view bad) {
    return text.find_first_of(bad) != std::string::npos;
  };
  constexpr std::string_view line_enders{"\r\n\0", 3};
  fuzz::require(!request.method.empty() && !has(request.method, " \t:"), "a method is a word");
  fuzz::require(request.target.starts_with('/') || request.target == "*", "a target is a path");
  fuzz::require(!has(request.target, " \t") && !has(request.target, line_enders),
                "a target has no blank");
  for (const auto& [name, value] : request.fields) {
    fuzz::require(!name.empty() && !has(name, " \t:"), "the name of a field is a word");
    fuzz::require(std::none_of(name.begin(), name.end(),
                               [](char each) { return each >= 'A' && each <= 'Z'; }),
                  "the name of a field is in lower case");
    fuzz::require(!has(value, line_enders), "the value of a field is one line");
    bytes += name.size() + value.size();
  }
  fuzz::require(bytes <= head_bytes_max, "a head is within its limit");
  fuzz::require(!request.field("transfer-encoding"), "no request has a body");
}

void read(http_head_reader& reader, std::string_view piece, reading& result) {
  while (!piece.empty() && result.status == 0) {
    switch (reader.take(piece)) {
      case http_head_reader::progress::done:
        result.requests.push_back(reader.request());
        check(result.requests.back());
        break;
      case http_head_reader::progress::bad:
        result.status = reader.status();
        fuzz::require(!reader.problem().empty(), "a refusal has its reason");
        break;
      case http_head_reader::progress::more:
        fuzz::require(piece.empty(), "all input is taken when more is wanted");
    }
  }
}

bool are_same(const http_request& left, const http_request& right) {
  return left.method == right.method && left.target == right.target &&
         left.is_version_1_0 == right.is_version_1_0 && left.fields == right.fields;
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  std::vector<http_head_reader> readers(3, http_head_reader{head_bytes_max});
  std::vector<reading> readings(3);
  read(readers[0], input.all, readings[0]);
  read(readers[1], input.front(), readings[1]);
  read(readers[1], input.back(), readings[1]);
  for (std::size_t at = 0; at < input.all.size(); ++at)
    read(readers[2], input.all.substr(at, 1), readings[2]);
  for (const auto& each : readings) {
    require(each.status == readings[0].status, "however it is cut, the input is refused alike");
    require(std::equal(each.requests.begin(), each.requests.end(), readings[0].requests.begin(),
                       readings[0].requests.end(), are_same),
            "however it is cut, the input holds the same requests");
  }
}
