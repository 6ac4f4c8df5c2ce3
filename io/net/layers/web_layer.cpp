#include "io/net/layers/web_layer.hpp"

#include "io/net/layers/forwarded_for.hpp"

#include <utility>

namespace confab {

namespace {

/// A few bytes ask for a large file: who asks for more than this at once is answered up to here and
/// then has to connect again.
constexpr std::size_t answer_bytes_max = 256UL * 1024;

}  // namespace

web_layer::web_layer(web_site_ptr site, std::string peer_address)
    : site_(std::move(site)),
      peer_address_(std::move(peer_address)),
      heads_(std::make_unique<http_head_reader>()) {}

layer_state web_layer::take(std::string_view bytes, layer_output& out) {
  if (state_ == layer_state::opening)
    take_requests(bytes, out);
  if (state_ == layer_state::open)
    take_frames(bytes, out);
  return state_;
}

void web_layer::take_requests(std::string_view& bytes, layer_output& out) {
  const auto down_before = out.down.size();
  while (state_ == layer_state::opening && !bytes.empty()) {
    switch (heads_->take(bytes)) {
      case http_head_reader::progress::more:
        return;
      case http_head_reader::progress::bad:
        refuse(out.down);
        return;
      case http_head_reader::progress::done:
        answer(heads_->request(), out.down.size() - down_before > answer_bytes_max, out.down);
    }
  }
}

void web_layer::answer(const http_request& request, bool is_last, std::string& down) {
  auto answer = site_->answer(request);
  const bool upgrades = answer.response.status == 101;
  if (is_last && !upgrades)
    answer.response.closes = true;
  append_response(answer.response, down);
  if (upgrades) {
    const auto& rules = site_->rules();
    if (contain(rules.trusted_proxies, peer_address_))
      client_address_ = forwarded_for(request.field("x-forwarded-for").value_or(""),
                                      rules.trusted_proxies, peer_address_);
    form_ = answer.form;
    heads_.reset();
    frames_ = std::make_unique<websocket_reader>(rules.message_bytes_max);
    state_ = layer_state::open;
  } else if (!answer.complaint.empty()) {
    complaint_ = std::move(answer.complaint);
    state_ = layer_state::broken;
  } else if (answer.response.closes) {
    state_ = layer_state::finished;
  }
}

void web_layer::refuse(std::string& down) {
  const auto body = std::string{heads_->problem()} + ".\n";
  auto response = web_site::refusal(heads_->status(), body);
  response.closes = true;
  append_response(response, down);
  complaint_ = "HTTP " + std::to_string(heads_->status()) + ": " + std::string{heads_->problem()};
  state_ = layer_state::broken;
}

void web_layer::take_frames(std::string_view bytes, layer_output& out) {
  state_ = frames_->take(bytes, out);
  if (state_ != layer_state::broken)
    return;
  close_is_said_ = true;
  complaint_ = "WebSocket " + std::string{frames_->complaint()};
}

layer_state web_layer::end_of_input(layer_output&) {
  if (state_ == layer_state::open) {
    was_cut_short_ = true;
    state_ = layer_state::input_ended;
  } else if (state_ == layer_state::opening) {
    state_ = layer_state::finished;
  }
  return state_;
}

void web_layer::finish(std::string& down) {
  if (!frames_ || close_is_said_)
    return;
  close_is_said_ = true;
  frames_->stop_answering();
  const bool peer_closed = state_ == layer_state::input_ended && !was_cut_short_;
  append_close(
      peer_closed ? frames_->peer_code() : static_cast<std::uint16_t>(close_code::going_away),
      down);
}

}  // namespace confab
