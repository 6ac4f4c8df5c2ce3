// IRC, as its clients know it: docs/dialects/irc.md.

#include "io/dialects/irc/irc.hpp"
#include "tests/simulation/irc_line.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/lines.hpp"
#include "tests/simulation/server.hpp"
#include "tests/simulation/shown.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace confab::simulation {

namespace {

/// Nicks that several clients want. Two of them are the same.
constexpr std::array popular_nicks = {"nA", "nB", "nC", "Na"};
constexpr const char* key = "sesame";
constexpr std::string_view capabilities =
    "server-time message-tags multi-prefix extended-join echo-message away-notify batch "
    "labeled-response";
constexpr std::size_t texts_at_once_max = 3;
/// A name of another protocol in a nick is no longer than this.
constexpr std::size_t foreign_base_bytes_max = 24;
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

bool is_high(char byte) {
  return static_cast<unsigned char>(byte) >= 0x80U;
}

/// How many bytes the character in front has, of those that texts of clients hold; 0: it is none.
std::size_t character_bytes(std::string_view text) {
  for (const std::string_view known : {"\xc3\xa9", "\xf0\x9f\x99\x82"})
    if (text.starts_with(known))
      return known.size();
  return is_high(text.front()) ? 0 : 1;
}

/// What another protocol's text looks like.
std::string foreign_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto bytes = character_bytes(text);
    const bool breaks_line =
        text.front() == '\r' || text.front() == '\n' || text.front() == '\0' || text.front() == 1;
    if (bytes == 0)
      result += replacement_character;
    else if (breaks_line)
      result += ' ';
    else
      result += text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return result;
}

/// A text that IRC can carry: one line of UTF-8.
std::string sendable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto bytes = character_bytes(text);
    const bool fits =
        bytes > 0 && text.front() != '\r' && text.front() != '\n' && text.front() != '\0';
    if (fits)
      result += text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return result;
}

class irc_language final : public language {
 public:
  std::string_view name() const override { return "irc"; }

  std::shared_ptr<const dialect> make_dialect() const override {
    irc::settings chosen;
    chosen.server_name = irc_server_name;
    chosen.now_ms = &simulated_time_ms;
    return irc::make_dialect(std::move(chosen));
  }

  /// Each wish is followed by a PING, whose answer comes after all that there is to say to it.
  std::vector<draft> write(meaning wish, const words& about, role, dice& random) const override {
    std::vector<draft> result;
    if (wish == meaning::say)
      write_texts(about, random, result);
    else
      result.push_back(write_one(wish, about, random));
    if (wish == meaning::quit)
      return result;
    const std::string mark{mark_of(about.text)};
    result.push_back({{.what = meaning::sync, .subject = mark}, "PING " + mark + "\r\n"});
    return result;
  }

  std::optional<sight> read(std::string_view& stream) const override {
    const auto whole = take_line(stream);
    if (!whole)
      return std::nullopt;
    if (!whole->ends_with('\r'))
      return sight{sight::kind::garbage, {}, {}, std::string{*whole}};
    auto seen = read_line(std::string{without_tags(whole->substr(0, whole->size() - 1))});
    seen.label = label_of(*whole);
    return seen;
  }

  /// Judged by `model_nicks.hpp`.
  effect follow(const request&, position&, reply_reader&, const house_rules&) const override {
    return {};
  }

  std::optional<std::string> refusal() const override {
    return "ERROR :Closing link: [The server is full]";
  }

  std::string user_name(std::size_t number, dice& random) const override {
    return random.chance(50) ? "i" + std::to_string(number) : random.one_of(popular_nicks);
  }

  std::vector<std::string> room_names() const override { return {ruled_room}; }

  std::string shown_name(const std::string& user) const override { return user; }

  bool shows_author(const std::string& user, const language& author,
                    const std::string& shown) const override {
    if (author.has_nicks())
      return shown == user;
    const auto base = in_a_nick(user);
    if (shown.starts_with(base + "/" + std::string{author.family()}))
      return true;
    // A long name is cut, and not inside of a character.
    const auto cut = shown.substr(0, shown.find('/'));
    return cut.size() + 4 > foreign_base_bytes_max && cut.size() <= foreign_base_bytes_max &&
           base.starts_with(cut) && shown.substr(cut.size() + 1).starts_with(author.family());
  }

  bool shows_text(const std::string& text, const std::string& shown, const std::string&,
                  bool same_language) const override {
    return shown == (same_language ? text : foreign_text(text));
  }

  bool hears_own_connection() const override { return false; }
  bool hears_own_user() const override { return true; }
  bool answers_joins() const override { return true; }
  bool has_nicks() const override { return true; }
  double silence_seconds_max() const override { return 150; }

