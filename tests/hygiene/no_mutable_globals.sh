#!/usr/bin/env bash
# No state outside an actor: looks for writable symbols of ours in the object
# files, which a search of the source text cannot do (a static local, a
# namespace-scope variable and an inline one all end there; a constexpr table
# does not: it is read-only, or read-only after relocation).
#
# Left out: symbols that our object files hold on behalf of a library (its
# names begin with that library's namespace), the guards of static locals (the
# local itself is reported), what the sanitizers add, and constexpr objects that
# g++ 12 keeps in a writable section (it does when a member has a default value).
#
# usage: no_mutable_globals.sh BUILD_FOLDER SOURCE_FOLDER | --self-test
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

theirs='std::|__gnu_cxx::|caf::|CLI::|spdlog::|fmt::|nlohmann::|Catch::|guard variable for |__odr_asan|__asan_|__sancov|__ubsan_|DW\.ref\.'

# The source that object file $1 (from the top of the build folder) was made of.
source_of() { sed -E 's|CMakeFiles/[^/]*\.dir/||; s|\.o$||' <<<"$1"; }

# True when the source file $1 or one of our headers in source folder $2 declares constexpr $3.
is_constexpr() {
  { [[ ! -f $2/$1 ]] || perl "$here/strip_comments.pl" "$2/$1"
    find "$2"/actors "$2"/io "$2"/apps -name '*.hpp' -exec perl "$here/strip_comments.pl" {} \; 2>/dev/null
  } | tr '\n' ' ' | grep -qE "constexpr [^;{}=()]*[^A-Za-z0-9_]$3[^A-Za-z0-9_]"
}

# Prints 'FILE: SYMBOL (SECTION)' for each writable symbol of ours in the object files under build
# folder $1; $2: the source folder.
check() {
  local object hit name found=0 objects=()
  mapfile -d '' -t objects < <(find "$1"/actors "$1"/io "$1"/apps -name '*.o' -print0 2>/dev/null | sort -z)
  ((${#objects[@]})) || { echo "no object files under $1/{actors,io,apps}"; return 1; }
  for object in "${objects[@]}"; do
    # name|value|class|type|size|line|section: an OBJECT or TLS in .data, .bss, .tdata or .tbss (also
    # .data.NAME and .bss.NAME, but not .data.rel.ro, which is read-only once the program runs).
    while IFS= read -r hit; do
      name=${hit% (*}
      name=${name%%\[*}
      ! is_constexpr "$(source_of "${object#"$1"/}")" "$2" "${name##*::}" || continue
      found=1
      echo "${object#"$1"/}: $hit"
    done < <(nm --format=sysv --demangle --defined-only "$object" \
      | sed -nE 's/^(.*[^ ]) *\|[^|]*\|[^|]*\| *(OBJECT|TLS) *\|[^|]*\|[^|]*\| *(\.t?(data|bss)(\..*)?) *$/\1 (\3)/p' \
      | grep -vE ' \(\.data\.rel\.ro' | grep -vE "^($theirs)")
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
    printf '#include <%s>\n' array string string_view >"$sample/actors/sample.cpp"
    printf '%s\n' "$2" >>"$sample/actors/sample.cpp"
    "${CXX:-c++}" -std=c++20 -fPIC -c -o "$sample/actors/sample.cpp.o" "$sample/actors/sample.cpp"
    check "$sample" "$sample" >"$sample/found" || outcome=dirty
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
int stray = 1; constexpr int astray = 2;
static int stray; int& f() { return stray; }
END
  while IFS= read -r line; do
    expect clean "$line"
  done <<'END'
namespace confab { constexpr std::array<std::string_view, 2> names{"a", "b"}; const void* f() { return &names; } }
namespace confab { struct base { virtual ~base() = default; }; struct d : base { ~d() override; }; d::~d() {} }
namespace confab { extern const char* const word = "a"; }
namespace confab { struct pair { int a = 0; int b = 0; }; constexpr std::array pairs{pair{1, 2}, pair{3, 4}}; const void* f() { return &pairs; } }
namespace confab { int f(int n) { int local = n; return ++local; } }
END
}

case ${1-} in
  --self-test) self_test ;;
  '') echo "usage: no_mutable_globals.sh BUILD_FOLDER SOURCE_FOLDER | --self-test" >&2; exit 2 ;;
  *) check "$1" "$2" ;;
esac
