#include "apps/clients/conversation/chat_loop.hpp"

#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/report.hpp"

#include <array>
#include <unistd.h>
#include <utility>

namespace confab::client {
namespace {

// No input is taken while this much waits for the server to take it.
constexpr std::size_t outbox_bytes_max = std::size_t{64} * 1024;

}  // namespace

chat_loop::chat_loop(connection made, chat_session& session, chat_prompts prompts)
    : connection_(std::move(made)),
      session_(session),
      screen_(prompts, connection_.descriptor()),
      outbox_(session.opening()) {}

chat_result chat_loop::run() {
  flush_outbox();
  check_output(screen_.ask());
  while (!result_) {
    wait();
    send_input();
  }
  if (result_->end != chat_end::output_failed && !screen_.withdraw())
    return {chat_end::output_failed, {}};
  return *result_;
}

// As long as the server takes it; the rest waits, and no more input is read.
void chat_loop::send_input() {
  bool more = true;
  while (more && !result_) {
    while (more && !result_ && outbox_.size() < outbox_bytes_max)
      more = take_line();
    flush_outbox();
    if (!outbox_.empty())
      return;
  }
  if (!result_ && !sending_finished_ && screen_.input().ended()) {
    connection_.finish_sending();
    sending_finished_ = true;
  }
}

bool chat_loop::take_line() {
  const auto input = screen_.input().next();
  if (!input)
    return false;
  const auto step = session_.on_input(*input);
  if (step.complaint)
    screen_.complain(*step.complaint);
  outbox_ += step.request.value_or("");
  check_output(screen_.ask());
  return true;
}

void chat_loop::flush_outbox() {
  connection_.flush();
  while (!outbox_.empty()) {
    const auto taken = connection_.send_some(outbox_);
    outbox_.erase(0, taken);
    if (taken == 0)
      return;
  }
}

// Waits for whatever comes first, and takes what has arrived: from the server before the input, so
// that the server's end counts first. Wakes up also when nobody reads the output any more.
void chat_loop::wait() {
  const bool wants_input = outbox_.empty() && !screen_.input().ended();
  const bool wants_to_send = !outbox_.empty() || connection_.has_unsent();
  std::array watched{pollfd{connection_.descriptor(),
                            static_cast<short>(POLLIN | (wants_to_send ? POLLOUT : 0)), 0},
                     pollfd{wants_input ? screen_.input().descriptor() : -1, POLLIN, 0},
                     pollfd{screen_.input().signal_descriptor(), POLLIN, 0},
                     pollfd{STDOUT_FILENO, 0, 0}};
  wait_for(watched);
  if (watched[2].revents != 0)
    screen_.input().on_signal();
  if ((watched[3].revents & POLLERR) != 0) {
    report("cannot write to standard output: nobody reads it");
    end(chat_end::output_failed);
    return;
  }
  if ((watched[0].revents & ~POLLOUT) != 0)
    receive();
  if (!result_ && watched[1].revents != 0)
    screen_.input().on_readable();
}

void chat_loop::receive() {
  session_.push(connection_.receive());
  std::vector<std::string> messages;
  while (auto step = session_.next()) {
    if (step->output)
      messages.push_back(std::move(*step->output));
    if (step->exit_code) {
      show(messages);
      end(chat_end::refused, step->complaint.value_or(""));
      return;
    }
    if (step->complaint) {
      show(messages);  // what came first is shown first
      screen_.complain(*step->complaint);
    }
  }
  show(messages);
  if (!result_ && connection_.ended())
    on_closed();
}

void chat_loop::show(std::vector<std::string>& messages) {
  check_output(screen_.show(messages));
  messages.clear();
}

void chat_loop::on_closed() {
  if (!sending_finished_ || connection_.failed())
    end(chat_end::server_gone, connection_.ending());
  else if (auto refusal = session_.refusal(); refusal.empty())
    end(chat_end::finished);
  else
    end(chat_end::refused, std::move(refusal));
}

// What ends it first counts.
void chat_loop::end(chat_end how, std::string reason) {
  if (!result_)
    result_ = chat_result{how, std::move(reason)};
}

void chat_loop::check_output(bool written) {
  if (!written)
    end(chat_end::output_failed);
}

}  // namespace confab::client
