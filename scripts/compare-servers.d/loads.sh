# The loads: those of the table 'Must show' of issue 4. Sourced by scripts/compare-servers.
# shellcheck shell=bash disable=SC2034

all_loads=(fan64 fan1 many pair memory idle room10 room100 room1000 room5000 flood)

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
)

# bench_options LOAD: the words for bench.
bench_options() {
  local words=${load_options[$1]} duration='--texts 0 --warmup 0.5 --seconds 3'
  if ((quick)); then
    duration='--texts 0 --warmup 0.1 --seconds 0.5'
    words=${words/--idle 10/--idle 2}
    words=${words/--seconds 10/--seconds 2}
  fi
  echo "${words/DURATION/$duration}"
}

# is_left_out LOAD SERVER: whether this pair takes long and no bound asks for it. A JOIN in IRC is
# told to all members, so a room of 5,000 takes 12 million messages to fill.
is_left_out() {
  ((quick)) && [[ $1 == room5000 && $2 == irc ]]
}
