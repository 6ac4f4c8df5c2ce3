# The loads of the table. Sourced by scripts/compare-servers.
# shellcheck shell=bash disable=SC2034

all_loads=(fan64 fan1 many pair memory idle room10 room100 room1000 room5000 flood stalled beside100 beside2000
  cross64 cross1 spread)

declare -A load_title=(
  [fan64]='1 room, 100 receivers, 1 sender, window 64'
  [fan1]='the same, window 1'
  [many]='50 rooms, 4 receivers, 2 senders each, window 8'
  [pair]='1 room, 1 receiver, 1 sender, window 1'
  [memory]='5,000 idle connections in rooms of 100'
  [idle]='1,000 idle connections'
  [room10]='1 room, 10 receivers, window 4'
  [room100]='1 room, 100 receivers, window 4'
  [room1000]='1 room, 1,000 receivers, window 4'
  [room5000]='1 room, 5,000 receivers, window 4'
  [flood]='1 client floods and never reads, beside a pair'
  [stalled]='1,000 readers that stall, a backlog of 1 MiB each'
  [beside100]='a pair in a room of two, beside a room of 100, window 64'
  [beside2000]='the same, beside a room of 2,000'
  [cross64]='1 sender, 1 receiver on another node, window 64'
  [cross1]='the same, window 1'
  [spread]='1 room, 30 receivers and 3 senders on all nodes, window 8'
)

# What bench is told; DURATION stands for the length of the load.
declare -A load_options=(
  [fan64]='--receivers 100 --window 64 DURATION'
  [fan1]='--receivers 100 --window 1 DURATION'
  [many]='--rooms 50 --receivers 4 --senders 2 --window 8 DURATION'
  [pair]='--window 1 DURATION'
  [memory]='--rooms 50 --receivers 100 --senders 0'
  [idle]='--rooms 10 --receivers 100 --senders 0 --idle 10'
  [room10]='--receivers 10 --window 4 DURATION'
  [room100]='--receivers 100 --window 4 DURATION'
  [room1000]='--receivers 1000 --window 4 DURATION'
  [room5000]='--receivers 5000 --window 4 DURATION'
  [flood]='--flood-never-read --texts 0 --seconds 10'
  [stalled]='--receivers 1001 --stalled 1MiB --texts 0 --window 64 --size 240'
  [beside100]='--receivers 100 --window 64 --skim --pair --texts 0 --seconds 5'
  [beside2000]='--receivers 2000 --window 64 --skim --pair --texts 0 --seconds 5'
  [cross64]='--window 64 DURATION'
  [cross1]='--window 1 DURATION'
  [spread]='--receivers 30 --senders 3 --window 8 DURATION'
)

# bench_options LOAD: the words for bench.
bench_options() {
  local words=${load_options[$1]} duration='--texts 0 --warmup 0.5 --seconds 3'
  if ((quick)); then
    duration='--texts 0 --warmup 0.1 --seconds 0.5'
    words=${words/--idle 10/--idle 2}
    words=${words/--seconds 10/--seconds 2}
    words=${words/--seconds 5/--seconds 1}
    words=${words/--stalled 1MiB/--stalled 128KiB}
  fi
  echo "${words/DURATION/$duration}"
}

# is_left_out LOAD SERVER: whether this takes long and no bound asks for it. A JOIN in IRC is told to
# all members, so a room of 5,000 takes 12 million messages to fill.
# Clusters have loads of their own, which are compared with a single node of the same server.
is_left_out() {
  case $1 in
    cross* | spread) [[ ! $2 =~ ^(confab|nats)[23]?$ ]] && return 0 ;;
    *) [[ $2 =~ ^(confab|nats)[23]$ ]] && return 0 ;;
  esac
  [[ $1 == stalled && $2 == *irc* ]] || { ((quick)) && [[ $1 =~ ^(room5000|beside2000)$ && $2 == *irc* ]]; }
}
