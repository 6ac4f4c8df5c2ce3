#include "tests/real_clients/ii_client.hpp"

namespace confab::test {

ii_client::ii_client(const temporary_folder& folder, const std::string& nick, std::uint16_t port)
    : folder_(folder.file("ii/127.0.0.1")), nick_(nick) {
  program_ = start_program({"ii", "-i", folder.file("ii"), "-s", "127.0.0.1", "-p",
                            std::to_string(port), "-n", nick, "-f", "The real " + nick},
                           folder);
  // ii shows the parameters of what the server says; before 001 none of them is the nick.
  talk({}).wait_for(" " + nick_);
}

void ii_client::join(const std::string& channel) const {
  talk({}).enter("/j " + channel);
  talk(channel).wait_for(nick_ + "(");
}

fifo_client ii_client::talk(std::string_view name) const {
  const auto place = name.empty() ? folder_ : folder_ + "/" + std::string{name};
  return {place + "/in", place + "/out"};
}

}  // namespace confab::test
