#!/usr/bin/env bash
# CTest hands each test's name to Catch2, and both take some characters for
# something else: the test then 'passes' without having run. So no name has
# them: a ';' ends a CMake list item, brackets are Catch2's tags, a leading '-'
# is an option, a leading '~' or 'exclude:' and a '*' at either end a pattern.
#
# usage: test_names_arrive.sh SOURCE_FOLDER | --self-test
set -euo pipefail

# Prints 'FILE: NAME' for each bad test name under $1/tests; true when there is none.
check() {
  find "$1/tests" -name '*.cpp' -print0 | sort -z | xargs -0 perl -0777 -e '
    use strict;
    use warnings;
    my ($seen, $bad) = (0, 0);
    while (my $text = <>) {
      my $open = qr/\b(?:TEST_CASE|SCENARIO|TEMPLATE_TEST_CASE)\s*\(|\bTEST_CASE_METHOD\s*\([^,]*,/;
      while ($text =~ /^[ \t]*$open\s*((?:"(?:\\.|[^"\\])*"\s*)+)/mg) {
        ++$seen;
        my $name = join "", $1 =~ /"((?:\\.|[^"\\])*)"/g;
        next unless $name eq "" || $name =~ /[;\[\]\\]|^\s|\s$|^[-~*]|\*$|^exclude:/;
        ++$bad;
        print "$ARGV: $name\n";
      }
    }
    print "no tests\n" unless $seen;
    exit($bad || !$seen ? 1 : 0);' || return 1
}

self_test() {
  local want name outcome
  sample=$(mktemp -d)
  trap 'rm -rf "$sample"' EXIT
  mkdir "$sample/tests"
  while read -r want name; do
    printf 'TEST_CASE("first") {}\n%s {}\n' "$name" >"$sample/tests/a.cpp"
    outcome=clean
    check "$sample" >/dev/null || outcome=dirty
    [[ $outcome == "$want" ]] || { echo "expected $want: $name"; exit 1; }
  done <<'END'
dirty TEST_CASE("one; two")
dirty TEST_CASE("a [tag] inside")
dirty TEST_CASE("--help exits with 0")
dirty TEST_CASE("~a pattern")
dirty TEST_CASE("all of it*")
dirty TEST_CASE_METHOD(fixture, "one; two")
dirty TEST_CASE("split in two " "parts;")
dirty TEST_CASE("")
clean TEST_CASE("a sentence, with commas: and 'quotes'", "[tag]")
clean TEST_CASE("option --help exits with 0")
clean TEST_CASE_METHOD(fixture, "a sentence", "[tag]")
END
}

case ${1-} in
  --self-test) self_test ;;
  '') echo "usage: test_names_arrive.sh SOURCE_FOLDER | --self-test" >&2; exit 2 ;;
  *) check "$1" ;;
esac
