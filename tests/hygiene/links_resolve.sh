#!/usr/bin/env bash
# A relative link in a document points to a file or folder that exists, and a
# link to a heading points to a heading of that document.
#
# usage: links_resolve.sh SOURCE_FOLDER | --self-test
set -euo pipefail
export LC_ALL=C.UTF-8

# The link targets in document $1, one a line; code blocks and code spans hold none.
targets() {
  sed -E '/^[ \t]*(```|~~~)/,/^[ \t]*(```|~~~)[ \t]*$/d; s/`[^`]*`//g' "$1" \
    | grep -oE '\]\([^) ]+( "[^"]*")?\)|^ *\[[^]]+\]: +[^ ]+' \
    | sed -E 's/^\]\(([^) ]+).*/\1/; s/^ *\[[^]]+\]: +//; s/^<(.*)>$/\1/' || true
}

# The anchors of document $1, as the usual renderers make them from its headings.
anchors() {
  sed -E '/^[ \t]*(```|~~~)/,/^[ \t]*(```|~~~)[ \t]*$/d' "$1" \
    | sed -nE 's/^#{1,6}[ \t]+//p' | tr '[:upper:]' '[:lower:]' | sed -E 's/[^[:alnum:] _-]//g; s/ /-/g'
}

check() (
  cd "$1"
  found=0 seen=0
  while IFS= read -r -d '' document; do
    seen=1
    while IFS= read -r target; do
      case $target in
        *://* | mailto:*) continue ;;
      esac
      path=${target%%#*} heading=
      [[ $target != *#* ]] || heading=${target#*#}
      if [[ -z $path ]]; then
        file=$document
      elif [[ $path == /* ]]; then
        file=.$path
      else
        file=${document%/*}/$path
      fi
      if [[ ! -e $file ]]; then
        found=1
        echo "${document#./}: no such file: $target"
      elif [[ -n $heading && $file == *.md ]] && ! anchors "$file" | grep -qxF -- "$heading"; then
        found=1
        echo "${document#./}: no such heading: $target"
      fi
    done < <(targets "$document")
  done < <(find . \( -name 'build*' -o -name '.git' -o -name '.cache' \) -prune -o -name '*.md' -print0 | sort -z)
  ((seen)) || { echo "no documents under $1"; exit 1; }
  ((found == 0))
)

self_test() {
  local want line outcome
  sample=$(mktemp -d)
  trap 'rm -rf "$sample"' EXIT
  mkdir "$sample/docs"
  printf '# A `long` heading, here\n' >"$sample/docs/there.md"
  while read -r want line; do
    printf '%b\n' "$line" >"$sample/README.md"
    outcome=clean
    check "$sample" >/dev/null || outcome=dirty
    [[ $outcome == "$want" ]] || { echo "expected $want: $line"; exit 1; }
  done <<'END'
dirty see [it](docs/missing.md)
dirty see [it](docs/there.md) and [that](missing.md "title")
dirty see [it](docs/there.md#no-such-heading)
dirty [it]: missing.md
dirty ```\ncode\n```\n[it](missing.md)
clean see [it](docs/there.md), [this](docs) and [that](#here)\n# Here
clean see [it](docs/there.md#a-long-heading-here)
clean see [it](https://example.org/missing.md)
clean `[it](missing.md)`
clean ```\n[it](missing.md)\n```
END
}

case ${1-} in
  --self-test) self_test ;;
  '') echo "usage: links_resolve.sh SOURCE_FOLDER | --self-test" >&2; exit 2 ;;
  *) check "$1" ;;
esac
