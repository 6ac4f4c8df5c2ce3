#include "io/cluster/cluster_doorman.hpp"

#include "io/cluster/tls_scribe.hpp"
#include "io/net/peer_address.hpp"

#include <utility>
#include <variant>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

namespace network = caf::io::network;

namespace {

constexpr std::chrono::milliseconds deadline_check_span{500};

}  // namespace

cluster_doorman::cluster_doorman(network::default_multiplexer& loop, network::native_socket fd,
                                 mutual_tls_ptr context, complain on_refusal)
    : tcp_doorman(loop, fd, tcp_settings{}, nullptr, 0),
      context_(std::move(context)),
      on_refusal_(std::move(on_refusal)),
      timer_(loop, deadline_check_span, [this] { check_deadlines(); }) {}

void cluster_doorman::on_connected(network::native_socket fd) {
  file_descriptor accepted{fd};
  if (!context_) {
    prepare_cluster_socket(fd);
    give({std::move(accepted), nullptr});
    return;
  }
  if (opening_.size() >= openings_max)
    abandon_oldest();
  const auto where = opening_.emplace(opening_.end());
  // The doorman may end before the call comes: it abandons whatever is opening then.
  *where = opening_socket::accept(
      loop(), std::move(accepted), context_,
      [this, where, address = peer_address_of(fd)](opening_socket::ending result) {
        forget(where);
        if (auto* opened = std::get_if<opened_socket>(&result))
          give(std::move(*opened));
        else
          on_refusal_(address, std::get<std::string>(result));
      });
  timer_.start();
}

void cluster_doorman::give(opened_socket opened) {
  if (!detached())
    give_to_broker(make_cluster_scribe(loop(), std::move(opened)));
}

void cluster_doorman::forget(places::iterator where) {
  opening_.erase(where);
  if (opening_.empty())
    timer_.stop();
}

void cluster_doorman::abandon_oldest() {
  opening_.front()->abandon();
  forget(opening_.begin());
}

void cluster_doorman::check_deadlines() {
  const auto begun_at_latest = opening_socket::clock::now() - opening_max;
  while (!opening_.empty() && opening_.front()->begun() <= begun_at_latest)
    abandon_oldest();
}

void cluster_doorman::graceful_shutdown() {
  while (!opening_.empty())
    abandon_oldest();
  tcp_doorman::graceful_shutdown();
}

}  // namespace confab
