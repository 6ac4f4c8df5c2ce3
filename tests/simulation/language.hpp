#pragma once

#include "actors/dialect.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/history.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The client's side of a dialect: the one thing to write when the simulation is to speak another.
namespace confab::simulation {

/// What a client talks about.
struct words {
  std::string user;
  std::string room;
  std::string text;                   ///< Begins with a mark that no other text has: see `mark_of`.
  bool wants_more = false;            ///< The client asks for all that the protocol has.
  bool was_ruled = false;             ///< The client has asked to come in where operators rule.
  std::vector<std::string> met = {};  ///< Names of others as the client has seen them.
};

/// A request and its bytes.
struct draft {
  request meant;
  std::string bytes;
};

/// Where a client stands, as the model works it out.
struct position {
  bool logged_in = false;
  bool over = false;  ///< The server will not answer any more.
  role may = {};
  std::string user;
  std::string room;           ///< Empty: in none.
  bool room_is_known = true;  ///< False after a join whose answer was never seen.
};

/// What a request amounted to.
struct effect {
  enum class kind { nothing, entered, left, spoke, ended, listed };
  kind what = kind::nothing;
  std::string room;           ///< Of `entered`.
  bool is_uncertain = false;  ///< It may have been refused without a word.
  bool unkept = false;        ///< A text that was refused since it could not be kept.
  bool refused_room = false;  ///< `room` was refused because of the rooms that exist.
  std::string complaint;      ///< Why the answer is wrong; empty if it is right.
};

/// The replies that a client saw, one after the other.
class reply_reader {
 public:
  explicit reply_reader(const std::vector<sight>& sights) : sights_(sights) { skip(); }

  /// The next reply, or null if the client saw no more.
  const sight* peek() const { return next_ < sights_.size() ? &sights_[next_] : nullptr; }
  std::size_t index() const { return next_; }

  /// Takes the next reply. Returns null, and remembers it, if there is none.
  const sight* take() {
    const auto* found = peek();
    if (found == nullptr) {
      ran_out_ = true;
      return nullptr;
    }
    last_ = next_++;
    skip();
    return found;
  }

  bool ran_out() const { return ran_out_; }
  /// The index of the last reply taken.
  std::optional<std::size_t> last() const { return last_; }
  void forget_last() { last_.reset(); }

 private:
  void skip() {
    while (next_ < sights_.size() && sights_[next_].what != sight::kind::reply)
      ++next_;
  }

  const std::vector<sight>& sights_;
  std::size_t next_ = 0;
  std::optional<std::size_t> last_;
  bool ran_out_ = false;
};

/// The mark at the front of a text, which tells it from all others; empty if there is none.
inline std::string_view mark_of(std::string_view text) {
  const auto end = text.find(';');
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

/// One protocol as clients speak it. Knows what the documents say and nothing of the server's code.
class language {
 public:
  virtual ~language() = default;

  virtual std::string_view name() const = 0;

  /// The first word of the name: languages of one family take each other's texts as they are.
  std::string_view family() const { return name().substr(0, name().find(' ')); }

  /// The server's side.
  virtual std::shared_ptr<const dialect> make_dialect() const = 0;

  /// Puts a wish into bytes; more than one request if it needs a second to see the outcome of the
  /// first. `wanted` is the role of a login.
  virtual std::vector<draft> write(meaning wish, const words& about, role wanted,
                                   dice& random) const = 0;

  /// Takes the next message from the front of what the server sent, or nothing if it is not whole.
  virtual std::optional<sight> read(std::string_view& stream) const = 0;

  /// Works out what a request amounted to, with the replies that it had, and moves the client on.
  virtual effect follow(const request& what, position& where, reply_reader& replies,
                        const house_rules& rules) const = 0;

  /// The last word to a connection that is one too many.
  virtual std::optional<std::string> refusal() const = 0;

  /// A user name that this protocol can carry.
  virtual std::string user_name(std::size_t number, dice& random) const = 0;

  /// Whether the first thing that a client sends is its name, whatever it is.
  virtual bool first_is_name() const { return true; }

  /// Room names that its clients use, beside those that all can use.
  virtual std::vector<std::string> room_names() const { return {}; }

  /// How a reader of this language sees a name, and a text by somebody so named.
  virtual std::string shown_name(const std::string& user) const = 0;
  virtual bool shows_text(const std::string& text, const std::string& shown,
                          const std::string& user, bool same_language) const = 0;

  /// Whether a text by somebody so named, of that language, may be shown under this name.
  virtual bool shows_author(const std::string& user, const language& author,
                            const std::string& shown) const {
    static_cast<void>(author);
    return shown == shown_name(user);
  }

  /// Whether a reader gets what it said itself, and what others said under its user name.
  virtual bool hears_own_connection() const = 0;
  virtual bool hears_own_user() const = 0;
  /// Whether there are notices of who joined and left.
  virtual bool has_notices() const { return false; }
  /// Whether each join is answered by a message, before which there is no text of the room.
  virtual bool answers_joins() const { return false; }
  /// Whether clients have nicks, and can be in several rooms at once: see `model_nicks.hpp`.
  virtual bool has_nicks() const { return false; }
  /// A silent client is closed after so many seconds; 0: it is not.
  virtual double silence_seconds_max() const { return 0; }
  /// Whether its clients are closed when they may not come into their room, or not stay there.
  virtual bool ends_where_refused() const { return false; }
  /// What a client may want beside what it wants in all protocols.
  virtual std::vector<meaning> more_wishes() const { return {}; }
  /// The same for a client that rules where operators rule.
  virtual std::vector<meaning> wishes_of_operators() const { return {}; }
  /// Of whom a message speaks.
  virtual std::vector<std::string> names_in(const sight& seen) const { return {seen.author}; }
  /// Whether a message says that its reader rules where operators rule.
  virtual bool makes_operator(const sight&) const { return false; }
};

using language_ptr = std::shared_ptr<const language>;

/// All languages; `tagged` in both editions.
std::vector<language_ptr> all_languages();

language_ptr make_tagged_2022();
language_ptr make_tagged_2023();
language_ptr make_oneroom();
/// The one room is that where operators rule.
language_ptr make_ruled_oneroom();
language_ptr make_framed();
language_ptr make_irc();

/// The room in which operators change the rules and put others out. Not all protocols go there.
inline constexpr const char* ruled_room = "ruled";

}  // namespace confab::simulation
