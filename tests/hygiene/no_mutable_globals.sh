#!/usr/bin/env bash
# No state outside an actor: looks for writable symbols of ours in the object
# files, which a search of the source text cannot do (a static local, a
# namespace-scope variable and an inline one all end there; a constexpr table
# does not: it is read-only, or read-only after relocation).
#
# Left out: symbols that our object files hold on behalf of a library (its
# names begin with that library's namespace), the guards of static locals (the
# local itself is reported), and what the sanitizers add.
#
# usage: no_mutable_globals.sh BUILD_FOLDER | --self-test
set -euo pipefail
export LC_ALL=C

theirs='std::|__gnu_cxx::|caf::|CLI::|spdlog::|fmt::|nlohmann::|Catch::|guard variable for |__odr_asan|__asan_|__sancov|__ubsan_|DW\.ref\.'

# Prints 'FILE: SYMBOL (SECTION)' for each writable symbol of ours in the object files under $1.
check() {
  local object hits found=0 objects=()
  mapfile -d '' -t objects < <(find "$1"/actors "$1"/io "$1"/apps -name '*.o' -print0 2>/dev/null | sort -z)
  ((${#objects[@]})) || { echo "no object files under $1/{actors,io,apps}"; return 1; }
  for object in "${objects[@]}"; do
    # name|value|class|type|size|line|section: an OBJECT or TLS in .data, .bss, .tdata or .tbss (also
    # .data.NAME and .bss.NAME, but not .data.rel.ro, which is read-only once the program runs).
    hits=$(nm --format=sysv --demangle --defined-only "$object" \
      | sed -nE 's/^(.*[^ ]) *\|[^|]*\|[^|]*\| *(OBJECT|TLS) *\|[^|]*\|[^|]*\| *(\.t?(data|bss)(\..*)?) *$/\1 (\3)/p' \
      | grep -vE ' \(\.data\.rel\.ro' | grep -vE "^($theirs)" || true)
    if [[ -n $hits ]]; then
      found=1
      sed "s|^|${object#"$1"/}: |" <<<"$hits"
    fi
  done
  ((found == 0))
}

self_test() {
  local line
  sample=$(mktemp -d)
  trap 'rm -rf "$sample"' EXIT
  mkdir "$sample/actors" "$sample/io" "$sample/apps"
  expect() { # expect clean|dirty CODE
    local outcome=clean
    "${CXX:-c++}" -std=c++20 -fPIC -x c++ -c -o "$sample/actors/sample.o" - <<<"#include <string>
#include <array>
#include <string_view>
$2"
    check "$sample" >"$sample/found" || outcome=dirty
    [[ $outcome == "$1" ]] || { echo "expected $1: $2"; cat "$sample/found"; exit 1; }
  }
  while IFS= read -r line; do
    expect dirty "$line"
  done <<'END'
namespace confab { int rooms; }
namespace confab { int rooms = 1; }
namespace confab { namespace { std::string name; } std::string& f() { return name; } }
namespace confab { int next() { static int n = 0; return ++n; } }
namespace confab { inline int count = 3; int& f() { return count; } }
namespace confab { thread_local int depth = 0; int& f() { return depth; } }
namespace confab { template <class T> struct s { static inline int n = 0; }; int& f() { return s<int>::n; } }
int stray = 1;
static int stray; int& f() { return stray; }
END
  while IFS= read -r line; do
    expect clean "$line"
  done <<'END'
namespace confab { constexpr std::array<std::string_view, 2> names{"a", "b"}; const void* f() { return &names; } }
namespace confab { struct base { virtual ~base() = default; }; struct d : base { ~d() override; }; d::~d() {} }
namespace confab { extern const char* const word = "a"; }
namespace confab { int f(int n) { int local = n; return ++local; } }
END
}

case ${1-} in
  --self-test) self_test ;;
  '') echo "usage: no_mutable_globals.sh BUILD_FOLDER | --self-test" >&2; exit 2 ;;
  *) check "$1" ;;
esac
