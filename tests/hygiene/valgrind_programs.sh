#!/usr/bin/env bash
# Drives the three tagged programs through one session, each under valgrind,
# and fails when one of them touches memory that it must not, loses a block for
# good, or says something else than it should.
#
# usage: valgrind_programs.sh FOLDER_OF_THE_PROGRAMS
set -euo pipefail

fail() {
  echo "valgrind_programs: $*" >&2
  exit 1
}

bin=${1:?usage: valgrind_programs.sh FOLDER_OF_THE_PROGRAMS}
type valgrind nc >/dev/null 2>&1 || fail "valgrind and nc are needed (run scripts/install-packages --test --ci)"
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

# under_valgrind NAME ARGUMENT...: becomes program NAME; valgrind's findings go to NAME.valgrind.
under_valgrind() {
  exec valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
    --error-exitcode=99 --log-file="$work/$1.valgrind" "$bin/$1" "${@:2}"
}

# eventually WHAT COMMAND...: polls until COMMAND is true, for a minute at most.
eventually() {
  local deadline=$((SECONDS + 60))
  until "${@:2}"; do
    ((SECONDS < deadline)) || { head -n 50 "$work"/*.err >&2; fail "timed out: $1"; }
    sleep 0.1
  done
}

# ended_with STATUS PID NAME: waits for the program, and checks its exit status and what valgrind found.
ended_with() {
  local status=0
  wait "$2" || status=$?
  [[ ! -s $work/$3.valgrind ]] || { cat "$work/$3.valgrind" >&2; fail "valgrind objects to $3"; }
  ((status == $1)) || { cat "$work/$3.err" >&2; fail "$3 exited with $status instead of $1"; }
  echo "$3: nothing definitely lost, no invalid access"
}

(under_valgrind server 0) 2>"$work/server.err" &
server=$!
eventually "the server listens" grep -q 'listening: ' "$work/server.err"
port=$(sed -n 's/.*listening: .* on port \([0-9]*\).*/\1/p;T;q' "$work/server.err")

(under_valgrind receiver 127.0.0.1 "$port" eve cafe) </dev/null >"$work/receiver.out" 2>"$work/receiver.err" &
receiver=$!
mkfifo "$work/lines"
(under_valgrind sender 127.0.0.1 "$port" bob) <"$work/lines" >"$work/sender.out" 2>"$work/sender.err" &
sender=$!
exec 3>"$work/lines"

# One that speaks until the receiver, which cannot say when it has joined, has heard it.
heard() {
  printf 'hello\n' >&3
  grep -q '^bob: hello$' "$work/receiver.out"
}
printf '/join cafe\n' >&3
eventually "the receiver hears the sender" heard
printf '/nonsense\n/join\n/leave\nin no room\n/join bar\nhello bar\n/quit\n' >&3
exec 3>&-
ended_with 0 "$sender" sender

# Everything a client can get wrong, and one that goes without a word.
replies=$({
  printf 'hello\nslogin:b@d\nslogin:bob\nsendall:x\njoin:!\njoin:cafe\nsendall:through nc\n'
  head -c 100000 /dev/zero | tr '\0' 'x'
  printf '\n\nnonsense\nleave:\nquit:\n'
} | nc -N -w 60 127.0.0.1 "$port")
(($(wc -l <<<"$replies") == 12)) || fail "12 requests got these replies: $replies"
[[ ${replies##*$'\n'} == 'ok:bye!' ]] || fail "the last reply was not ok:bye!: $replies"
printf 'rlogin:gone\njoin:cafe' | nc -N -w 60 127.0.0.1 "$port" >"$work/gone.out"
eventually "the receiver hears nc" grep -qx 'bob: through nc' "$work/receiver.out"

kill -TERM "$server"
ended_with 0 "$server" server
ended_with 1 "$receiver" receiver
