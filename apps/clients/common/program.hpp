#pragma once

#include "apps/clients/common/arguments.hpp"
#include "apps/clients/common/tls_options.hpp"

#include <functional>
#include <span>

namespace confab::client {

/// The frame of a client's main function; returns its exit code.
///
/// Makes the process fit for work: a closed pipe or socket is an error, not a signal; a standard
/// stream that is closed cannot be mistaken for the socket; characters are the locale's, or UTF-8.
/// Then takes the options and answers the arguments (see take_tls_options(), answer_arguments()),
/// or does `work` with them. No exception leaves it: it becomes one line on standard error and exit
/// code 1.
int run_program(const program_description& program, std::span<char* const> arguments,
                const std::function<int(const invocation&)>& work);

}  // namespace confab::client
