#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What the tests with other people's programs share: finding, starting and ending them.
namespace confab::test {

/// The full path of a program in $PATH or in the folders for system programs; empty if it is not
/// installed.
std::string find_program(std::string_view name);

/// Whether one of the `programs` is not installed. Says so on stdout, in words that make CTest
/// report the test as skipped; the test then returns.
bool skipped_without(std::initializer_list<std::string_view> programs);

/// The words that start `command` so that it dies with the process that started it, however that
/// ends. The process keeps its id.
std::vector<std::string> dying_with_its_parent(const std::vector<std::string>& command);

/// Starts `command`, whose first word is the name of an installed program, to die with the test. It
/// sees an environment in which dates, languages and folders are the same on every machine.
std::unique_ptr<process> start_program(const std::vector<std::string>& command,
                                       const temporary_folder& home);

/// Waits until `condition` holds, asking a few times a second. Throws when it does not within
/// `patience`: `what` should have come, and `seen()` is there instead.
void poll_until(const std::function<bool()>& condition, const std::string& what,
                const std::function<std::string()>& seen);

/// How often `text` is in `all`.
std::size_t occurrences(std::string_view all, std::string_view text);

/// The bytes of a file; empty if there is none.
std::string file_bytes(const std::string& path);

}  // namespace confab::test