  std::vector<meaning> more_wishes() const override {
    return {meaning::join,    meaning::join,    meaning::join,     meaning::leave,
            meaning::tell,    meaning::tell,    meaning::rule,     meaning::rule,
            meaning::rule,    meaning::kick,    meaning::invite,   meaning::topic,
            meaning::rename,  meaning::names,   meaning::nonsense, meaning::invite,
            meaning::invited, meaning::invited, meaning::watch,    meaning::watch,
            meaning::watched, meaning::was,     meaning::invite,   meaning::invite,
            meaning::invite,  meaning::invited, meaning::invite,   meaning::invited};
  }

  std::vector<meaning> wishes_of_operators() const override {
    return {meaning::kick,   meaning::kick,   meaning::kick,  meaning::rule,    meaning::rule,
            meaning::rule,   meaning::invite, meaning::join,  meaning::tell,    meaning::rename,
            meaning::topic,  meaning::names,  meaning::leave, meaning::entries, meaning::rule,
            meaning::invite, meaning::invite};
  }

  std::vector<std::string> names_in(const sight& seen) const override {
    std::vector<std::string> result{seen.author};
    if (seen.what != sight::kind::reply)
      return result;
    const auto line = parse_irc_line(seen.body);
    if (line.is("353"))
      result = names_of_roster(line.parameter(3));
    else if (line.is("730"))
      result = {line.parameter(1).substr(0, line.parameter(1).find('!'))};
    return result;
  }

  bool makes_operator(const sight& seen) const override {
    const auto line = parse_irc_line(seen.body);
    return seen.what == sight::kind::reply && line.is("353") &&
           line.parameter(2) == "#" + std::string{ruled_room} &&
           (has_word(line.parameter(3), "@" + line.parameter(0)) ||
            has_word(line.parameter(3), "@+" + line.parameter(0)));
  }

 private:
  static sight read_line(const std::string& line) {
    const auto parsed = parse_irc_line(line);
    if (parsed.source.empty() || parsed.source == irc_server_name)
      return sight{
          parsed.command == "PING" ? sight::kind::happened : sight::kind::reply, {}, {}, line};
    if (parsed.command != "PRIVMSG")
      return sight{sight::kind::happened, {}, parsed.nick(), line};
    if (parsed.parameters.size() != 2)
      return sight{sight::kind::garbage, {}, {}, line};
    const bool is_public = parsed.parameters[0].starts_with('#');
    return sight{is_public ? sight::kind::said : sight::kind::told,
                 parsed.parameters[0].substr(is_public ? 1 : 0), parsed.nick(),
                 parsed.parameters[1]};
  }

  /// The label stands in front of a line, among its tags.
  static std::string label_of(std::string_view line) {
    constexpr std::string_view tag = "label=";
    const auto tags = line.substr(0, line.starts_with('@') ? line.find(' ') : 0);
    const auto found = tags.find(tag);
    if (found == std::string_view::npos)
      return {};
    const auto value = tags.substr(found + tag.size());
    return std::string{value.substr(0, value.find(';'))};
  }

  static std::string_view without_tags(std::string_view line) {
    if (line.starts_with('@'))
      line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
    return line;
  }

