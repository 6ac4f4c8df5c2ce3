// One room with people of all systems in it: two at browsers, one with irssi, one with WeeChat, and
// three with the clients of the courses.

#include "tests/browser/chat_page.hpp"
#include "tests/real_clients/irc_friend.hpp"
#include "tests/real_clients/irssi_client.hpp"
#include "tests/real_clients/weechat_client.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace confab::test;
using namespace std::chrono_literals;

namespace {

/// What the issue promises: browsers are back by then.
constexpr std::chrono::milliseconds return_span{3000};

bool not_here() {
  return !has_browser() || skipped_without({"irssi", "tmux", "weechat-headless", "setpriv"});
}

/// A text, and by whom IRC clients are shown that it was said.
struct said_text {
  std::string nick;
  std::string text;
};

/// Everybody in the room `lobby`.
class everybody {
 public:
  everybody() {
    ida_.enter(server_, "ida");
    joe_.enter(server_, "joe");
    alice_.emplace(irssi_folder_, "alice", server_.irc_port());
    alice_->join("#lobby");
    carol_.emplace(weechat_folder_, "carol", server_.irc_port(), "#lobby");
    enter_by_courses();
  }

  /// Those whose clients do not come back by themselves.
  void enter_by_courses() {
    rita_.emplace(server_.running().receiver("rita", "lobby"));
    olaf_.emplace(server_.running().oneroom("olaf"));
    expect("olaf/oneroom", "(olaf)");
    kay_.emplace(server_.running().framed("Kay", "/join lobby"));
    bob_.emplace(server_.running().sender("bob", "lobby"));
    wait_until_there({"Kay/framed", "bob/tagged"});
  }

  void wait_until_there(const std::vector<std::string>& nicks) {
    irc_friend watcher{server_.irc_port(), "watcher", "#lobby"};
    for (const auto& each : nicks)
      watcher.wait_for_member("#lobby", each);
    watcher.send("QUIT");
  }

  /// Each of them says something, one after the other; the text ends with `mark`.
  void talk(const std::string& mark) {
    const auto says = [&](const std::string& nick, const auto& say) {
      const auto text = "it is me, " + nick.substr(0, nick.find('/')) + " " + mark;
      say(text);
      expect(nick, text);
      ida_.wait_for(text);
    };
    says("ida", [&](const std::string& text) { ida_.say(text); });
    says("joe", [&](const std::string& text) { joe_.say(text); });
    says("alice", [&](const std::string& text) { alice_->enter(text); });
    says("carol", [&](const std::string& text) { carol_->enter(text); });
    says("bob/tagged", [&](const std::string& text) { bob_->request("sendall:" + text); });
    says("Kay/framed", [&](const std::string& text) { kay_->send(text); });
    says("olaf/oneroom", [&](const std::string& text) { olaf_->send(text + "\n"); });
  }

  /// Those at browsers see all that was said since the beginning, each once and in order.
  void judge_browsers() {
    std::vector<shown_text> all;
    for (const auto& each : said_)
      all.push_back({each.nick, each.text});
    for (auto* page : {&ida_, &joe_}) {
      page->wait_for(said_.back().text);
      page->wait_until_settled();
      CHECK(page->log() == all);
      CHECK(page->complaints().empty());
    }
    ida_.keep_picture("everybody");
  }

  /// irssi and WeeChat show these texts once, behind their authors' nicks.
  void judge_irc(const std::string& mark) const {
    for (const auto& each : said_) {
      if (!each.text.ends_with(mark))
        continue;
      INFO(each.nick << ": " << each.text);
      alice_->wait_for(each.nick + "> " + each.text);
      CHECK(occurrences(alice_->screen(), each.text) == 1);
      carol_->wait_for("\t" + each.nick + "\t" + each.text);
      CHECK(occurrences(carol_->heard(), each.text) == 1);
    }
  }

  /// The clients of the courses get these texts once, as their protocols say it.
  void judge_courses(const std::string& mark) {
    for (const auto& each : said_) {
      if (!each.text.ends_with(mark))
        continue;
      const auto name = each.nick.substr(0, each.nick.find('/'));
      INFO(name << ": " << each.text);
      CHECK(rita_->read_line() == "delivery:lobby:" + name + ":" + each.text);
      CHECK(olaf_->read_line() == name + ":" + each.text);
      if (name != "Kay")
        CHECK(read_text_by_kay() == "[" + name + "] " + each.text);
    }
    require_nothing_pending(*rita_);
  }

  /// The server is killed and starts again; returns how long the browsers took to be back.
  std::chrono::milliseconds restart() {
    server_.kill();
    server_.start();
    const auto start = std::chrono::steady_clock::now();
    ida_.wait_until_settled();
    joe_.wait_until_settled();
    const auto span = std::chrono::steady_clock::now() - start;
    wait_until_there({"alice", "carol", "ida", "joe"});
    return std::chrono::duration_cast<std::chrono::milliseconds>(span);
  }

  /// Nobody has heard these yet.
  void forget_what_courses_hear() { (void)rita_->read_line(); }

 private:
  void expect(const std::string& nick, const std::string& text) { said_.push_back({nick, text}); }

  /// What is said, without those who come and go.
  std::string read_text_by_kay() {
    for (;;)
      if (const auto next = kay_->read(); next.starts_with('['))
        return next;
  }

  web_server server_;
  browser chromium_;
  chat_page ida_{chromium_};
  chat_page joe_{chromium_};
  temporary_folder irssi_folder_;
  temporary_folder weechat_folder_;
  std::optional<irssi_client> alice_;
  std::optional<weechat_client> carol_;
  std::optional<client> rita_;
  std::optional<client> bob_;
  std::optional<framed_client> kay_;
  std::optional<client> olaf_;
  std::vector<said_text> said_;  ///< Since the beginning, in order.
};

}  // namespace

TEST_CASE("people of all systems see each text once by its author, also after a restart") {
  if (not_here())
    return;
  everybody room;
  room.forget_what_courses_hear();  // The oneroom client has said its name.
  room.talk("before");
  room.judge_browsers();
  room.judge_irc("before");
  room.judge_courses("before");

  CHECK(room.restart() < return_span);
  room.enter_by_courses();
  room.forget_what_courses_hear();
  room.talk("after");
  room.judge_browsers();
  room.judge_irc("after");
  room.judge_courses("after");
}
