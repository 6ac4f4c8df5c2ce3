# From results to table, plot data and raw data. Sourced by scripts/compare-servers.
# shellcheck shell=bash disable=SC2154

# value FILE KEY: a number of a result.
value() { sed -n "s/^ *\"$2\": \([-0-9.e+]*\),\{0,1\}$/\1/p" "$1"; }

# median LOAD SERVER KEY: over the rounds; nothing without a result.
median() {
  local file
  for file in "$work/$1.$2".*; do
    [[ ! -f $file ]] || value "$file" "$3"
  done | sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# calculate EXPRESSION: by awk.
calculate() { awk "BEGIN { print ($1) }"; }
holds() { [[ $(calculate "($1) ? 1 : 0") == 1 ]]; }

# shown NUMBER: with as many digits as mean something, and a comma after the thousands.
shown() {
  awk -v n="$1" 'BEGIN {
    s = n >= 100 ? sprintf("%.0f", n) : n >= 10 ? sprintf("%.1f", n) : sprintf("%.3g", n)
    for (rest = s; n >= 1000 && length(rest) > 3; rest = substr(rest, 1, length(rest) - 3))
      tail = "," substr(rest, length(rest) - 2) tail
    s = n >= 1000 ? rest tail : s
    print s
  }'
}

# The rows: LOAD|KEY|DIVISOR|UNIT|BOUNDS, in the order of the issue. A bound is SERVER>=FACTOR (ours
# at least FACTOR of theirs), SERVER<=FACTOR, or <NUMBER (in the row's unit).
rows=(
  'fan64|deliveries_per_second|1|deliveries/s|redis>=0.8 nats>=1 irc>=1'
  'fan1|deliveries_per_second|1|deliveries/s|redis>=0.8 nats>=1 irc>=1'
  'many|deliveries_per_second|1|deliveries/s|redis>=0.8 nats>=1 irc>=1'
  'pair|delivery_p50_us|1|us median latency|redis<=1.25 nats<=1'
  'pair|round_trip_p50_us|1|us median text to answer|'
  'room5000|deliveries_per_second|1|deliveries/s|redis>=0.8 nats>=1'
  'memory|server_memory_per_connection_bytes|1024|KiB a connection|<4'
  'idle|server_idle_cpu_seconds|0.001|ms CPU in 10 s|<50'
  'flood|delivery_p50_us|1000|ms median latency of the pair|<50'
  'flood|server_memory_peak_bytes|1048576|MiB peak|<256'
  'room10|server_cpu_per_delivery_us|1|us CPU a delivery|'
  'room100|server_cpu_per_delivery_us|1|us CPU a delivery|'
  'room1000|server_cpu_per_delivery_us|1|us CPU a delivery|flat'
  'room5000|server_cpu_per_delivery_us|1|us CPU a delivery|flat'
)

# How much more than in a room of 100 counts as growth: the noise of these measurements.
growth_allowed=1.1

# verdict LOAD KEY DIVISOR BOUNDS OURS: 'yes', 'NO (why)', or nothing without a bound.
verdict() {
  local bound other missed='' known=0
  if [[ -z $5 ]]; then
    [[ -z $4 || " $servers " != *' confab '* ]] || echo '**no**: no result'
    return
  fi
  for bound in $4; do
    if [[ $bound == '<'* ]]; then
      known=1
      holds "$5 / $3 < ${bound#<}" || missed+=" not $bound"
      continue
    elif [[ $bound == flat ]]; then
      other=$(median room100 confab "$2")
      [[ -n $other ]] || continue
      known=1
      holds "$5 <= $other * $growth_allowed" || missed+=" $(calculate "sprintf(\"%.2f\", $5 / $other)") of a room of 100"
      continue
    fi
    other=$(median "$1" "${bound%%[<>]*}" "$2")
    [[ -n $other ]] || continue
    known=1
    holds "$5 $(comparison "$bound") $other * ${bound##*=}" || missed+=" $bound"
  done
  if [[ -n $missed ]]; then echo "**no**:$missed"; elif ((known)); then echo yes; fi
}

