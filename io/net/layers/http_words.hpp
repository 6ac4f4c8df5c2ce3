#pragma once

#include <string>
#include <string_view>

/// Words of HTTP: their letters, their lists.
namespace confab {

/// ASCII only, as HTTP compares.
std::string to_lower(std::string_view text);
bool is_same_word(std::string_view left, std::string_view right);

/// Without blanks and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// Whether this is a token of RFC 9110, 5.6.2: the name of a method or a field.
bool is_token(std::string_view text);

/// Takes the next element from the front of a list with commas, trimmed; perhaps an empty one.
std::string_view next_element(std::string_view& list, char separator = ',');

}  // namespace confab
