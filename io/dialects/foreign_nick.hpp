#pragma once

#include <string>
#include <string_view>

namespace confab {

/// The nick of somebody whose protocol has none: `bob/tagged`. The directory adds a number if it is
/// taken. No client can choose such a nick, because of the `/`.
std::string foreign_nick_stem(std::string_view user, std::string_view dialect);

}  // namespace confab
