#include "io/net/layers/http_head.hpp"

#include "io/net/layers/http_words.hpp"

#include <algorithm>

namespace confab {

namespace {

bool is_printable_ascii(char byte) {
  return byte >= ' ' && byte < '\x7F';
}

bool is_value_byte(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return byte == '\t' || (value >= 0x20U && value != 0x7FU);
}

bool is_target(std::string_view target) {
  return target == "*" || (target.starts_with('/') && target.find(' ') == std::string_view::npos &&
                           std::all_of(target.begin(), target.end(), is_printable_ascii));
}

}  // namespace

std::optional<std::string> http_request::field(std::string_view name) const {
  std::optional<std::string> result;
  for (const auto& [key, value] : fields)
    if (key == name)
      result = result ? *result + ", " + value : value;
  return result;
}

bool http_request::lists(std::string_view name, std::string_view token) const {
  const auto value = field(name).value_or("");
  for (std::string_view rest = value; !rest.empty();)
    if (is_same_word(next_element(rest), token))
      return true;
  return false;
}

bool http_request::keeps_alive() const {
  return !is_version_1_0 && !lists("connection", "close");
}

http_head_reader::progress http_head_reader::take(std::string_view& input) {
  while (!input.empty()) {
    const auto end = input.find('\n');
    const auto count = std::min(end == std::string_view::npos ? input.size() : end + 1,
                                head_bytes_max_ - bytes_ + 1);
    line_ += input.substr(0, count);
    bytes_ += count;
    input.remove_prefix(count);
    if (bytes_ > head_bytes_max_)
      return refuse(431, "The head of the request is too long");
    if (end == std::string_view::npos)
      return check_partial_line();
    if (!line_.ends_with("\r\n"))
      return refuse(400, "A line of the request does not end in CR LF");
    line_.resize(line_.size() - 2);
    const auto outcome = take_line(line_);
    line_.clear();
    if (outcome != progress::more)
      return outcome;
  }
  return progress::more;
}

/// What cannot become a request line, such as a TLS handshake, need not end to be refused.
http_head_reader::progress http_head_reader::check_partial_line() {
  const auto text =
      std::string_view{line_}.substr(0, line_.size() - (line_.ends_with('\r') ? 1 : 0));
  if (!has_request_line_ && text.starts_with('\x16'))
    return refuse(400, "This port speaks HTTP without TLS");
  if (!std::all_of(text.begin(), text.end(), is_value_byte))
    return refuse(400, "The request has a byte that does not belong there");
  return progress::more;
}

http_head_reader::progress http_head_reader::take_line(std::string_view line) {
  if (!has_request_line_) {
    if (line.empty() && bytes_ == 2)
      return progress::more;  // RFC 9112, 2.2: one empty line before a request is ignored.
    return take_request_line(line);
  }
  return line.empty() ? check_fields() : take_field(line);
}

http_head_reader::progress http_head_reader::take_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  const auto version = line.substr(last == std::string_view::npos ? line.size() : last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return refuse(400, "This is no request of HTTP/1.1");
  const auto method = line.substr(0, first);
  if (first == last || !is_token(method))
    return refuse(400, "The request line is not a method, a target and a version");
  const auto target = line.substr(first + 1, last - first - 1);
  if (!is_target(target))
    return refuse(400, "The target of the request is not a path");
  has_request_line_ = true;
  request_.method = method;
  request_.target = target;
  request_.is_version_1_0 = version == "HTTP/1.0";
  return progress::more;
}

http_head_reader::progress http_head_reader::take_field(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t'))
    return refuse(400, "A field of the request goes on in a second line");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return refuse(400, "The name of a field is not a word with a colon behind it");
  const auto value = trimmed(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), is_value_byte))
    return refuse(400, "A field of the request has a byte that does not belong there");
  request_.fields.emplace_back(to_lower(line.substr(0, colon)), value);
  return progress::more;
}

http_head_reader::progress http_head_reader::check_fields() {
  const auto hosts = std::count_if(request_.fields.begin(), request_.fields.end(),
                                   [](const auto& each) { return each.first == "host"; });
  if (hosts > 1 || (hosts == 0 && !request_.is_version_1_0))
    return refuse(400, "The request does not have one field Host");
  const auto length = request_.field("content-length");
  if (request_.field("transfer-encoding") || (length && *length != "0"))
    return refuse(400, "The request has a body");
  return progress::done;
}

http_request http_head_reader::request() {
  const auto limit = head_bytes_max_;
  auto result = std::move(request_);
  *this = http_head_reader{limit};
  return result;
}

http_head_reader::progress http_head_reader::refuse(int status, std::string_view problem) {
  status_ = status;
  problem_ = problem;
  std::string{}.swap(line_);
  request_ = {};
  return progress::bad;
}

}  // namespace confab
