#include "io/net/layers/tls_layer.hpp"

#include "io/net/layers/tls_complaints.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <utility>

namespace confab {

namespace {

/// More than the certificates of any server, and far more than a client says.
constexpr std::size_t handshake_bytes_max = 64UL * 1024;

ssl_st* make_connection(const tls_context& context, tls_wire& wire) {
  auto* connection = ::SSL_new(context.native());
  auto* bio = connection != nullptr ? make_wire_bio(context.wire_method(), wire) : nullptr;
  if (bio == nullptr) {
    ::SSL_free(connection);
    throw std::bad_alloc{};
  }
  ::SSL_set_bio(connection, bio, bio);
  return connection;
}

/// Whom a client wants to speak to: it must be in the certificate, and a name is also said first
/// (SNI). An address is not, as RFC 6066 demands.
void expect_host(ssl_st* connection, const std::string& host) {
  if (::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(connection), host.c_str()) == 1)
    return;
  ::ERR_clear_error();
  ::SSL_set_hostflags(connection, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  ::SSL_set1_host(connection, host.c_str());
  SSL_set_tlsext_host_name(connection, host.c_str());
}

}  // namespace

void tls_layer::connection_free::operator()(ssl_st* connection) const noexcept {
  ::SSL_free(connection);
}

tls_layer::tls_layer(tls_context_ptr context)
    : context_(std::move(context)), connection_(make_connection(*context_, wire_)) {
  assert(context_->is_server());
  ::SSL_set_accept_state(connection_.get());
}

tls_layer::tls_layer(tls_context_ptr context, const std::string& host, const tls_session& resumed)
    : context_(std::move(context)), connection_(make_connection(*context_, wire_)) {
  assert(!context_->is_server());
  ::SSL_set_connect_state(connection_.get());
  expect_host(connection_.get(), host);
  if (resumed)
    ::SSL_set_session(connection_.get(), resumed.get());
  ::ERR_clear_error();
}

tls_layer::~tls_layer() = default;

layer_state tls_layer::take(std::string_view bytes, layer_output& out) {
  if (state_ != layer_state::opening && state_ != layer_state::open)
    return state_;  // What follows a close_notify is not read.
  if (started_ < start_bytes && !bytes.empty())
    check_start(bytes);
  if (state_ == layer_state::broken)
    return state_;
  const bool was_opening = state_ == layer_state::opening;
  wire_ = {bytes, &out.down};
  read_all(out.up);
  wire_ = {};
  if (was_opening && state_ == layer_state::opening) {
    handshake_bytes_ += static_cast<std::uint32_t>(bytes.size());
    if (handshake_bytes_ > handshake_bytes_max)
      break_up("the TLS handshake is too long");
  }
  return state_;
}

void tls_layer::check_start(std::string_view bytes) {
  const auto count = std::min(bytes.size(), start_bytes - started_);
  std::copy_n(bytes.begin(), count, start_.begin() + started_);
  started_ = static_cast<std::uint8_t>(started_ + count);
  const auto problem = complaint_about_start({start_.data(), started_}, context_->is_server());
  if (!problem.empty())
    break_up(std::string{problem}, tls_failure::not_tls);
}

void tls_layer::read_all(std::string& up) {
  std::array<char, SSL3_RT_MAX_PLAIN_LENGTH>
      piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): large
  std::size_t count = 0;
  int outcome = 0;
  ::ERR_clear_error();  // The queue of errors belongs to the thread, not to this connection.
  while ((outcome = ::SSL_read_ex(connection_.get(), piece.data(), piece.size(), &count)) == 1)
    up.append(piece.data(), count);
  on_no_more(outcome);
}

void tls_layer::on_no_more(int outcome) {
  switch (::SSL_get_error(connection_.get(), outcome)) {
    case SSL_ERROR_WANT_READ:
      if (state_ == layer_state::opening && ::SSL_is_init_finished(connection_.get()) == 1)
        state_ = layer_state::open;
      return;
    case SSL_ERROR_ZERO_RETURN:
      state_ = layer_state::input_ended;
      return;
    default:
      break_up(tls_complaint(connection_.get(), context_->is_server()),
               certificate_failure(connection_.get()));
  }
}

layer_state tls_layer::end_of_input(layer_output&) {
  if (state_ == layer_state::opening && started_ == 0) {
    state_ = layer_state::finished;
  } else if (state_ == layer_state::opening) {
    break_up("the connection ended within the TLS handshake");
  } else if (state_ == layer_state::open) {
    was_cut_short_ = true;
    state_ = layer_state::input_ended;
  }
  return state_;
}

void tls_layer::seal(std::string_view plain, std::string& down) {
  assert(state_ != layer_state::opening);
  if (plain.empty() || state_ == layer_state::broken)
    return;
  wire_ = {{}, &down};
  std::size_t taken = 0;
  const int outcome = ::SSL_write_ex(connection_.get(), plain.data(), plain.size(), &taken);
  assert(outcome == 1 || (::SSL_get_shutdown(connection_.get()) & SSL_SENT_SHUTDOWN) != 0);
  if (outcome != 1)
    ::ERR_clear_error();
  wire_ = {};
}

void tls_layer::finish(std::string& down) {
  const bool is_said = (::SSL_get_shutdown(connection_.get()) & SSL_SENT_SHUTDOWN) != 0;
  if (state_ == layer_state::opening || state_ == layer_state::broken || is_said)
    return;
  wire_ = {{}, &down};
  ::ERR_clear_error();
  ::SSL_shutdown(connection_.get());
  ::ERR_clear_error();
  wire_ = {};
}

void tls_layer::break_up(std::string why, tls_failure failure) {
  failure_ = failure;
  state_ = layer_state::broken;
  complaint_ = std::move(why);
}

std::string_view tls_layer::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  ::SSL_get0_alpn_selected(connection_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string_view tls_layer::asked_host() const {
  const auto* name = ::SSL_get_servername(connection_.get(), TLSEXT_NAMETYPE_host_name);
  return name != nullptr ? name : std::string_view{};
}

std::string_view tls_layer::version() const {
  return ::SSL_get_version(connection_.get());
}

bool tls_layer::is_resumed() const {
  return ::SSL_session_reused(connection_.get()) == 1;
}

tls_session tls_layer::session() const {
  auto* session = ::SSL_get1_session(connection_.get());
  return {session, [](ssl_session_st* each) { ::SSL_SESSION_free(each); }};
}

}  // namespace confab