  /// A name of another protocol, as a nick can carry it.
  static std::string in_a_nick(std::string_view name) {
    std::string result;
    while (!name.empty()) {
      const auto bytes = character_bytes(name);
      const bool fits = bytes > 1 || is_letter_or_digit(name.front()) || is_nick_sign(name.front());
      result += fits ? name.substr(0, bytes) : "_";
      name.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return result;
  }

  static bool has_word(const std::string& words, const std::string& word) {
    return (" " + words + " ").find(" " + word + " ") != std::string::npos;
  }

  static bool is_nick_sign(char byte) {
    return std::string_view{"-[]\\^{|}_`"}.find(byte) != std::string_view::npos;
  }

  /// Of somebody whom the client has met, or of anybody.
  static std::string some_nick(const words& about, dice& random) {
    if (!about.met.empty() && random.chance(50))
      return random.one_of(about.met);
    return random.chance(70) ? random.one_of(popular_nicks) : "i" + std::to_string(random.below(8));
  }

  /// Several at once, with nothing between them, may travel together.
  static void write_texts(const words& about, dice& random, std::vector<draft>& result) {
    const auto text = sendable(about.text);
    const auto mark = text.find(';');
    const auto count = random.chance(70) ? 1 : random.between(2, texts_at_once_max);
    const bool labelled = about.wants_more && random.chance(40);
    for (std::size_t i = 0; i < count; ++i) {
      auto one = text;
      if (i > 0)
        one.insert(mark, 1, static_cast<char>('a' + i));
      const auto label = labelled ? std::string{mark_of(one)} : "";
      auto line = (labelled ? "@label=" + label + " " : "") + "PRIVMSG #" + about.room + " :" +
                  one + "\r\n";
      result.push_back(
          {{.what = meaning::say, .subject = std::move(one), .room = about.room, .label = label},
           std::move(line)});
    }
  }

  static draft write_one(meaning wish, const words& about, dice& random) {
    request meant{.what = wish, .subject = {}, .room = about.room};
    auto line = compose(meant, about, random);
    return {std::move(meant), std::move(line) + "\r\n"};
  }

  static std::string compose(request& meant, const words& about, dice& random) {
    const auto channel = "#" + about.room;
    switch (meant.what) {
      case meaning::log_in:
        meant.subject = about.user;
        if (about.wants_more)
          return "CAP REQ :" + std::string{capabilities} + "\r\nNICK " + about.user +
                 "\r\nUSER u 0 * :Real\r\nCAP END";
        return "NICK " + about.user + "\r\nUSER u 0 * :Real";
      case meaning::rename:
        meant.subject = random.chance(50) ? about.user : random.one_of(popular_nicks);
        if (random.chance(10))
          meant.subject.resize(random.between(irc_nick_bytes_max, irc_nick_bytes_max + 1), 'x');
        return "NICK " + meant.subject;
      case meaning::create:
        meant.what = meaning::join;
        [[fallthrough]];
      case meaning::join:
        if (random.chance(30))
          meant.subject = key;
        return "JOIN " + channel + " " + meant.subject;
      case meaning::leave:
        return "PART " + channel + (random.chance(50) ? " :bye" : "");
      case meaning::tell:
        meant.target = some_nick(about, random);
        meant.subject = sendable(about.text);
        return "PRIVMSG " + meant.target + " :" + meant.subject;
      case meaning::rule:
        return compose_rule(meant, about, random);
      case meaning::kick:
        meant.room = ruled_room;
        meant.target =
            random.chance(80) ? some_nick(about, random) : std::string{random.one_of(tagged_nicks)};
        return "KICK #" + meant.room + " " + meant.target + " :out";
      case meaning::invite:
        // Whom it has met is there already, most times.
        meant.target = random.chance(30) ? random.one_of(popular_nicks) : some_nick(about, random);
        return "INVITE " + meant.target + " " + channel;
      case meaning::invited:
        return "INVITE";
      case meaning::was:
        return "WHOWAS *";
      case meaning::watch:
        return "MONITOR " + compose_watch(meant, random);
      case meaning::watched:
        return "MONITOR L";
      case meaning::entries:
        meant.room = ruled_room;
        return std::string{"MODE #"} + ruled_room + " b";
      case meaning::topic:
        meant.subject = std::string{mark_of(about.text)};
        return "TOPIC " + channel + " :" + meant.subject;
      case meaning::names:
      case meaning::list:
        meant.what = meaning::names;
        return "NAMES " + channel;
      case meaning::quit:
        return "QUIT :bye";
      default:
        meant.what = meaning::nonsense;
        meant.subject = "FOO";
        return "FOO bar";
    }
  }

  static std::string compose_watch(request& meant, dice& random) {
    meant.subject = random.chance(10) ? "C" : random.chance(25) ? "- " : "+ ";
    if (meant.subject == "C")
      return meant.subject;
    const auto count = random.between(1, 3);
    for (std::size_t i = 0; i < count; ++i)
      meant.subject += (i > 0 ? "," : "") + std::string{random.one_of(popular_nicks)};
    return meant.subject;
  }

  static std::string compose_rule(request& meant, const words& about, dice& random) {
    meant.room = ruled_room;
    constexpr std::array changes = {"+m", "+m",        "+m",        "-m", "+b *!*@*", "+b *!*@*",
                                    "+i", "-b *!*@*",  "+l 2",      "-l", "-i",       "+o",
                                    "+v", "+k sesame", "-k sesame", "-v", "-o"};
    // Nobody matches these: they only fill the lists.
    constexpr std::array fillers = {"+b zz1!*@*", "+b zz2!*@*", "+e zz3!*@*",
                                    "+I zz4!*@*", "-b zz1!*@*", "-e zz3!*@*"};
    meant.subject = random.chance(75) ? random.one_of(changes) : random.one_of(fillers);
    const bool about_somebody = meant.subject[1] == 'o' || meant.subject[1] == 'v';
    if (about_somebody)
      meant.target = some_nick(about, random);
    return "MODE #" + meant.room + " " + meant.subject + (about_somebody ? " " + meant.target : "");
  }

  static constexpr std::array tagged_nicks = {"A/tagged", "B/tagged", "C/tagged", "A/tagged2"};
};

}  // namespace

language_ptr make_irc() {
  return std::make_shared<irc_language>();
}

}  // namespace confab::simulation
