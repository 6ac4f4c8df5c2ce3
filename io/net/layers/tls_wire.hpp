#pragma once

#include <string>
#include <string_view>

struct bio_method_st;
struct bio_st;

/// Where OpenSSL reads and writes: the buffers of whoever calls, none of its own.
namespace confab {

/// What OpenSSL may read now, and where it may write. Nothing between two calls of a layer.
struct tls_wire {
  std::string_view in;
  std::string* out = nullptr;
};

/// How OpenSSL uses a `tls_wire`. A BIO_meth_free is due; null if there is no memory.
bio_method_st* make_wire_method();

/// A BIO on `wire`, which has to outlive it; null if there is no memory.
bio_st* make_wire_bio(const bio_method_st* method, tls_wire& wire);

}  // namespace confab
