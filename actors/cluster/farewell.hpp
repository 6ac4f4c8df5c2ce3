#pragma once

#include "actors/cluster/wire.hpp"

#include <string>
#include <utility>

/// The last news of a node that ends in order.
namespace confab {

/// What a farewell is of: no client of a node has such a number there.
inline constexpr remote_client whole_node{first_peer_gateway, 0};

/// All clients of the node have gone, and now it goes itself. To a node of an older release this
/// is the departure of a client that it does not know, which means nothing: so no new kind of news
/// is needed, and the version of the wire stays.
inline client_went farewell(std::string reason) {
  return {whole_node, std::move(reason)};
}

inline bool is_farewell(const client_went& news) {
  return news.id == whole_node;
}

}  // namespace confab