comparison() { [[ $1 == *'>='* ]] && echo '>=' || echo '<='; }

# cell OURS THEIRS DIVISOR: their number and, in brackets, ours as a part of it.
cell() {
  [[ -n $2 ]] || { echo '-'; return; }
  shown "$(calculate "$2 / $3")" | tr -d '\n'
  if [[ -n $1 ]] && holds "$2 > 0"; then awk "BEGIN { printf \" (%.2f)\", $1 / $2 }"; fi
  echo
}

print_row() {
  local load key divisor unit bounds ours
  IFS='|' read -r load key divisor unit bounds <<<"$1"
  [[ " $loads " == *" $load "* ]] || return 0
  ours=$(median "$load" confab "$key")
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' "${load_title[$load]}" "$unit" \
    "$(cell '' "$ours" "$divisor")" "$(cell "$ours" "$(median "$load" redis "$key")" "$divisor")" \
    "$(cell "$ours" "$(median "$load" nats "$key")" "$divisor")" \
    "$(cell "$ours" "$(median "$load" irc "$key")" "$divisor")" \
    "$(verdict "$load" "$key" "$divisor" "$bounds" "$ours")"
}

# losses SERVER: texts lost, out of order or in the wrong room, over all runs.
losses() {
  local file
  for file in "$work"/*."$1".*; do
    [[ -f $file ]] || continue
    value "$file" lost
    value "$file" out_of_order
    value "$file" strange
  done | awk '{ n += $1 } END { print n + 0 }'
}

processor() { sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1 | grep . || echo 'unknown make'; }

# version SERVER: the installed one's.
version() {
  { "${program[$1]}" --version 2>/dev/null || true; } | grep -o '[0-9]\+\.[0-9.]*[0-9]' | head -n 1 | grep . || echo 'not installed'
}

print_table() {
  local row server
  echo "Medians of $rounds round(s) in turn, $(date -u +%Y-%m-%d), $(nproc) cores of $(processor), Linux $(uname -r),"
  echo "redis $(version redis), nats-server $(version nats), InspIRCd $(version irc), texts of 64 bytes."
  echo "In brackets: Confab's number as a part of theirs."
  echo
  echo '| load | unit | Confab | redis | nats-server | InspIRCd | bound holds |'
  echo '| --- | --- | ---: | ---: | ---: | ---: | --- |'
  for row in "${rows[@]}"; do print_row "$row"; done
  echo
  printf 'Texts lost, out of order or in the wrong room:'
  for server in $servers; do printf ' %s %s' "${server_title[$server]}" "$(losses "$server")"; done
  echo '.'
}

# print_data: all results as one JSON array.
print_data() {
  local file name separator='['
  for file in "$work"/*.*.[0-9]*; do
    [[ -f $file ]] || continue
    IFS=. read -ra name <<<"${file##*/}"
    echo "$separator"
    sed "1s/.*/{ \"load\": \"${name[0]}\", \"server\": \"${name[1]}\", \"round\": ${name[2]},/" "$file"
    separator=','
  done
  [[ $separator == ',' ]] || echo '['
  echo ']'
}

# print_costs: lines 'SERVER SIZE COST' for the plot.
print_costs() {
  local size server cost
  for server in $servers; do
    for size in 10 100 1000 5000; do
      cost=$(median "room$size" "$server" server_cpu_per_delivery_us)
      [[ -z $cost ]] || echo "${server_title[$server]} $size $cost"
    done
  done
}

# insert_table FILE: puts the table between the file's markers, when it exists.
insert_table() {
  [[ -f $1 ]] || return 0
  awk -v table="$work/table.md" '
    /<!-- table:end -->/ { inside = 0 }
    !inside { print }
    /<!-- table:begin -->/ { inside = 1; while ((getline line < table) > 0) print line }
  ' "$1" >"$work/page.md"
  cat "$work/page.md" >"$1"
}
