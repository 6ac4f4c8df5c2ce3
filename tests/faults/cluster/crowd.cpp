#include "tests/faults/cluster/crowd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace confab::faults {

namespace {

constexpr span retry{100};
constexpr std::size_t window_bytes_max = 64 * 1024;

}  // namespace

crowd::crowd(const cluster& servers, run_clock& clock, run_log& log, std::vector<seat> seats,
             std::size_t text_bytes)
    : servers_(servers), clock_(clock), log_(log), text_bytes_(text_bytes) {
  for (const auto& each : seats)
    clients_.emplace_back().place = each;
}

crowd::~crowd() {
  for (const auto& each : clients_)
    if (each.socket >= 0)
      ::close(each.socket);
}

bool crowd::all_joined() const {
  return std::all_of(clients_.begin(), clients_.end(), [this](const client& each) {
    return each.is_connected && log_.connections[each.connection].joined;
  });
}

void crowd::step(span most) {
  for (auto& each : clients_)
    act(each);
  std::vector<pollfd> waiting;
  for (const auto& each : clients_) {
    const bool writes = !each.is_connected || !each.output.empty();
    waiting.push_back({each.socket, static_cast<short>(POLLIN | (writes ? POLLOUT : 0)), 0});
  }
  if (::poll(waiting.data(), waiting.size(), static_cast<int>(most.count())) <= 0)
    return;
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    auto& each = clients_[i];
    if (each.socket < 0 || waiting[i].revents == 0)
      continue;
    if (!each.is_connected)
      finish_opening(each);
    else
      read(each);
    write(each);
  }
}

void crowd::act(client& who) {
  const auto now = clock_.now();
  if (who.socket < 0) {
    if (now >= who.next_try)
      open(who);
    return;
  }
  if (!who.is_connected)
    return;
  if (who.asks_again && now >= who.next_try) {
    who.asks_again = false;
    who.output += who.language->asking_again();
  }
  if (speaks_ && speaks(who.place.speech) && log_of(who).joined) {
    if (who.place.window > 0) {
      while (who.unanswered.size() < who.place.window && who.output.size() < window_bytes_max)
        say(who);
    } else if (now >= who.next_text) {
      who.next_text = now + who.place.pause;
      say(who);
    }
  }
  write(who);
}

void crowd::say(client& who) {
  auto& log = log_of(who);
  const auto number = static_cast<std::uint32_t>(log.said.size());
  who.output += who.language->say(words_of({who.connection, number}, text_bytes_));
  log.said.push_back({clock_.next(), {}, false});
  if (is_answered(who.place.speech))
    who.unanswered.push_back(number);
}

void crowd::open(client& who) {
  who.next_try = clock_.now() + retry;
  who.socket = servers_.connect(who.place.node, who.place.speech);
  who.is_connected = false;
}

void crowd::finish_opening(client& who) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(who.socket, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    ::close(std::exchange(who.socket, -1));
    return;
  }
  who.is_connected = true;
  who.asks_again = false;
  who.language = make_speech(who.place.speech);
  who.connection = static_cast<std::uint32_t>(log_.connections.size());
  auto& log = log_.connections.emplace_back();
  log.node = who.place.node;
  log.speech = who.place.speech;
  who.output = who.language->greeting(name_of_connection(who.connection));
  // In this protocol, what tells a client that it is in the room is what is said there.
  if (who.place.speech == dialect::oneroom)
    say(who);
}

void crowd::close(client& who) {
  ::close(std::exchange(who.socket, -1));
  log_of(who).lost = clock_.next();
  who.next_try = clock_.now() + retry;
  who.input.clear();
  who.output.clear();
  who.unanswered.clear();
  who.guests.clear();
}

void crowd::write(client& who) {
  if (who.socket < 0 || !who.is_connected || who.output.empty())
    return;
  const auto sent = ::send(who.socket, who.output.data(), who.output.size(), MSG_NOSIGNAL);
  if (sent > 0)
    who.output.erase(0, static_cast<std::size_t>(sent));
  // That the connection has ended is read, behind all that came before.
  else if (errno != EAGAIN && errno != EINTR)
    who.output.clear();
}

void crowd::read(client& who) {
  std::array<char, 65536> buffer;
  const auto got = ::recv(who.socket, buffer.data(), buffer.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (got <= 0) {
    close(who);
    return;
  }
  who.input.append(buffer.data(), static_cast<std::size_t>(got));
  std::string_view rest = who.input;
  heard_.clear();
  while (const auto size = who.language->read(rest, heard_, who.output))
    rest.remove_prefix(size);
  who.input.erase(0, who.input.size() - rest.size());
  for (const auto& each : heard_)
    take_in(who, each);
}

void crowd::take_in(client& who, const told& what) {
  switch (what.what) {
    case told::kind::joined:
      if (!log_of(who).joined)
        log_of(who).joined = clock_.next();
      break;
    case told::kind::again:
      who.asks_again = true;
      who.next_try = clock_.now() + retry;
      break;
    case told::kind::text:
      take_text(who, what);
      break;
    case told::kind::accepted:
    case told::kind::refused:
      answer(who, what.what == told::kind::accepted);
      break;
    case told::kind::came:
    case told::kind::went:
      note_guest(who, what);
      break;
    case told::kind::strange:
      log_of(who).strange.push_back(what.words);
      break;
  }
}

void crowd::take_text(client& who, const told& what) {
  const auto text = text_with(what.words);
  if (!text || text->author != what.who || what.words != words_of(*text, text_bytes_)) {
    log_of(who).strange.push_back(name_of_connection(what.who) + " says " + what.words);
    return;
  }
  log_of(who).seen.push_back({*text, clock_.next()});
  if (text->author != who.connection)
    return;
  // An author hears its own texts in the order in which it said them: what it does not hear in
  // between was refused, in a protocol that cannot say so.
  while (!who.unanswered.empty() && who.unanswered.front() < text->number)
    who.unanswered.pop_front();
  if (!who.unanswered.empty() && who.unanswered.front() == text->number)
    answer(who, true);
}

void crowd::answer(client& who, bool accepted) {
  if (who.unanswered.empty()) {
    log_of(who).strange.push_back("an answer to nothing");
    return;
  }
  auto& text = log_of(who).said[who.unanswered.front()];
  who.unanswered.pop_front();
  if (accepted)
    text.accepted = clock_.next();
  else
    text.refused = true;
}

void crowd::note_guest(client& who, const told& what) {
  auto& log = log_of(who);
  const auto found = who.guests.find(what.who);
  const bool is_here = found != who.guests.end();
  if (what.what == told::kind::came) {
    if (is_here && !what.listed)
      log.strange.push_back(name_of_connection(what.who) + " comes, and is here already");
    if (is_here)
      return;
    who.guests.emplace(what.who, log.stays.size());
    log.stays.push_back({what.who, clock_.next(), {}});
    return;
  }
  if (!is_here) {
    log.strange.push_back(name_of_connection(what.who) + " goes, and is not here");
    return;
  }
  log.stays[found->second].to = clock_.next();
  who.guests.erase(found);
}

}  // namespace confab::faults
