#include "tests/faults/cluster/speech.hpp"

#include <charconv>
#include <utility>

namespace confab::faults {

namespace {

using kind = told::kind;

constexpr char padding = 'x';

told strange(std::string_view words) {
  return {kind::strange, 0, std::string{words}, false};
}

/// A text of somebody, or what makes it strange.
told said(std::string_view author, std::string_view words) {
  if (const auto who = connection_named(author))
    return {kind::text, *who, std::string{words}, false};
  return strange(std::string{author} + " says " + std::string{words});
}

/// Takes what stands before `mark` from the beginning of `rest`, and the mark; all if there is
/// none.
std::string_view take(std::string_view& rest, std::string_view mark) {
  const auto found = rest.find(mark);
  const auto result = rest.substr(0, found);
  rest.remove_prefix(found == std::string_view::npos ? rest.size() : found + mark.size());
  return result;
}

/// A protocol of lines.
class lines : public speech {
 public:
  std::size_t read(std::string_view bytes, std::vector<told>& heard, std::string& reply) override {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos)
      return 0;
    auto line = bytes.substr(0, end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    hear(line, heard, reply);
    return end + 1;
  }

 private:
  virtual void hear(std::string_view line, std::vector<told>& heard, std::string& reply) = 0;
};

class tagged final : public lines {
 public:
  explicit tagged(bool sends) : sends_(sends) {}

  std::string greeting(const std::string& name) const override {
    return (sends_ ? "slogin:" : "rlogin:") + name + "\njoin:lobby\n";
  }

  std::string say(std::string_view text) const override {
    return "sendall:" + std::string{text} + '\n';
  }

 private:
  void hear(std::string_view line, std::vector<told>& heard, std::string&) override {
    auto rest = line;
    const auto tag = take(rest, ":");
    if (line == "ok:message sent") {
      heard.push_back({kind::accepted, 0, {}, false});
    } else if (line == "ok:welcome" || line == "ok:joined room lobby") {
      heard.push_back({kind::joined, 0, {}, false});
    } else if (line == "err:the server could not keep this") {
      heard.push_back({kind::refused, 0, {}, false});
    } else if (tag == "delivery") {
      take(rest, ":");
      const auto author = take(rest, ":");
      heard.push_back(said(author, rest));
    } else if (!line.starts_with("ok:logged in as ")) {
      heard.push_back(strange(line));
    }
  }

  bool sends_;
};

class oneroom final : public lines {
 public:
  std::string greeting(const std::string& name) const override { return name + '\n'; }
  std::string say(std::string_view text) const override { return std::string{text} + '\n'; }

 private:
  void hear(std::string_view line, std::vector<told>& heard, std::string&) override {
    if (!std::exchange(joined_, true))
      heard.push_back({kind::joined, 0, {}, false});
    auto rest = line;
    const auto author = take(rest, ":");
    heard.push_back(said(author, rest));
  }

  bool joined_ = false;
};

class framed final : public speech {
 public:
  std::string greeting(const std::string& name) const override {
    return frame(name) + asking_again();
  }

  /// The answer to an unknown command comes behind what `/join` has to say.
  std::string asking_again() const override { return frame("/join lobby") + frame("/joined"); }

  std::string say(std::string_view text) const override { return frame(text); }

  std::size_t read(std::string_view bytes, std::vector<told>& heard, std::string&) override {
    if (bytes.size() < frame_bytes)
      return 0;
    auto message = bytes.substr(0, frame_bytes);
    message = message.substr(0, message.find_last_not_of(' ') + 1);
    if (message.starts_with('[')) {
      auto rest = message.substr(1);
      const auto author = take(rest, "] ");
      heard.push_back(said(author, rest));
    } else if (message == "No channel named lobby exists. Try '/create lobby'?") {
      is_refused_ = true;
    } else if (message.starts_with("/joined is not a valid control message.")) {
      heard.push_back(
          {std::exchange(is_refused_, false) ? kind::again : kind::joined, 0, {}, false});
    } else if (!message.ends_with(" has joined") && !message.ends_with(" has left") &&
               message != "The server could not keep your message, so it may be lost.") {
      heard.push_back(strange(message));
    }
    return frame_bytes;
  }

 private:
  static constexpr std::size_t frame_bytes = 200;

