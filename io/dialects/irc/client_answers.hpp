#pragma once

#include "actors/model/answers.hpp"
#include "io/dialects/irc/reply.hpp"

/// Answers about clients.
namespace confab::irc {

/// Appends all of WHOIS about one client, with its end.
void append_whois(const whois_answer& answer, const reply& to);

/// Appends 318, the end of WHOIS, for what was asked.
void append_end_of_whois(const reply& to);

/// Appends all of WHOWAS, with its end.
void append_whowas(const whowas_answer& answer, const reply& to);

/// Appends 406 and the end of WHOWAS: nobody had the nick that was asked about.
void append_no_whowas(const reply& to);

/// Appends 303 if ISON was asked, and 302, for USERHOST, otherwise.
void append_present(const present_answer& answer, const reply& to);

/// Appends what WHO with a mask is answered with.
void append_who(const who_answer& answer, const reply& to);

/// Appends the channels that the client was invited to.
void append_invitations(const invitations_answer& answer, const reply& to);

/// Appends 341: somebody was invited.
void append_invited(const invited_answer& answer, const reply& to);

/// Appends 301: who was told something is away.
void append_away(const away_answer& answer, const reply& to);

/// Appends what MONITOR tells of watched nicks.
void append_online(const online_answer& answer, const reply& to);
void append_offline(const offline_answer& answer, const reply& to);
void append_watched(const watched_answer& answer, const reply& to);

}  // namespace confab::irc
