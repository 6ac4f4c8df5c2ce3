#pragma once

#include "apps/clients/common/connection.hpp"
#include "apps/clients/conversation/chat_screen.hpp"
#include "apps/clients/conversation/chat_session.hpp"

#include <optional>
#include <string>
#include <vector>

namespace confab::client {

/// How a conversation ended.
enum class chat_end {
  finished,      ///< the input had ended, and the server closed after all answers
  refused,       ///< the server refused the client, or did not do what was asked of it
  server_gone,   ///< the server closed before the input ended, or the connection broke
  output_failed  ///< nobody reads the output; reported already
};

/// The end of a conversation. The prompt is off the screen then.
struct chat_result {
  chat_end end;
  std::string reason;  ///< for the user, in one line, of `refused` and `server_gone`
};

/// A conversation over one connection: moves bytes between the server, a chat_session and the
/// screen. Reads the server also while it cannot send, so that no two sides wait for each other.
class chat_loop {
 public:
  /// `session` outlives the loop.
  chat_loop(connection made, chat_session& session, chat_prompts prompts);

  /// Runs to the end. When the input ends, the sending side is closed (the server sees that nothing
  /// more will come), and what the server still says is shown until it closes.
  [[nodiscard]] chat_result run();

 private:
  void send_input();
  bool take_line();
  void flush_outbox();
  void wait();
  void receive();
  void show(std::vector<std::string>& messages);
  void on_closed();
  void end(chat_end how, std::string reason = {});
  void check_output(bool written);

  connection connection_;
  chat_session& session_;
  chat_screen screen_;
  std::string outbox_;
  bool sending_finished_ = false;
  std::optional<chat_result> result_;
};

}  // namespace confab::client
