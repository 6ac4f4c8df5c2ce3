// In sanitized builds only: what LeakSanitizer is not to report of the server.

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): it is called so there.

/// LeakSanitizer asks for this. A message to CAF's broker of BASP that comes while its network
/// layer ends leaves the broker in memory, once in some hundred nodes that end: CAF 0.17.6 hands it
/// to its loop by a pipe, and what is in there when the loop has ended keeps its reference.
extern "C" const char* __lsan_default_suppressions();
const char* __lsan_default_suppressions() {
  return "leak:caf::io::basp_broker\n";
}

// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
