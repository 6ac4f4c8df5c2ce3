#include "io/net/layers/tls_wire.hpp"

#include <algorithm>
#include <cstring>
#include <openssl/bio.h>

namespace confab {

namespace {

// No exception may pass through OpenSSL: appending can only fail for lack of memory, and then the
// process ends here rather than with a stream that has a hole.
int read_from_wire(BIO* bio, char* to, int room) noexcept {
  auto& wire = *static_cast<tls_wire*>(::BIO_get_data(bio));
  ::BIO_clear_retry_flags(bio);
  if (wire.in.empty() || room <= 0) {
    ::BIO_set_retry_read(bio);
    return -1;
  }
  const auto count = std::min(wire.in.size(), static_cast<std::size_t>(room));
  std::memcpy(to, wire.in.data(), count);
  wire.in.remove_prefix(count);
  return static_cast<int>(count);
}

int write_to_wire(BIO* bio, const char* from, int size) noexcept {
  auto& wire = *static_cast<tls_wire*>(::BIO_get_data(bio));
  ::BIO_clear_retry_flags(bio);
  if (wire.out == nullptr || size <= 0) {
    ::BIO_set_retry_write(bio);
    return -1;
  }
  wire.out->append(from, static_cast<std::size_t>(size));
  return size;
}

long control_wire(BIO*, int command, long, void*) noexcept {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

}  // namespace

bio_method_st* make_wire_method() {
  auto* method = ::BIO_meth_new(BIO_TYPE_SOURCE_SINK, "confab");
  if (method == nullptr)
    return nullptr;
  ::BIO_meth_set_read(method, read_from_wire);
  ::BIO_meth_set_write(method, write_to_wire);
  ::BIO_meth_set_ctrl(method, control_wire);
  return method;
}

bio_st* make_wire_bio(const bio_method_st* method, tls_wire& wire) {
  auto* bio = ::BIO_new(method);
  if (bio == nullptr)
    return nullptr;
  ::BIO_set_data(bio, &wire);
  ::BIO_set_init(bio, 1);
  return bio;
}

}  // namespace confab
