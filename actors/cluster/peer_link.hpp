#pragma once

#include "actors/cluster/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// One end of the link between two nodes: what is established, what is numbered, what was taken.
namespace confab {

/// For how many ticks, of a second each, a link waits for its counterpart; then it is given up.
/// Ticks are counted, not seconds: a process that has stood still itself first hears what came.
struct link_patience {
  std::size_t quiet = 3;            ///< News are under way, and nothing comes from there;
  std::size_t quiet_at_first = 10;  ///< the same, as long as it has not taken `in_step`.
  std::size_t under_way = 30;       ///< The oldest news behind `in_step` are not taken.
  std::size_t unanswered = 5;       ///< Hello is said, and the link does not come up.
};

/// What a link is told when it is made.
struct link_settings {
  std::string own_node;
  std::string other_node;
  std::function<link_epoch()> next_epoch;  ///< Random numbers, never 0.
  // Of one message: a large one holds up CAF's heartbeats on a slow link.
  std::size_t news_each_max = 1024;
  std::size_t bytes_each_max = 128 * 1024;     ///< One piece of news may be larger.
  std::size_t credit_bytes = 8 * 1024 * 1024;  ///< Of news under way; beyond it, all is lost.
  link_patience patience = {};
};

/// What follows for whoever owns the link.
struct link_steps {
  std::vector<wire_message> to_send;  ///< To the counterpart, in this order.
  bool broken = false;                ///< Because of what came or did not: better a new connection.
  std::string why;                    ///< That is so: one plain line.
  bool lost = false;                  ///< The link was up, and is no more; comes before all else.
  bool established = false;           ///< It is up now.
  std::vector<cluster_news> news;     ///< What has come, in order; the first one is `first_news`.
  std::uint64_t first_news = 0;
  std::uint64_t taken_up_to = 0;          ///< The counterpart has taken so much; 0: nothing new.
  std::optional<wire_question> question;  ///< The counterpart asks,
  std::optional<wire_answer> answer;      ///< or answers.
};

/// The words of wire.hpp, without an actor. It is down until `connect`; then it says hello, again
/// at each `tick`, until it is welcome. It is up from then on until it is lost: by `disconnect`, by
/// a hello of a counterpart that has begun anew, by a number that is missing, or by more news than
/// the credit on their way; what there is when it is made may be any amount, and so may departures,
/// since nobody leaves twice: all clients of a node may go at once. And it is lost when the
/// counterpart makes this side wait for too long, whatever the connection does: so nobody waits
/// for another node without end. Whatever an earlier establishment has left is ignored.
class peer_link {
 public:
  explicit peer_link(link_settings settings);

  bool is_up() const { return up_; }
  bool is_connected() const { return connected_; }

  /// Whether the counterpart may be asked about its history.
  bool answers_questions() const { return up_ && other_version_ >= first_version_with_questions; }

  /// Whether the counterpart may be told what holds in rooms that both have known for a while.
  bool settles_rooms() const { return up_ && other_version_ >= first_version_that_settles; }

  /// The epoch that a question or an answer to the counterpart has to carry; 0: none is known.
  link_epoch epoch_there() const { return yours_; }
  std::size_t bytes_under_way() const { return bytes_under_way_; }
  std::size_t news_under_way() const { return costs_.size(); }
  std::uint64_t added() const { return added_; }  ///< The number of the latest news added here.

  /// There is a connection to the counterpart.
  link_steps connect();

  /// There is none any more.
  link_steps disconnect();

  /// A second has passed: whoever is not welcome yet says hello again, and whoever has waited for
  /// too long waits no more.
  link_steps tick();

  /// What the counterpart has sent.
  link_steps receive(wire_message message);

  /// Puts news behind those that wait; `flush` sends them. The link is up. Returns its number.
  std::uint64_t add(cluster_news news);

  /// Sends what waits, in bounded messages. If that is beyond the credit, the link is lost.
  link_steps flush();

  /// All news up to this number have been taken here.
  link_steps take(std::uint64_t up_to);

  /// Begins anew: the counterpart did what no counterpart does, which is told in one plain line.
  link_steps restart(std::string why);

 private:
  /// Somebody may have seen something of this establishment: its end is news.
  bool is_used() const { return up_ || received_ > 0; }
  std::size_t next_count(std::size_t sent) const;
  void lose(link_steps& steps);
  void begin(link_steps& steps);
  void break_off(link_steps& steps, std::string why);
  void greet_again(link_steps& steps);
  std::string what_takes_too_long();
  bool is_for_this_one(link_epoch epoch, link_steps& steps);
  wire_message hello() const;
  void receive(const wire_hello& from, link_steps& steps);
  void receive(const wire_welcome& from, link_steps& steps);
  void receive(wire_news& from, link_steps& steps);
  void receive(const wire_taken& from, link_steps& steps);
  void receive(wire_question& from, link_steps& steps);
  void receive(wire_answer& from, link_steps& steps);

  link_settings settings_;
  bool connected_ = false;
  bool up_ = false;
  link_epoch mine_ = 0;
  link_epoch previous_ = 0;  ///< That of this side before `mine_`.
  link_epoch yours_ = 0;     ///< 0: not known yet.
  std::uint32_t other_version_ = 0;
  std::uint64_t added_ = 0;     ///< The number of the latest news that were added here,
  std::uint64_t taken_ = 0;     ///< of the latest that the counterpart has taken,
  std::uint64_t received_ = 0;  ///< and of the latest that came from there.
  /// What one piece of news under way takes.
  struct cost {
    std::size_t bytes = 0;
    bool needs_credit = true;
  };

  std::vector<cluster_news> waiting_;
  std::deque<cost> costs_;           ///< Of the news from `taken_` + 1 on.
  std::size_t bytes_under_way_ = 0;  ///< Their sum,
  std::size_t on_credit_ = 0;        ///< and of those that need credit: most behind `in_step`.
  std::uint64_t in_step_ = 0;        ///< The number of that; 0: it was not added yet.

  // How long this side waits.
  bool heard_ = false;           ///< Something for this establishment has come since the last tick.
  bool has_objected_ = false;    ///< To an unknown epoch, since the last tick.
  std::size_t quiet_ticks_ = 0;  ///< Nothing has come, although news were under way.
  std::size_t hellos_ = 0;       ///< Said in vain.
  std::deque<std::uint64_t> added_at_ticks_;  ///< What `added_` was, the oldest first.
};

/// About how many bytes of memory the news take.
std::size_t cost_of(const cluster_news& news);

/// Somebody leaves the node, or one of its rooms on that occasion.
bool is_departure(const cluster_news& news);

}  // namespace confab
