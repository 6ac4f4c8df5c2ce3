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

/// What a link is told when it is made.
struct link_settings {
  std::string own_node;
  std::string other_node;
  std::function<link_epoch()> next_epoch;  ///< Random numbers, never 0.
  // Of one message: a large one holds up CAF's heartbeats on a slow link.
  std::size_t news_each_max = 1024;
  std::size_t bytes_each_max = 128 * 1024;     ///< One piece of news may be larger.
  std::size_t credit_bytes = 8 * 1024 * 1024;  ///< Of news under way; beyond it, all is lost.
};

/// What follows for whoever owns the link.
struct link_steps {
  std::vector<wire_message> to_send;  ///< To the counterpart, in this order.
  bool broken = false;  ///< It was lost because of what came or did not: better a new connection.
  bool lost = false;    ///< The link was up, and is no more; comes before all else.
  bool established = false;        ///< It is up now.
  std::vector<cluster_news> news;  ///< What has come, in order; the first one is `first_news`.
  std::uint64_t first_news = 0;
  std::uint64_t taken_up_to = 0;          ///< The counterpart has taken so much; 0: nothing new.
  std::optional<wire_question> question;  ///< The counterpart asks,
  std::optional<wire_answer> answer;      ///< or answers.
};

/// The words of wire.hpp, without an actor. It is down until `connect`; then it says hello, again
/// at each `tick`, until it is welcome. It is up from then on until it is lost: by `disconnect`, by
/// a hello of a counterpart that has begun anew, by a number that is missing, or by more news than
/// the credit on their way; what there is when it is made may be any amount, and so may departures,
/// since nobody leaves twice: all clients of a node may go at once. Whatever an earlier
/// establishment has left is ignored.
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

  /// Time has passed: whoever is not welcome yet says hello again.
  link_steps tick();

  /// What the counterpart has sent.
  link_steps receive(wire_message message);

  /// Puts news behind those that wait; `flush` sends them. The link is up. Returns its number.
  std::uint64_t add(cluster_news news);

  /// Sends what waits, in bounded messages. If that is beyond the credit, the link is lost.
  link_steps flush();

  /// All news up to this number have been taken here.
  link_steps take(std::uint64_t up_to);

  /// Begins anew: the counterpart did what no counterpart does.
  link_steps restart();

 private:
  /// Somebody may have seen something of this establishment: its end is news.
  bool is_used() const { return up_ || received_ > 0; }
  std::size_t next_count(std::size_t sent) const;
  void lose(link_steps& steps);
  void begin(link_steps& steps);
  void break_off(link_steps& steps);
  wire_message hello() const;
  void receive(const wire_hello& from, link_steps& steps);
  void receive(const wire_welcome& from, link_steps& steps);
  void receive(wire_news& from, link_steps& steps);
  void receive(const wire_taken& from, link_steps& steps);
  void receive(wire_question& from, link_steps& steps) const;
  void receive(wire_answer& from, link_steps& steps) const;

  link_settings settings_;
  bool connected_ = false;
  bool up_ = false;
  link_epoch mine_ = 0;
  link_epoch yours_ = 0;  ///< 0: not known yet.
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
  bool in_step_ = false;             ///< That was added.
};

/// About how many bytes of memory the news take.
std::size_t cost_of(const cluster_news& news);

/// Somebody leaves the node, or one of its rooms on that occasion.
bool is_departure(const cluster_news& news);

}  // namespace confab
