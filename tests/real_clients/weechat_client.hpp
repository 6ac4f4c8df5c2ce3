#pragma once

#include "tests/real_clients/fifo_client.hpp"
#include "tests/real_clients/sandbox.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace confab::test {

/// WeeChat without a screen: it speaks what is written into its named pipe, and its log file of the
/// channel holds what a person would see there.
class weechat_client {
 public:
  /// Connects to 127.0.0.1, joins `channel` by itself and waits until it is in there.
  weechat_client(const temporary_folder& folder, const std::string& nick, std::uint16_t port,
                 const std::string& channel);

  /// Types `text`, which may be one of its commands, in the channel.
  void enter(std::string_view text) const;
  /// The channel's log: a line is a time, the nick with its prefix, and the text, between tabs.
  std::string heard() const { return channel_->heard(); }
  /// Waits until the log has `text`, so many times.
  void wait_for(const std::string& text, std::size_t times = 1) const {
    channel_->wait_for(text, times);
  }
  /// Waits until the text of `nick` is in the log.
  void wait_for_text(const std::string& nick, const std::string& text) const {
    wait_for(nick + "\t" + text);
  }
  /// The log of the server's own window.
  std::string server_log() const;

 private:
  std::string folder_;
  std::string buffer_;
  std::unique_ptr<process> program_;
  std::unique_ptr<fifo_client> channel_;
};

}  // namespace confab::test
