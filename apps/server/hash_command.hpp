#pragma once

#include <iosfwd>

namespace confab::server {

/// `server --hash-password`: reads one line, a password, from `in`, and writes its hash as one line
/// to `out`. Returns the exit code; if it is not 0, there is one line on `err`.
///
/// If `in` is the standard input and that is a terminal, asks on `err` for the password, which is
/// not shown then.
int hash_password_from(std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace confab::server
