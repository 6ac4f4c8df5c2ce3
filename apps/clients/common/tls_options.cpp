#include "apps/clients/common/tls_options.hpp"

#include "apps/clients/common/report.hpp"

#include <string_view>

namespace confab::client {
namespace {

// Takes options from the front of `words`, up to the first other word. False, after a report, when
// one of them lacks its file.
bool take_from_front(std::span<char* const>& words, tls_choice& tls) {
  while (!words.empty()) {
    const std::string_view word = words.front();
    if (word == "--tls") {
      tls.is_wanted = true;
    } else if (word == "--ca") {
      words = words.subspan(1);
      if (words.empty() || std::string_view(words.front()).empty()) {
        report("--ca needs a file with the certificates to trust: --ca FILE");
        return false;
      }
      tls.trusted_file = words.front();
    } else {
      break;
    }
    words = words.subspan(1);
  }
  return true;
}

}  // namespace

std::optional<invocation> take_tls_options(const program_description& program,
                                           std::span<char* const> arguments) {
  invocation call{arguments, {}};
  if (!program.takes_tls)
    return call;
  if (!take_from_front(call.arguments, call.tls))
    return std::nullopt;
  if (call.arguments.size() > program.arguments) {
    auto behind = call.arguments.subspan(program.arguments);
    if (!take_from_front(behind, call.tls))
      return std::nullopt;
    if (behind.empty())
      call.arguments = call.arguments.first(program.arguments);
  }
  if (!call.tls.is_wanted && !call.tls.trusted_file.empty()) {
    report("--ca is of no use without --tls: add --tls, or leave --ca out");
    return std::nullopt;
  }
  return call;
}

}  // namespace confab::client
