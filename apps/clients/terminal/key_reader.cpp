#include "apps/clients/terminal/key_reader.hpp"

#include "apps/clients/common/descriptor_io.hpp"

#include <array>
#include <cerrno>
#include <unistd.h>

namespace confab::client {

void key_reader::watch(int server, int signals) {
  server_ = server;
  signals_ = signals;
}

bool key_reader::key_waits() const {
  std::array polled{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{server_, POLLIN, 0},
                    pollfd{signals_, POLLIN, 0}};
  wait_for(polled);
  return polled[0].revents != 0;
}

bool key_reader::read(wchar_t& character) {
  gave_up_ = false;
  while (key_waits()) {
    char byte = 0;
    const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    if (count <= 0) {
      ended_ = true;
      return false;
    }
    const std::size_t decoded = std::mbrtowc(&character, &byte, 1, &decoder_);
    if (decoded == 0 || decoded == 1)
      return true;
    if (decoded == static_cast<std::size_t>(-1))
      decoder_ = {};
  }
  gave_up_ = true;
  return false;
}

}  // namespace confab::client
