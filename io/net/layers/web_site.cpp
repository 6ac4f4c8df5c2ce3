#include "io/net/layers/web_site.hpp"

#include "io/net/layers/http_words.hpp"
#include "io/net/layers/websocket_handshake.hpp"

#include <array>
#include <utility>

namespace confab {

namespace {

/// A page of ours loads nothing from elsewhere, runs no script but its own, and is part of no
/// other page. `connect-src 'self'` includes the WebSocket of the same host.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> security_fields{{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "camera=(), display-capture=(), geolocation=(), microphone=(), "
     "payment=(), usb=()"},
}};

void add_security(http_response& response) {
  for (const auto& [name, value] : security_fields)
    response.fields.emplace_back(name, value);
}

/// Whether the weight of an element such as "gzip;q=0.5" is not zero.
bool has_weight(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto each = next_element(parameters, ';');
    if (is_same_word(each.substr(0, 2), "q="))
      return each.find_first_of("123456789", 2) != std::string_view::npos;
  }
  return true;
}

bool accepts_gzip(const http_request& request) {
  const auto list = request.field("accept-encoding").value_or("");
  bool accepts_any = false;
  for (std::string_view rest = list; !rest.empty();) {
    auto element = next_element(rest);
    const auto name = next_element(element, ';');
    if (is_same_word(name, "gzip"))
      return has_weight(element);
    if (name == "*")
      accepts_any = has_weight(element);
  }
  return accepts_any;
}

/// Another representation has another tag (RFC 9110, 8.8.3.3).
std::string tag_of_gzip(std::string_view etag) {
  return std::string{etag.substr(0, etag.size() - 1)} + "-gzip\"";
}

/// RFC 9110, 13.1.2: the comparison is weak.
bool is_known_to_client(const http_request& request, std::string_view etag) {
  const auto list = request.field("if-none-match").value_or("");
  for (std::string_view rest = list; !rest.empty();) {
    auto tag = next_element(rest);
    if (tag.starts_with("W/"))
      tag.remove_prefix(2);
    if (tag == etag || tag == "*")
      return true;
  }
  return false;
}

http_response not_allowed(std::string_view allowed) {
  auto result = web_site::refusal(405, "This path does not know that method.\n");
  result.fields.emplace_back("Allow", allowed);
  return result;
}

}  // namespace

std::span<const std::pair<std::string_view, std::string_view>> page_security_fields() {
  return security_fields;
}

web_site::web_site(web_files files, web_rules rules)
    : files_(std::move(files)), rules_(std::move(rules)) {}

web_answer web_site::answer(const http_request& request) const {
  web_answer result;
  const auto path = std::string_view{request.target}.substr(0, request.target.find('?'));
  const bool is_head = request.method == "HEAD";
  if (path == rules_.socket_path && request.method == "GET") {
    auto handshake = answer_handshake(request, rules_.origins);
    result = {std::move(handshake.response), handshake.form, std::move(handshake.complaint)};
    if (result.response.status != 101)
      add_security(result.response);
  } else if (path == rules_.socket_path) {
    result.response = not_allowed("GET");
  } else if (request.method != "GET" && !is_head) {
    result.response = not_allowed("GET, HEAD");
  } else if (const auto* file = find(path)) {
    result.response = answer_with(*file, request);
  } else {
    result.response = refusal(404, "There is nothing at this path.\n");
  }
  result.response.without_body = is_head;
  if (result.response.status != 101 && !request.keeps_alive())
    result.response.closes = true;
  return result;
}

http_response web_site::refusal(int status, std::string_view sentence) {
  http_response result;
  result.status = status;
  result.fields.emplace_back("Content-Type", "text/plain; charset=utf-8");
  add_security(result);
  result.body = sentence;
  return result;
}

const web_file* web_site::find(std::string_view path) const {
  auto found = files_.find(path);
  if (found == files_.end() && path.ends_with('/'))
    found = files_.find(std::string{path} + "index.html");
  return found == files_.end() ? nullptr : &found->second;
}

http_response web_site::answer_with(const web_file& file, const http_request& request) const {
  const bool packed = !file.gzip.empty() && accepts_gzip(request);
  const auto etag = packed ? tag_of_gzip(file.etag) : file.etag;
  http_response result;
  result.fields = {{"ETag", etag}, {"Cache-Control", "no-cache"}, {"Vary", "Accept-Encoding"}};
  add_security(result);
  if (is_known_to_client(request, etag)) {
    result.status = 304;
    return result;
  }
  result.fields.emplace_back("Content-Type", file.content_type);
  if (packed)
    result.fields.emplace_back("Content-Encoding", "gzip");
  result.body = packed ? file.gzip : file.bytes;
  return result;
}

}  // namespace confab
