#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace confab {

/// An answer of HTTP/1.1.
struct http_response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields;  ///< Without those that follow from it.
  std::string_view body;      ///< Lives elsewhere, for instance in the site.
  bool without_body = false;  ///< The answer to HEAD: its fields are those of the answer to GET.
  bool closes = false;        ///< Nothing follows on this connection.
};

/// "Not Found" for 404. Of the statuses that this server sends.
std::string_view reason_phrase(int status);

/// Adds Content-Length where there can be a body, and Connection: close where it holds. An answer
/// has no Date: RFC 9110, 6.6.1 lets a server without a clock leave it out.
void append_response(const http_response& response, std::string& out);

}  // namespace confab