  static std::string frame(std::string_view text) {
    std::string result{text};
    result.resize(frame_bytes, ' ');
    return result;
  }

  bool is_refused_ = false;
};

class irc final : public lines {
 public:
  std::string greeting(const std::string& name) const override {
    return "CAP REQ :echo-message\r\nNICK " + name + "\r\nUSER " + name +
           " 0 * :test\r\nCAP END\r\nJOIN #lobby\r\n";
  }

  std::string say(std::string_view text) const override {
    return "PRIVMSG #lobby :" + std::string{text} + "\r\n";
  }

 private:
  void hear(std::string_view line, std::vector<told>& heard, std::string& reply) override {
    auto rest = line;
    std::string_view source;
    if (rest.starts_with(':')) {
      rest.remove_prefix(1);
      source = take(rest, " ");
    }
    const auto nick = take(source, "!");
    const auto command = take(rest, " ");
    if (command == "PING") {
      reply += "PONG " + std::string{rest} + "\r\n";
    } else if (command == "PRIVMSG") {
      take(rest, ":");
      heard.push_back(said(nick, rest));
    } else if (command == "353") {
      take(rest, ":");
      while (!rest.empty())
        note(kind::came, take(rest, " "), true, heard);
    } else if (command == "366") {
      heard.push_back({kind::joined, 0, {}, false});
    } else if (command == "JOIN") {
      note(kind::came, nick, false, heard);
    } else if (command == "QUIT" || command == "PART") {
      note(kind::went, nick, false, heard);
    } else if (command == "FAIL" && rest.starts_with("PRIVMSG MESSAGE_NOT_STORED ")) {
      heard.push_back({kind::refused, 0, {}, false});
    } else if (!is_expected(command)) {
      heard.push_back(strange(line));
    }
  }

  static void note(kind what, std::string_view nick, bool listed, std::vector<told>& heard) {
    while (nick.starts_with('@') || nick.starts_with('+'))
      nick.remove_prefix(1);
    if (nick.empty() || nick.starts_with(onlooker_stem))
      return;
    if (const auto who = connection_named(nick))
      heard.push_back({what, *who, {}, listed});
    else
      heard.push_back(strange("of a nick " + std::string{nick}));
  }

  /// What comes after the login, and numbers that tell no mistake.
  static bool is_expected(std::string_view command) {
    return command == "CAP" || command == "MODE" || command == "NICK" || command == "ERROR" ||
           command == "422" ||
           (command.size() == 3 &&
            (command.front() == '0' || command.front() == '2' || command.front() == '3'));
  }
};

std::optional<std::uint32_t> number_at(std::string_view& rest) {
  std::uint32_t result = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), result);
  if (read.ec != std::errc{})
    return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
  return result;
}

}  // namespace

std::unique_ptr<speech> make_speech(dialect of) {
  switch (of) {
    case dialect::tagged_sender:
      return std::make_unique<tagged>(true);
    case dialect::tagged_receiver:
      return std::make_unique<tagged>(false);
    case dialect::oneroom:
      return std::make_unique<oneroom>();
    case dialect::framed:
      return std::make_unique<framed>();
    case dialect::irc:
      break;
  }
  return std::make_unique<irc>();
}

std::string name_of_connection(std::uint32_t connection) {
  return "c" + std::to_string(connection);
}

std::optional<std::uint32_t> connection_named(std::string_view name) {
  if (!name.starts_with('c'))
    return std::nullopt;
  name.remove_prefix(1);
  const auto result = number_at(name);
  return name.empty() || name.front() == '/' ? result : std::nullopt;
}

std::string words_of(const text_id& text, std::size_t bytes) {
  auto result = name_of_connection(text.author) + '.' + std::to_string(text.number) + '.';
  if (result.size() < bytes)
    result.resize(bytes, padding);
  return result;
}

std::optional<text_id> text_with(std::string_view words) {
  auto rest = words;
  if (!rest.starts_with('c'))
    return std::nullopt;
  rest.remove_prefix(1);
  const auto author = number_at(rest);
  if (!author || !rest.starts_with('.'))
    return std::nullopt;
  rest.remove_prefix(1);
  const auto number = number_at(rest);
  if (!number)
    return std::nullopt;
  const text_id result{*author, *number};
  return words_of(result, words.size()) == words ? std::optional{result} : std::nullopt;
}

}  // namespace confab::faults
