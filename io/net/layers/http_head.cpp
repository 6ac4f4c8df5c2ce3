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

/// Whether these bytes may be in a line, whose end may be among them. What cannot become a request,
/// such as a TLS handshake, is found before a line ends.
bool is_text(std::string_view bytes) {
  if (bytes.ends_with('\n'))
    bytes.remove_suffix(1);
  if (bytes.ends_with('\r'))
    bytes.remove_suffix(1);
  return std::all_of(bytes.begin(), bytes.end(), is_value_byte);
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
    const auto checked = line_.empty() ? 0 : line_.size() - 1;  // A CR at its end depends on more.
    line_ += input.substr(0, count);
    bytes_ += count;
    input.remove_prefix(count);
    const bool is_too_long = bytes_ > head_bytes_max_;
    const auto line = std::string_view{line_}.substr(0, line_.size() - (is_too_long ? 1 : 0));
    if (!is_text(line.substr(std::min(checked, line.size()))))
      return refuse(400, has_request_line_ || !line.starts_with('\x16')
                             ? "The request has a byte that does not belong there"
                             : "This port speaks HTTP without TLS");
    if (is_too_long)
      return refuse(431, "The head of the request is too long");
    if (end == std::string_view::npos)
      return progress::more;
    if (!line.ends_with("\r\n"))
      return refuse(400, "A line of the request does not end in CR LF");
    const auto outcome = take_line(line.substr(0, line.size() - 2));
    line_.clear();
    if (outcome != progress::more)
      return outcome;
  }
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
  std::string{}.swap(line_);  // Moving an empty string into it would keep its memory.
  bytes_ = 0;
  has_request_line_ = false;
  return std::exchange(request_, {});
}

http_head_reader::progress http_head_reader::refuse(int status, std::string_view problem) {
  status_ = status;
  problem_ = problem;
  std::string{}.swap(line_);
  request_ = {};
  return progress::bad;
}

}  // namespace confab
