#include "io/net/layers/websocket_handshake.hpp"

#include "io/net/layers/http_words.hpp"
#include "io/text/printable.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace confab {

namespace {

constexpr std::string_view text_protocol = "text.ircv3.net";
constexpr std::string_view binary_protocol = "binary.ircv3.net";

/// Sixteen bytes in base64.
bool is_key(std::string_view key) {
  const auto is_digit = [](char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || byte == '+' || byte == '/';
  };
  return key.size() == 24 && key.ends_with("==") &&
         std::all_of(key.begin(), key.end() - 2, is_digit);
}

/// The host and port in an origin or a Host field, without a port that the scheme implies.
std::string_view without_port(std::string_view host, std::string_view port) {
  return host.ends_with(port) ? host.substr(0, host.size() - port.size()) : host;
}

bool is_of_host(std::string_view origin, std::string_view host) {
  constexpr std::string_view secure = "https://";
  constexpr std::string_view insecure = "http://";
  const bool is_secure = origin.starts_with(secure);
  if (!is_secure && !origin.starts_with(insecure))
    return false;
  const std::string_view port = is_secure ? ":443" : ":80";
  origin.remove_prefix(is_secure ? secure.size() : insecure.size());
  return is_same_word(without_port(origin, port), without_port(host, port));
}

bool may_connect(const http_request& request, const std::vector<std::string>& origins) {
  const auto origin = request.field("origin");
  if (!origin || is_of_host(*origin, request.field("host").value_or("")))
    return true;
  return std::any_of(origins.begin(), origins.end(),
                     [&](const auto& each) { return each == "*" || is_same_word(each, *origin); });
}

std::string_view chosen_protocol(const http_request& request) {
  const auto offered = request.field("sec-websocket-protocol").value_or("");
  for (std::string_view rest = offered; !rest.empty();) {
    const auto name = next_element(rest);
    if (name == text_protocol)
      return text_protocol;
    if (name == binary_protocol)
      return binary_protocol;
  }
  return {};
}

websocket_handshake refusal(int status, std::string_view sentence) {
  websocket_handshake result;
  result.response.status = status;
  result.response.fields = {{"Content-Type", "text/plain; charset=utf-8"}};
  result.response.body = sentence;
  result.response.closes = true;
  return result;
}

websocket_handshake upgrade_required(std::string_view sentence) {
  auto result = refusal(426, sentence);
  auto& fields = result.response.fields;
  fields.emplace_back("Upgrade", "websocket");
  fields.emplace_back("Connection", "Upgrade");
  fields.emplace_back("Sec-WebSocket-Version", "13");
  return result;
}

websocket_handshake agreement(const http_request& request, std::string_view key) {
  websocket_handshake result;
  result.response.status = 101;
  result.response.fields = {{"Upgrade", "websocket"},
                            {"Connection", "Upgrade"},
                            {"Sec-WebSocket-Accept", accept_value(key)}};
  const auto protocol = chosen_protocol(request);
  if (!protocol.empty())
    result.response.fields.emplace_back("Sec-WebSocket-Protocol", protocol);
  if (protocol == binary_protocol)
    result.form = output_form::binary_frames;
  return result;
}

}  // namespace

websocket_handshake answer_handshake(const http_request& request,
                                     const std::vector<std::string>& origins) {
  if (request.is_version_1_0 || !request.lists("connection", "upgrade") ||
      !request.lists("upgrade", "websocket"))
    return upgrade_required("This path is for WebSockets.\n");
  if (request.field("sec-websocket-version") != "13")
    return upgrade_required("This server speaks version 13 of WebSocket.\n");
  const auto key = request.field("sec-websocket-key").value_or("");
  if (!is_key(key))
    return refusal(400, "The request has no valid Sec-WebSocket-Key.\n");
  if (may_connect(request, origins))
    return agreement(request, key);
  auto result = refusal(403, "Pages of this origin may not connect to this server.\n");
  result.complaint = "a page of origin " +
                     printable_start(request.field("origin").value_or(""), 80) +
                     " may not connect: --web-origin allows others than our own";
  return result;
}

std::string accept_value(std::string_view key) {
  const auto text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, 1.3
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  ::SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> digits{};
  const int size = ::EVP_EncodeBlock(digits.data(), hash.data(), static_cast<int>(hash.size()));
  return {digits.begin(), digits.begin() + size};
}

}  // namespace confab
