#!/usr/bin/env bash
# Actors share nothing, so no code of ours needs a lock, an atomic or a
# volatile: any of them would mean that state is shared after all.
#
# usage: no_locks.sh SOURCE_FOLDER | --self-test
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

words='[a-z_]*mutex[a-z_]*|atomic[a-z_0-9]*|condition_variable(_any)?|lock_guard|unique_lock|scoped_lock|shared_lock'
words+='|counting_semaphore|binary_semaphore|semaphore|sem_(init|wait|post)|latch|barrier|call_once|once_flag|pthread_(mutex|rwlock|cond|spin|barrier|once)[a-z_]*'
words+='|__atomic_[a-z_]+|__sync_[a-z_]+|volatile'

# Prints each offending line of the C++ files under $1/{actors,io,apps}; true when there is none.
check() {
  local found=0 file hits
  local folders=()
  for folder in actors io apps; do
    [[ ! -d $1/$folder ]] || folders+=("$1/$folder")
  done
  ((${#folders[@]})) || { echo "no sources under $1"; return 1; }
  while IFS= read -r -d '' file; do
    if hits=$(perl "$here/strip_comments.pl" "$file" | grep -nEw "$words"); then
      found=1
      sed "s|^|${file#"$1"/}:|" <<<"$hits"
    fi
  done < <(find "${folders[@]}" \( -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.cc' \) -print0 | sort -z)
  ((found == 0))
}

self_test() {
  local line
  sample=$(mktemp -d)
  trap 'rm -rf "$sample"' EXIT
  mkdir "$sample/actors"
  expect() { # expect clean|dirty LINE
    local outcome=clean
    printf '%s\n' "$2" >"$sample/actors/sample.cpp"
    check "$sample" >/dev/null || outcome=dirty
    [[ $outcome == "$1" ]] || { echo "expected $1: $2"; exit 1; }
  }
  while IFS= read -r line; do
    expect dirty "$line"
  done <<'END'
#include <mutex>
std::mutex m;
std::shared_mutex m;
std::atomic<int> n;
std::atomic_flag busy;
std::atomic_bool busy;
std::condition_variable_any changed;
std::lock_guard guard{m};
auto x = 1; /* a comment */ std::unique_lock lock{m};
std::scoped_lock lock{m};
std::counting_semaphore<4> slots{4};
std::latch done{2};
std::barrier meet{2};
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
volatile int n;
std::call_once(flag, f);
const char* s = "quoted \" and \\"; std::mutex m;
char c = '"'; std::mutex m; char d = '"';
int n = 1'000; std::mutex m; int k = 1'000;
END
  while IFS= read -r line; do
    expect clean "$line"
  done <<'END'
int n; // no mutex needed
/* a std::mutex would */ int n; /* be wrong */
const char* s = "std::mutex";
auto s = R"(a "mutex" here)";
caf::ok_atom done;
::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
auto deadlock_free = true;
END
}

case ${1-} in
  --self-test) self_test ;;
  '') echo "usage: no_locks.sh SOURCE_FOLDER | --self-test" >&2; exit 2 ;;
  *) check "$1" ;;
esac
