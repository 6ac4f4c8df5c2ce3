#pragma once

#include "tests/simulation/history.hpp"
#include "tests/simulation/irc_line.hpp"
#include "tests/simulation/model.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace confab::simulation {

/// Goes through what a client with a nick has asked for and was told.
class nick_follower {
 public:
  nick_follower(const history& run, const record& who, account& known, findings& found)
      : run_(run), who_(who), known_(known), found_(found) {}

  void follow();

 private:
  // model_follow_nicks.cpp: one group of requests after the other.
  void follow_group(std::size_t first, std::size_t last);
  std::optional<std::size_t> end_of_answers(const request& closing) const;
  void end_all(moment leaving, moment lost);
  void finish();
  void complain(const request& made, const std::string& what);

  // model_nicks_told.cpp: what the client was told.
  void take_sights(std::size_t end);
  void take_sights_before(moment when);
  void take_reply(const irc_line& line, const sight& seen);
  void take_names(const irc_line& line);
  void take_event(const irc_line& line, const sight& seen);
  void check_inside(const std::string& room, const sight& seen);
  void come(const std::string& room, const sight& seen);
  void go(const std::string& room, const std::string& nick, const sight& seen);
  void quit(const sight& seen);
  void change_nick(const std::string& nick, bool own, const sight& seen);
  void stray(const sight& seen);
  void take_nick(const std::string& nick, moment when);
  moment asked() const;
  void enter(const std::string& room, moment when);
  void leave(const std::string& room, moment when, bool parts);
  void note_end();

  // model_nicks_judged.cpp: what its requests amounted to.
  void judge(const request& made, std::size_t first);
  void judge_before_login(const request& made);
  void note_unanswered(const request& made);
  void judge_nick(const request& made);
  bool may_have_been_put_out(const request& made) const;
  void judge_join(const request& made);
  void judge_texts(std::size_t first);
  void judge_label(const request& made);
  const sight* labelled_answer(const request& made) const;
  void add_text(const request& made, moment done);
  void check_answers(const request& made, std::size_t first);
  std::size_t count(std::string_view number) const;
  bool was_event(std::string_view command) const;
  static std::string_view mark(const request& made);

  // model_nicks_bounds.cpp: what is as much as there may be.
  void judge_list_of_rooms(const request& made);
  void judge_nick_size(const request& made);
  void judge_watch(const request& made);
  void judge_watched(const request& made);
  void judge_rule(const request& made);
  void judge_count(const request& made, std::string_view row, std::string_view end,
                   std::size_t rows_max);
  void take_watched(const irc_line& line, const sight& seen);
  void take_mode(const std::string& room, const irc_line& line, const sight& seen);
  void exceed(const std::string& what, moment when);

  const history& run_;
  const record& who_;
  account& known_;
  findings& found_;
  std::string nick_;
  std::map<std::string, std::size_t> stays_;  ///< Where it is, and since which stay.
  std::map<std::string, std::set<std::string>> rosters_;
  std::vector<irc_line> numerics_;    ///< In answer to the requests under way.
  const sight* own_event_ = nullptr;  ///< What it did itself, last.
  moment own_event_when_ = never;
  std::optional<std::size_t> bearing_;
  std::size_t next_ = 0;   ///< The next sight.
  std::size_t begin_ = 0;  ///< The first request under way.
  moment done_ = never;
  moment login_when_ = never;
  bool is_answered_ = false;
  bool is_right_ = true;
  bool logged_in_ = false;
  bool login_known_ = false;
  bool was_inside_ = false;
  moment put_out_when_ = 0;           ///< Last.
  std::set<std::string> departed_;    ///< Nicks of those who left the server or are renamed.
  std::vector<std::string> watched_;  ///< Nicks, as it wrote them.
  std::set<std::string> told_of_;     ///< Nicks that it watches, since the requests under way.
  std::map<std::string, std::set<std::string>> entries_;  ///< Of lists, since it came in.
  bool quitting_ = false;
  bool end_noted_ = false;
  bool over_ = false;
};

}  // namespace confab::simulation
