#include "apps/server/hash_command.hpp"

#include "apps/server/client_password.hpp"
#include "io/crypto/password_hash.hpp"

#include <iostream>
#include <optional>
#include <string>
#include <termios.h>
#include <unistd.h>

namespace confab::server {

namespace {

/// As long as it lives, the terminal does not show what is typed. Ctrl-C does nothing then, as the
/// terminal would stay like this behind a process that it has ended; Ctrl-D is the way out.
class silent_terminal {
 public:
  silent_terminal() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0)
      return;
    known_ = true;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  silent_terminal(const silent_terminal&) = delete;
  silent_terminal& operator=(const silent_terminal&) = delete;
  ~silent_terminal() {
    if (known_)
      ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }

 private:
  bool known_ = false;
  termios before_{};
};

std::string read_line(std::istream& in, std::ostream& err) {
  std::string line;
  if (&in == &std::cin && ::isatty(STDIN_FILENO) == 1) {
    const silent_terminal silent;  // First: it drops what was typed before.
    err << "Password: " << std::flush;
    std::getline(in, line);
    err << '\n';
  } else {
    std::getline(in, line);
  }
  if (line.ends_with('\r'))
    line.pop_back();
  return line;
}

}  // namespace

int hash_password_from(std::istream& in, std::ostream& out, std::ostream& err) {
  const auto password = read_line(in, err);
  if (const auto problem = password_problem(password)) {
    err << "server: " << *problem << '\n';
    return 1;
  }
  out << hash_password(password) << std::endl;
  if (out)
    return 0;
  err << "server: cannot write the hash\n";
  return 1;
}

}  // namespace confab::server
