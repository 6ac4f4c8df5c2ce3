#include "io/dialects/irc/history_answers.hpp"

#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/line_tags.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/message_id.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/reader.hpp"
#include "io/dialects/irc/standard_replies.hpp"

namespace confab::irc {
namespace {

// Each batch is closed before the next one begins, so all of them can have the same reference.
constexpr std::string_view reference = "history";

/// Puts a batch around all that is written in its lifetime; nothing if the reader takes none.
class open_batch {
 public:
  open_batch(bool is_wanted, const settings& shared, std::string_view type,
             std::string_view parameter, std::string& out)
      : is_wanted_(is_wanted), shared_(shared), out_(out) {
    if (!is_wanted_)
      return;
    line_writer line{out_, shared_.server_name, "BATCH"};
    line.middle(std::string{"+"}.append(reference)).middle(type);
    if (!parameter.empty())
      line.middle(parameter);
    line.end();
    begin_ = out_.size();
  }

  open_batch(const open_batch&) = delete;
  open_batch& operator=(const open_batch&) = delete;

  ~open_batch() {
    if (!is_wanted_)
      return;
    tag_lines(out_, begin_, std::string{"batch="}.append(reference));
    line_writer{out_, shared_.server_name, "BATCH"}
        .middle(std::string{"-"}.append(reference))
        .end();
  }

 private:
  bool is_wanted_;
  const settings& shared_;
  std::string& out_;
  std::size_t begin_ = 0;
};

// Nobody is told now that somebody was away then.
void append_page(const history_page& page, capability_set on, std::string& out) {
  on.remove(capability::away_notify);
  for (const auto& each : page)
    encode_events(*each, class_of(on), out);
}

bool is_out_of_sight(refusal why) {
  return why == refusal::not_in_room || why == refusal::no_such_room ||
         why == refusal::name_too_long;
}

/// A FAIL for the command that was asked for.
void tell_failure(const reply& to, std::string_view code,
                  std::initializer_list<std::string_view> context, std::string_view text) {
  append_fail(to.shared.server_name, to.asked.verb, code, context, text, to.out);
}

void refuse_chathistory(refusal why, const reply& to) {
  tell_failure(to, is_out_of_sight(why) ? "INVALID_TARGET" : "MESSAGE_ERROR",
               {to.asked.detail, to.asked.subject}, "Messages could not be retrieved");
}

void refuse_search(refusal why, const reply& to) {
  if (is_out_of_sight(why))
    tell_failure(to, "INVALID_PARAMS", {"in"}, "You're not on that channel");
  else
    tell_failure(to, "INTERNAL_ERROR", {to.asked.subject}, "The search could not be run");
}

void refuse_redact(refusal why, const reply& to) {
  const auto& channel = to.asked.subject;
  const auto& id = to.asked.detail;
  if (is_out_of_sight(why))
    tell_failure(to, "INVALID_TARGET", {channel}, "You cannot delete messages from there");
  else if (why == refusal::not_the_author)
    tell_failure(to, "REDACT_FORBIDDEN", {channel, id},
                 "You are not authorised to delete this message");
  else if (why == refusal::no_such_text)
    tell_failure(to, "UNKNOWN_MSGID", {channel, id},
                 "This message does not exist, or is not kept any more");
  else
    tell_failure(to, "MESSAGE_ERROR", {channel, id}, "The message could not be deleted");
}

}  // namespace

void append_history(const history_answer& answer, const reply& to) {
  const auto on = capabilities_of(to.asked.reader);
  const bool is_search = to.asked.verb == "SEARCH";
  const auto channel = channel_of_room(answer.room).value_or(to.asked.subject);
  const open_batch around{on.has(capability::batch), to.shared,
                          is_search ? "soju.im/search" : "chathistory",
                          is_search ? std::string_view{} : channel, to.out};
  append_page(answer.page, on, to.out);
}

void append_targets(const targets_answer& answer, const reply& to) {
  const open_batch around{
      to.reads(capability::batch), to.shared, "draft/chathistory-targets", {}, to.out};
  for (const auto& each : answer.targets) {
    const auto channel = channel_of_room(each.room);
    if (!channel)
      continue;
    std::string time;
    append_server_time(each.latest_ms, time);
    line_writer{to.out, to.shared.server_name, "CHATHISTORY"}
        .middle("TARGETS")
        .middle(*channel)
        .middle(time)
        .end();
  }
}

void append_replay(const history_page& said_before, capability_set on, const settings& shared,
                   std::string& out) {
  if (said_before.empty() || on.has(capability::chathistory))
    return;
  const auto channel = channel_of_room(said_before.front()->room);
  if (!channel)
    return;
  const bool takes_batch = on.has(capability::batch) && on.has(capability::server_time);
  const open_batch around{takes_batch, shared, "chathistory", *channel, out};
  append_page(said_before, on, out);
}

// A text that is not kept is told of whatever its kind: that a NOTICE has no answer keeps programs
// from answering each other without end, and no program answers this.
bool append_history_refusal(const refused& result, const reply& to) {
  const auto verb = to.asked.verb;
  if (result.why == refusal::not_kept)
    tell_failure(to, "MESSAGE_NOT_STORED", {to.asked.subject},
                 "Your message could not be stored, and may be lost");
  else if (verb == "CHATHISTORY")
    refuse_chathistory(result.why, to);
  else if (verb == "SEARCH")
    refuse_search(result.why, to);
  else if (verb == "REDACT")
    refuse_redact(result.why, to);
  else
    return false;
  return true;
}

}  // namespace confab::irc
