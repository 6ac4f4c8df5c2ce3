#pragma once

#include "io/cluster/opening_socket.hpp"

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/scribe.hpp>

namespace confab {

/// What CAF reads and writes an open connection between nodes with.
///
/// An encrypted one takes CAF's own way of reading and writing, but for the two calls that do it.
/// `caf_openssl` is not used: it reads the files of the certificate for each connection and ends
/// the process if they are not there, and a peer that connects and says nothing keeps it busy.
caf::io::scribe_ptr make_cluster_scribe(caf::io::network::default_multiplexer& loop,
                                        opened_socket opened);

}  // namespace confab
