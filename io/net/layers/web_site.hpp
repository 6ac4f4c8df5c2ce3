#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "io/net/layers/http_head.hpp"
#include "io/net/layers/http_response.hpp"
#include "io/net/layers/ip_network.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a web listener serves: files, and a path for WebSockets.
namespace confab {

/// What browsers may do with our pages: fields of an answer's head.
std::span<const std::pair<std::string_view, std::string_view>> page_security_fields();

/// One file of the page.
struct web_file {
  std::string content_type;
  std::string etag;  ///< Of `bytes`, with its quotes.
  std::string bytes;
  std::string gzip;  ///< The same compressed, or empty.
};

/// By path: "/app.js". A path that ends in a slash also finds its "index.html".
using web_files = std::map<std::string, web_file, std::less<>>;

/// What an operator decides.
struct web_rules {
  std::string socket_path = "/irc";
  std::vector<std::string> origins;  ///< Whose pages may connect, beside our own; "*": all.
  std::vector<ip_network> trusted_proxies;
  std::size_t message_bytes_max = 16UL * 1024;  ///< Of one message of a WebSocket.
};

/// What is said to one request.
struct web_answer {
  http_response response;  ///< Its body lives as long as the site. 101: it is a WebSocket now.
  output_form form = output_form::lines;  ///< What the WebSocket carries.
  std::string complaint;  ///< Why the connection has to be logged as refused, or nothing.
};

/// Immutable: all connections of a listener share it.
class web_site {
 public:
  web_site(web_files files, web_rules rules);

  web_answer answer(const http_request& request) const;

  /// What is said when the head of a request is wrong.
  static http_response refusal(int status, std::string_view sentence);

  const web_rules& rules() const { return rules_; }

 private:
  const web_file* find(std::string_view path) const;
  http_response answer_with(const web_file& file, const http_request& request) const;

  web_files files_;
  web_rules rules_;
};

using web_site_ptr = std::shared_ptr<const web_site>;

}  // namespace confab
