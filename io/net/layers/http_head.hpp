#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The heads of HTTP/1.1 requests (RFC 9112), as far as a server of pages and WebSockets needs
/// them.
namespace confab {

struct http_request {
  std::string method;
  std::string target;  ///< Begins with `/`, or is `*`.
  bool is_version_1_0 = false;
  /// Names in lower case, in the order in which they came.
  std::vector<std::pair<std::string, std::string>> fields;

  /// The value of a field; several of one name are one list (RFC 9110, 5.3). Nothing: no such
  /// field.
  std::optional<std::string> field(std::string_view name) const;

  /// Whether the list in field `name` has `token`, in whatever case.
  bool lists(std::string_view name, std::string_view token) const;

  /// Whether the client would send another request on this connection.
  bool keeps_alive() const;
};

/// Reads one head after the other, cut anywhere, without I/O. Strict where leniency lets somebody
/// smuggle a request past a proxy: one Host, no folded field, no blank before a colon, lines end in
/// CR LF, no body. A mistake is found at the end of its line.
class http_head_reader {
 public:
  static constexpr std::size_t default_bytes_max = 8192;

  explicit http_head_reader(std::size_t head_bytes_max = default_bytes_max)
      : head_bytes_max_(head_bytes_max) {}

  enum class progress {
    more,  ///< All input is taken, and the head is not complete.
    done,  ///< Call `request` for it. What is behind it is left in the input.
    bad,   ///< `status` and `problem` say why. Nothing may be taken any more.
  };

  /// Takes the next head from the front of `input`.
  progress take(std::string_view& input);

  /// The head that is done; the reader begins anew and holds no memory.
  http_request request();

  /// 400, or 431 for what is too long.
  int status() const { return status_; }

  /// A sentence without its full stop, for the client and the log; none of the client's words.
  std::string_view problem() const { return problem_; }

  /// Whether a part of a head has come.
  bool is_within_head() const { return bytes_ > 0; }

 private:
  progress take_line(std::string_view line);
  progress take_request_line(std::string_view line);
  progress take_field(std::string_view line);
  progress check_fields();
  progress check_partial_line();
  progress refuse(int status, std::string_view problem);

  std::size_t head_bytes_max_;
  std::size_t bytes_ = 0;
  std::string line_;  ///< The line so far.
  http_request request_;
  bool has_request_line_ = false;
  int status_ = 0;
  std::string_view problem_;
};

}  // namespace confab
