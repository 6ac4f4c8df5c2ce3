#include "apps/clients/tagged/sendable.hpp"

#include "apps/clients/common/report.hpp"
#include "apps/clients/tagged/tagged_message.hpp"

#include <string>

namespace confab::client {

bool check_sendable(std::string_view what, std::string_view tag, std::string_view word) {
  const auto obstacle = encoding_obstacle(tag, word);
  if (!obstacle.empty())
    report(std::string(what) + " " + obstacle);
  return obstacle.empty();
}

}  // namespace confab::client
