#include "tests/real_clients/weechat_client.hpp"

namespace confab::test {

namespace {

/// What the person would have typed once. Of the two names of the option that turns TLS off, each
/// version knows one and says of the other that it does not.
std::string set_up(const std::string& nick, std::uint16_t port, const std::string& channel) {
  return "/set logger.file.flush_delay 0;"
         "/set irc.server_default.ssl off;/set irc.server_default.tls off;"
         "/server add conf 127.0.0.1/" +
         std::to_string(port) + " -nicks=" + nick +
         ";"
         "/set irc.server.conf.autojoin \"" +
         channel +
         "\";"
         "/set irc.server.conf.autoreconnect_delay 1;"
         "/connect conf";
}

}  // namespace

weechat_client::weechat_client(const temporary_folder& folder, const std::string& nick,
                               std::uint16_t port, const std::string& channel)
    : folder_(folder.file("weechat")), buffer_("irc.conf." + channel) {
  program_ = start_program(
      {"weechat-headless", "--dir", folder_, "-r", set_up(nick, port, channel)}, folder);
  channel_ =
      std::make_unique<fifo_client>(folder_ + "/weechat_fifo_" + std::to_string(program_->pid()),
                                    folder_ + "/logs/" + buffer_ + ".weechatlog");
  poll_until([&] { return heard().find("has joined " + channel) != std::string::npos; },
             "WeeChat in " + channel, [&] { return server_log() + program_->output(); });
}

void weechat_client::enter(std::string_view text) const {
  channel_->enter(buffer_ + " *" + std::string{text});
}

std::string weechat_client::server_log() const {
  return file_bytes(folder_ + "/logs/irc.server.conf.weechatlog");
}

}  // namespace confab::test
