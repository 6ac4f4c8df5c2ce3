#!/usr/bin/env bash
# apps -> io -> actors, and dialects apart from all of it: a dialect translates
# bytes and may see the dialect interface, value types, io/text and the standard
# library only, never CAF, a socket, a clock or a thread. io/text, which clients
# use too, may see itself and the standard library only.
#
# usage: includes_point_one_way.sh SOURCE_FOLDER | --self-test
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Prints 'quoted PATH' or 'angled PATH' for each include of file $1.
includes() {
  perl "$here/strip_comments.pl" "$1" \
    | sed -nE 's/^[ \t]*#[ \t]*include[ \t]*"([^"]+)".*/quoted \1/p; s/^[ \t]*#[ \t]*include[ \t]*<([^>]+)>.*/angled \1/p'
}

# Sets 'resolved' to the path from the top that file $1 means by the quoted include $2 (run in the
# source folder). A process for each include would take minutes.
resolve() {
  resolved=$2
  if [[ -f ${1%/*}/$2 ]]; then
    resolved=${1%/*}/$2
    [[ $2 != *..* ]] || resolved=$(realpath --relative-to=. "$resolved")
  fi
}

# True when header $1 includes CAF, itself or through headers of ours (run in the source folder).
declare -A reaches_caf_memo
reaches_caf() {
  local kind path resolved
  if [[ -z ${reaches_caf_memo[$1]-} ]]; then
    reaches_caf_memo[$1]=1 # no: also what a cycle of includes sees
    if [[ -f $1 ]]; then
      while read -r kind path; do
        [[ $kind == angled ]] || resolve "$1" "$path"
        if [[ $kind == angled && $path == caf/* ]] || { [[ $kind == quoted ]] && reaches_caf "$resolved"; }; then
          reaches_caf_memo[$1]=0
          break
        fi
      done < <(includes "$1")
    fi
  fi
  return "${reaches_caf_memo[$1]}"
}

# Standard headers that bring in what pure translation must not have.
not_for_translation='thread|stop_token|mutex|shared_mutex|atomic|condition_variable|future|semaphore|latch|barrier|chrono|ctime|csignal|iostream|fstream|filesystem|random'

# Sets 'why' to the reason why file $1 may not include $2 ('quoted' or 'angled') $3, or to nothing.
object() {
  local file=$1 kind=$2 path=$3 own resolved
  why=
  if [[ $file == io/dialects/* || $file == io/text/* ]]; then
    own=${file%/*}
    if [[ $kind == angled ]]; then
      if [[ $path =~ ^($not_for_translation)$ ]]; then
        why="dialects and io/text have no clock, thread or file"
      elif [[ ! $path =~ ^([a-z_0-9]+|utf8proc\.h)$ ]]; then
        why="dialects and io/text use the standard library only"
      fi
      return
    fi
    resolve "$file" "$path"
    path=$resolved
    if [[ $file == io/text/* ]]; then
      [[ $path == io/text/* ]] || why="io/text sees its own folder only"
      return
    fi
    # Its own folder, what all dialects share (a header right in io/dialects/), and value types.
    if [[ $path != "$own"/* && ! $path =~ ^(io/dialects|io/text|actors|actors/model)/[^/]+\.hpp$ ]]; then
      why="a dialect sees its own folder, io/text, the dialect interface and value types only"
      return
    fi
    ! reaches_caf "$path" || why="a dialect must not see CAF, and this header includes it"
    return
  fi
  [[ $kind == quoted ]] || return 0
  resolve "$file" "$path"
  path=$resolved
  case $file in
    actors/*) [[ $path == actors/* ]] || why="actors/ includes actors/ only" ;;
    io/*) [[ $path == io/* || $path == actors/* ]] || why="io/ includes io/ and actors/ only" ;;
    apps/*) [[ $path == apps/* || $path == io/* || $path == actors/* ]] || why="apps/ includes apps/, io/ and actors/ only" ;;
  esac
}

check() (
  cd "$1"
  found=0 seen=0
  while IFS= read -r -d '' file; do
    seen=1
    while read -r kind path; do
      object "$file" "$kind" "$path"
      [[ -z $why ]] || { found=1; echo "$file includes $path: $why"; }
    done < <(includes "$file")
  done < <(find actors io apps \( -name '*.cpp' -o -name '*.hpp' \) -print0 2>/dev/null | sort -z)
  ((seen)) || { echo "no sources under $1"; exit 1; }
  ((found == 0))
)

self_test() {
  local outcome file line want
  sample=$(mktemp -d)
  trap 'rm -rf "$sample"' EXIT
  mkdir -p "$sample"/{actors/model,apps/server,io/dialects/{tagged,other}}
  echo '#include <string>' >"$sample/actors/model/values.hpp"
  echo '#include "actors/model/values.hpp"' >"$sample/actors/dialect.hpp"
  echo '#include <caf/all.hpp>' >"$sample/actors/room.hpp"
  echo '#include "actors/room.hpp"' >"$sample/actors/through.hpp"
  mkdir -p "$sample"/io/{gateway,text}
  touch "$sample"/io/{gateway/gateway.hpp,text/lines.hpp,dialects/{catalog.hpp,tagged/parse.hpp,other/parse.hpp}}
  check "$sample" || { echo "expected the sample to be clean"; exit 1; }
  while read -r want file line; do
    printf '%s\n' "$line" >"$sample/$file"
    outcome=clean
    check "$sample" >/dev/null || outcome=dirty
    [[ $outcome == "$want" ]] || { echo "expected $want: $file with $line"; exit 1; }
    rm "$sample/$file"
  done <<'END'
dirty actors/a.cpp #include "io/gateway/gateway.hpp"
dirty actors/a.cpp #include "apps/server/options.hpp"
dirty actors/a.cpp #include "../io/gateway/gateway.hpp"
dirty io/a.cpp #include "apps/server/options.hpp"
dirty apps/server/a.cpp #include "tests/support/catch.hpp"
dirty io/dialects/tagged/a.cpp #include <caf/all.hpp>
dirty io/dialects/tagged/a.cpp #include "actors/room.hpp"
dirty io/dialects/tagged/a.cpp #include "actors/through.hpp"
dirty io/dialects/tagged/a.cpp #include "io/gateway/gateway.hpp"
dirty io/dialects/tagged/a.cpp #include "io/dialects/other/parse.hpp"
dirty io/dialects/tagged/a.cpp #include <sys/socket.h>
dirty io/text/a.cpp #include <caf/all.hpp>
dirty io/text/a.cpp #include "actors/dialect.hpp"
dirty io/text/a.cpp #include "io/gateway/gateway.hpp"
dirty io/text/a.cpp #include <thread>
dirty io/dialects/tagged/a.cpp #include <chrono>
dirty io/dialects/tagged/a.cpp #  include   <thread>
clean actors/a.cpp #include "actors/room.hpp"
clean actors/a.cpp // #include "io/gateway/gateway.hpp"
clean io/a.cpp #include "actors/room.hpp"
clean apps/server/a.cpp #include "io/gateway/gateway.hpp"
clean io/dialects/tagged/a.cpp #include "actors/dialect.hpp"
clean io/dialects/tagged/a.cpp #include "io/dialects/tagged/parse.hpp"
clean io/dialects/tagged/a.cpp #include "parse.hpp"
clean io/dialects/tagged/a.cpp #include <string_view>
clean io/dialects/tagged/a.cpp #include "io/dialects/catalog.hpp"
clean io/dialects/tagged/a.cpp #include "io/text/lines.hpp"
clean io/text/a.cpp #include "io/text/lines.hpp"
clean apps/server/a.cpp #include "io/text/lines.hpp"
clean io/dialects/catalog.cpp #include "io/dialects/tagged/parse.hpp"
END
}

case ${1-} in
  --self-test) self_test ;;
  '') echo "usage: includes_point_one_way.sh SOURCE_FOLDER | --self-test" >&2; exit 2 ;;
  *) check "$1" ;;
esac
