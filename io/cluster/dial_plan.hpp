#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

/// Who dials whom, and when.
namespace confab {

/// How long to wait before a node is dialled again.
struct redial_limits {
  std::chrono::milliseconds first{500};  ///< After the first failure: at most so long;
  std::chrono::milliseconds most{2000};  ///< after each further one twice as long, at most this.
};

/// The links of one node, as far as dialling is concerned; knows no socket and no clock.
///
/// Of two nodes the one with the smaller name dials, so that there is one connection. There is one
/// attempt at a time for each node. One that failed is made again, for ever, after a span that is
/// drawn between a half and the whole of what the limits say: nodes that were cut off together do
/// not come back together.
class dial_plan {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// One attempt to reach a node. Its number is never used again.
  struct attempt {
    std::string node;
    std::uint64_t number = 0;
    bool operator==(const attempt&) const = default;
  };

  dial_plan(std::string own_name, std::uint64_t seed, redial_limits limits = {});

  /// Nodes are dialled from now on that are to be dialled by us.
  void add(const std::string& node, time_point now);

  /// Whether we are the one that dials this node, which need not have been added.
  bool dials(const std::string& node) const { return own_name_ < node; }

  /// The attempts to begin now.
  std::vector<attempt> take_due(time_point now);

  /// When the next attempt is due; nothing: none is, as things are.
  std::optional<time_point> next_due() const;

  /// Whether the attempt is still under way.
  bool is_current(const attempt& which) const;

  /// An attempt has come to nothing. False: it was not under way any more, nothing has changed.
  bool fail(const attempt& which, time_point now);

  /// An attempt has led to a link. False as above: the link is not wanted.
  bool succeed(const attempt& which);

  /// A link is no more, or was given up.
  void lose(const std::string& node, time_point now);

 private:
  enum class stage { waiting, dialling, linked };

  struct target {
    stage now = stage::waiting;
    time_point due{};
    std::uint64_t attempt = 0;
    unsigned failures = 0;  ///< Since the last link.
  };

  target* target_of(const attempt& which);
  std::chrono::milliseconds span_after(unsigned failures);
  void wait(target& which, time_point now);

  std::string own_name_;
  std::mt19937_64 random_;
  redial_limits limits_;
  std::uint64_t last_attempt_ = 0;
  std::map<std::string, target> targets_;  ///< Those that we dial.
};

}  // namespace confab
