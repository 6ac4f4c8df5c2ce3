#pragma once

#include "actors/model/answers.hpp"
#include "actors/model/asking.hpp"
#include "actors/model/commands.hpp"
#include "actors/model/events.hpp"
#include "actors/model/outcomes.hpp"
#include "actors/model/standing.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// What stands between a wire protocol and the actors: a dialect turns bytes into commands, and
/// outcomes and room events into bytes. It is pure translation; all protocol state that depends on
/// the server is passed in.
namespace confab {

/// Which texts of its room a reader does not get.
enum class delivery_policy {
  everything,              ///< Gets the texts of all members, its own too.
  all_but_own_user,        ///< Not what was said under its own user name.
  all_but_own_connection,  ///< Not what was said on its own connection.
  own_in_own_form,         ///< Gets everything, what it does itself as `own_class` reads it.
};

/// Why a connection was cut or closed by the server.
enum class cut_reason { slow_reader, server_backlog, login_deadline, idle, offence, shutdown };
inline constexpr std::size_t cut_reasons = 6;

/// Cuts the bytes of one connection into commands. Owns the incomplete tail of the input, in
/// bounded memory; input may be split and joined anywhere.
class decoder {
 public:
  virtual ~decoder() = default;

  /// Takes the next command from the front of `input`.
  ///
  /// Returns nothing when the rest of the input holds no whole command; `input` is empty then and
  /// what it held is remembered. `now` is the client's standing at this point: call again only
  /// after the previous command was carried out.
  virtual std::optional<command> next(std::string_view& input, const standing& now) = 0;

  /// Whether `next` has commands to return that need no more input.
  virtual bool has_queued() const { return false; }

  /// What the answer to the command last returned depends on. Null: this protocol answers by
  /// `encode_reply`, without that.
  virtual const asking* asks() const { return nullptr; }
};

/// How a protocol finds out that a client is no longer there.
struct liveness_probe {
  std::chrono::seconds silence_before{0};  ///< Without input for so long, the client is asked;
  std::chrono::seconds silence_max{0};     ///< after so long its connection is closed.
};

/// One wire protocol. Immutable; one object serves all connections of a gateway.
class dialect {
 public:
  virtual ~dialect() = default;

  /// The name in options, logs and docs. Lives as long as the program.
  virtual std::string_view name() const = 0;

  /// Which of these events a reader of this class does not get.
  virtual delivery_policy policy(const event_batch& batch, reader_class reader) const = 0;

  /// How a reader of this class reads what it does itself, where `policy` says that it reads that
  /// in a form of its own.
  virtual reader_class own_class(reader_class reader) const { return reader; }

  /// Whether readers are told what members do beside speaking.
  virtual bool announces_members() const = 0;

  /// Whether names of rooms are the same when they differ only in the case of A-Z.
  virtual bool folds_names() const { return false; }

  /// Whether only operators may set the topic of a room that this dialect's clients make.
  virtual bool protects_topics() const { return false; }

  /// The nick of a client with this user name: a stem, which gets a number if it is taken. Nothing:
  /// the user name itself is the nick, and refused if it is taken.
  virtual std::optional<std::string> nick_stem(std::string_view user) const = 0;

  /// A decoder for a new connection.
  virtual std::unique_ptr<decoder> make_decoder() const = 0;

  /// Appends the reply to a command to `out`; nothing if the protocol has no such reply. `now` is
  /// the client's standing before the command took effect.
  virtual void encode_reply(const outcome& result, const standing& now, std::string& out) const = 0;

  /// Appends an answer to `out`, for dialects whose decoder `asks`.
  virtual void encode_answer(const answer_part&, const asking&, std::string&) const {}

  /// `out` is all that one request was answered: marks it as such if the client wanted that.
  virtual void mark_answers(const asking&, std::string&) const {}

  /// Appends the events to `out` as readers of this class get them; nothing for events that the
  /// protocol cannot express. Foreign names and texts are made safe: whatever they hold, a reader
  /// sees what happened, with the right author, and nothing else. A text may become several
  /// messages if the protocol has none that is long enough.
  virtual void encode_events(const event_batch& batch, reader_class reader,
                             std::string& out) const = 0;

  /// Appends what was said in a room before the client came in, as readers of this class get it.
  virtual void encode_replay(const history_page& said_before, reader_class reader,
                             std::string& out) const {
    for (const auto& each : said_before)
      encode_events(*each, reader, out);
  }

  /// Whether what a client hears of its own texts tells it that they were accepted.
  virtual bool echo_confirms() const { return false; }

  /// Appends the last thing that a client gets before the server closes its connection.
  virtual void encode_farewell(cut_reason, const standing&, std::string&) const {}

  /// Whether each line counts as a command, of which a client may send only so many a second.
  virtual bool counts_lines() const { return false; }

  /// When a silent client is asked whether it is there; nothing: never.
  virtual std::optional<liveness_probe> liveness() const { return std::nullopt; }

  /// Appends the question whether the client is there.
  virtual void encode_probe(std::string&) const {}
};

}  // namespace confab
