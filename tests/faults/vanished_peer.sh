#!/usr/bin/env bash
# A peer that vanishes without a word is found: by TCP keepalive when nothing is under way
# (--keepalive), by the user timeout when something is (--user-timeout).
#
# usage: vanished_peer.sh FOLDER_OF_BINARIES      exit code 77: cannot be tried here
set -euo pipefail
bin=$1
export PATH="$PATH:/usr/sbin:/sbin"
((EUID == 0)) && type ip nc >/dev/null 2>&1 || { echo "skipped: needs root, ip and nc"; exit 77; }

space=confab$$
work=$(mktemp -d)
server='' peer=''
clean_up() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  [[ -z $peer ]] || kill "$peer" 2>/dev/null || true
  ip netns delete "$space" 2>/dev/null || true
  ip link delete "${space}a" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT
ip netns add "$space" 2>/dev/null || { echo "skipped: no network namespaces here"; exit 77; }
ip link add "${space}a" type veth peer name "${space}b" 2>/dev/null || { echo "skipped: no veth here"; exit 77; }
ip link set "${space}b" netns "$space"
ip address add 10.213.0.1/30 dev "${space}a"
ip link set "${space}a" up
ip -n "$space" address add 10.213.0.2/30 dev "${space}b"
ip -n "$space" link set "${space}b" up

# Polls a command for half a minute at most.
await() {
  local deadline=$((SECONDS + 30))
  until "$@"; do
    ((SECONDS < deadline)) || { echo "gave up waiting for: $*"; cat "$work/log"; exit 1; }
    read -rt 0.1 <> <(:) || true
  done
}
port_of() { sed -n "s/.*listening: $1 on port //p" "$work/log"; }
connections() {
  exec 3<>"/dev/tcp/127.0.0.1/$(port_of admin)"
  printf 'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' >&3
  sed -n 's/^confab_connections{dialect="tagged"} \([0-9]*\).*/\1/p' <&3
  exec 3>&-
}
has_connections() { [[ $(connections) == "$1" ]]; }
has_port() { [[ -n $(port_of "$1") ]]; }

try() {  # NAME OPTIONS...: a receiver vanishes; with "busy", while something is sent to it
  local name=$1 busy=$2
  shift 2
  : >"$work/log"
  "$bin/server" 0 --admin 0 "$@" 2>"$work/log" &
  server=$!
  await has_port admin
  mkfifo "$work/in.$name"
  ip netns exec "$space" nc 10.213.0.1 "$(port_of tagged)" <"$work/in.$name" >"$work/out.$name" &
  peer=$!
  exec 4>"$work/in.$name"
  printf 'rlogin:alice\njoin:cafe\n' >&4
  await grep -q ok:welcome "$work/out.$name"
  has_connections 1
  ip -n "$space" link set "${space}b" down
  if [[ $busy == busy ]]; then
    printf 'slogin:bob\njoin:cafe\nsendall:are you there?\nquit:\n' | nc -N 127.0.0.1 "$(port_of tagged)" >/dev/null
  fi
  await has_connections 0
  exec 4>&-
  kill "$peer" 2>/dev/null || true
  wait "$peer" 2>/dev/null || true
  kill "$server"
  wait "$server"
  ip -n "$space" link set "${space}b" up
  echo "found: $name"
}

try keepalive idle --keepalive 1
try user_timeout busy --keepalive 0 --user-timeout 2
