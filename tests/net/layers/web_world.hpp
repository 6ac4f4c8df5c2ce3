#pragma once

#include "io/net/layers/http_head.hpp"
#include "io/net/layers/web_site.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

/// A small site, and requests for it.
namespace confab::test {

inline web_site_ptr make_site(web_rules rules = {}) {
  web_files files;
  files["/index.html"] = {"text/html; charset=utf-8", "\"i1\"", "<!doctype html>", ""};
  files["/app.js"] = {"text/javascript; charset=utf-8", "\"a1\"", "let a = 1", "packed"};
  files["/large"] = {"image/svg+xml", "\"l1\"", std::string(100000, 'x'), ""};
  return std::make_shared<const web_site>(std::move(files), std::move(rules));
}

inline std::string get(const std::string& path, const std::string& method = "GET",
                       const std::string& fields = {}) {
  return method + " " + path + " HTTP/1.1\r\nHost: chat.example\r\n" + fields + "\r\n";
}

/// A good request for a WebSocket, with further fields.
inline std::string upgrade(const std::string& fields = {}) {
  return get("/irc", "GET",
             "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                 fields);
}

inline http_request parsed(std::string_view head) {
  http_head_reader reader;
  if (reader.take(head) != http_head_reader::progress::done)
    throw std::runtime_error{"no head: " + std::string{reader.problem()}};
  return reader.request();
}

}  // namespace confab::test
