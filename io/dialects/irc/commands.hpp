#pragma once

/// What each command becomes. docs/dialects/irc.md tells what they mean.
namespace confab::irc {

class request;

// Channels.
void handle_invite(request& asked);
void handle_join(request& asked);
void handle_kick(request& asked);
void handle_list(request& asked);
void handle_mode(request& asked);
void handle_names(request& asked);
void handle_part(request& asked);
void handle_topic(request& asked);

// Texts.
void handle_notice(request& asked);
void handle_privmsg(request& asked);
void handle_tagmsg(request& asked);
void handle_wallops(request& asked);

// What was said.
void handle_chathistory(request& asked);
void handle_markread(request& asked);
void handle_redact(request& asked);
void handle_search(request& asked);

// Clients.
void handle_away(request& asked);
void handle_ison(request& asked);
void handle_kill(request& asked);
void handle_monitor(request& asked);
void handle_oper(request& asked);
void handle_quit(request& asked);
void handle_setname(request& asked);
void handle_userhost(request& asked);
void handle_who(request& asked);
void handle_whois(request& asked);
void handle_whowas(request& asked);

// The server. `handle_help` is in help.hpp, those before the login in registration.hpp.
void handle_admin(request& asked);
void handle_info(request& asked);
void handle_links(request& asked);
void handle_lusers(request& asked);
void handle_motd(request& asked);
void handle_ping(request& asked);
void handle_pong(request& asked);
void handle_rehash(request& asked);
void handle_stats(request& asked);
void handle_time(request& asked);
void handle_version(request& asked);

}  // namespace confab::irc
