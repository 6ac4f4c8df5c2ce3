#include "io/net/layers/http_response.hpp"

namespace confab {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    default:
      return "Unknown";
  }
}

void append_response(const http_response& response, std::string& out) {
  const auto add = [&out](std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  };
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  for (const auto& [name, value] : response.fields)
    add(name, value);
  const bool can_have_body = response.status >= 200 && response.status != 304;
  if (can_have_body)
    add("Content-Length", std::to_string(response.body.size()));
  if (response.closes)
    add("Connection", "close");
  out += "\r\n";
  if (can_have_body && !response.without_body)
    out += response.body;
}

}  // namespace confab
