#pragma once

#include "apps/bench/protocol_adapter.hpp"

#include <memory>

namespace confab::bench {

/// docs/dialects: tag:payload lines. A text's answer is the server's `ok:`.
std::unique_ptr<protocol_adapter> make_tagged();

/// One room for everybody, lines of text. No replies exist: a text's answer is its own echo.
std::unique_ptr<protocol_adapter> make_oneroom();

/// Messages of 200 bytes. No replies exist: a text's answer is its arrival at the room's first
/// receiver.
std::unique_ptr<protocol_adapter> make_framed();

/// Redis publish/subscribe (RESP2). A text's answer is PUBLISH's integer reply.
std::unique_ptr<protocol_adapter> make_redis();

/// NATS core publish/subscribe. The senders connect with `"verbose":true`, so that the server
/// answers each PUB with +OK; without it a PUB has no answer and no window could be kept. The
/// receivers connect with `"verbose":false`.
std::unique_ptr<protocol_adapter> make_nats();

/// IRC. A PRIVMSG to a channel has no answer, so each is followed by a PING in the same write, and
/// the PONG is the answer. The senders stay outside of the channel (which must not be +n), so that
/// they get no texts, as in the publish/subscribe protocols.
std::unique_ptr<protocol_adapter> make_irc();
std::unique_ptr<protocol_adapter> make_irc_with_tags();

}  // namespace confab::bench
