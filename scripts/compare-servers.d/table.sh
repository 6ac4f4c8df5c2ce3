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

# The rows: LOAD|KEY|DIVISOR|UNIT|BETTER|BOUNDS. BETTER is 'more' or 'less'. Of every row we ask that
# it is not behind any of the other servers, and with --before no more than a tenth worse than that.
# BOUNDS are what else we ask for: <NUMBER (in the row's unit), or <=FACTORxLOAD (that load's value).
rows=(
  'fan64|deliveries_per_second|1|deliveries/s|more|'
  'fan1|deliveries_per_second|1|deliveries/s|more|'
  'many|deliveries_per_second|1|deliveries/s|more|'
  'pair|delivery_p50_us|1|us median latency|less|'
  'pair|round_trip_p50_us|1|us median text to answer|less|'
  'room5000|deliveries_per_second|1|deliveries/s|more|'
  'beside100|pair_delivery_p50_us|1000|ms median latency of the pair|less|'
  'beside2000|pair_delivery_p50_us|1000|ms median latency of the pair|less|<6 <=4xbeside100'
  'memory|server_memory_per_connection_bytes|1024|KiB a connection|less|<4'
  'stalled|server_memory_stalled_bytes|1048576|MiB|less|<32'
  'idle|server_idle_cpu_seconds|0.001|ms CPU in 10 s|less|<50'
  'flood|delivery_p50_us|1000|ms median latency of the pair|less|<50'
  'flood|server_memory_peak_bytes|1048576|MiB peak|less|<256'
  'room10|server_cpu_per_delivery_us|1|us CPU a delivery|less|'
  'room100|server_cpu_per_delivery_us|1|us CPU a delivery|less|'
  'room1000|server_cpu_per_delivery_us|1|us CPU a delivery|less|<=1.1xroom100'
  'room5000|server_cpu_per_delivery_us|1|us CPU a delivery|less|<=1.1xroom100'
)

# The noise of a key, in its own unit: a smaller difference to the server before means nothing.
declare -A noise=([server_idle_cpu_seconds]=0.001 [server_memory_stalled_bytes]=1048576)

# missed_servers LOAD KEY BETTER OURS: who is better than we are, and 'before' if we are worse than
# it by more than a tenth.
missed_servers() {
  local server theirs
  for server in redis nats irc before; do
    theirs=$(median "$1" "$server" "$2")
    [[ -n $theirs ]] || continue
    case $3.$server in
      more.before) holds "$4 >= $theirs * 0.9" || echo "worse than before" ;;
      less.before) holds "$4 <= $theirs * 1.1 + ${noise[$2]-0}" || echo "worse than before" ;;
      more.*) holds "$4 >= $theirs" || echo "behind ${server_title[$server]}" ;;
      less.*) holds "$4 <= $theirs" || echo "behind ${server_title[$server]}" ;;
    esac
  done
}

# missed_bounds KEY DIVISOR BOUNDS OURS: those of BOUNDS that do not hold.
missed_bounds() {
  local bound factor other
  for bound in $3; do
    if [[ $bound == '<='*x* ]]; then
      factor=${bound#<=} factor=${factor%%x*}
      other=$(median "${bound#*x}" confab "$1")
      [[ -z $other ]] || holds "$4 <= $other * $factor" \
        || echo "$(calculate "sprintf(\"%.2f\", $4 / $other)") of '${load_title[${bound#*x}]}'"
    else
      holds "$4 / $2 < ${bound#<}" || echo "not $bound"
    fi
  done
}

# verdict LOAD KEY DIVISOR BETTER BOUNDS OURS: 'yes', or '**no**: why'.
verdict() {
  local missed
  if [[ -z $6 ]]; then
    [[ " $servers " != *' confab '* ]] || echo '**no**: no result'
    return
  fi
  missed=$(missed_servers "$1" "$2" "$4" "$6" && missed_bounds "$2" "$3" "$5" "$6")
  if [[ -n $missed ]]; then echo "**no**: ${missed//$'\n'/, }"; else echo yes; fi
}

# cell OURS THEIRS DIVISOR: their number and, in brackets, ours as a part of it.
cell() {
  [[ -n $2 ]] || { echo '-'; return; }
  shown "$(calculate "$2 / $3")" | tr -d '\n'
  if [[ -n $1 ]] && holds "$2 > 0"; then awk "BEGIN { printf \" (%.2f)\", $1 / $2 }"; fi
  echo
}

# The servers that have a column of their own beside ours.
others() {
  local server
  if [[ -n $before ]]; then echo before; fi
  for server in "${all_servers[@]:1}"; do
    [[ -z ${node_count[$server]-} ]] || continue
    if [[ " $servers " == *" $server "* ]]; then echo "$server"; fi
  done
}

print_row() {
  local load key divisor unit better bounds ours other
  IFS='|' read -r load key divisor unit better bounds <<<"$1"
  [[ " $loads " == *" $load "* ]] || return 0
  ours=$(median "$load" confab "$key")
  printf '| %s | %s | %s |' "${load_title[$load]}" "$unit" "$(cell '' "$ours" "$divisor")"
  for other in $(others); do
    printf ' %s |' "$(cell "$ours" "$(median "$load" "$other" "$key")" "$divisor")"
  done
  printf ' %s |\n' "$(verdict "$load" "$key" "$divisor" "$better" "$bounds" "$ours")"
}

# The rows about clusters: LOAD|KEY|UNIT.
cluster_rows=(
  'cross64|server_cpu_per_text_us|us CPU a text, of all nodes'
  'cross64|deliveries_per_second|texts/s'
  'cross64|delivery_p50_us|us median latency'
  'cross1|round_trip_p50_us|us median text to answer'
  'cross1|delivery_p50_us|us median latency'
  'cross1|server_cpu_per_text_us|us CPU a text, of all nodes'
  'spread|server_cpu_per_delivery_us|us CPU a delivery, of all nodes'
  'spread|deliveries_per_second|deliveries/s'
)

# print_cluster_table: one node beside several of the same server. In brackets: several nodes as a
# part of one.
print_cluster_table() {
  local row load key unit server value single names=()
  for server in confab confab2 confab3 nats nats2 nats3; do
    if [[ " $servers " == *" $server "* ]]; then names+=("$server"); fi
  done
  [[ " ${names[*]} " == *[23]\ * && " $loads " =~ \ (cross|spread) ]] || return 0
  printf '\n| load | unit |'
  for server in "${names[@]}"; do printf ' %s |' "${server_title[$server]}"; done
  printf '\n| --- | --- |'
  for server in "${names[@]}"; do printf ' ---: |'; done
  echo
  for row in "${cluster_rows[@]}"; do
    IFS='|' read -r load key unit <<<"$row"
    [[ " $loads " == *" $load "* ]] || continue
    printf '| %s | %s |' "${load_title[$load]}" "$unit"
    for server in "${names[@]}"; do
      value=$(median "$load" "$server" "$key")
      single=$(median "$load" "${server%[23]}" "$key")
      [[ $server == *[23] ]] || single=''
      if [[ -z $value ]]; then
        printf ' - |'
      elif [[ -n $single ]] && holds "$single > 0"; then
        printf ' %s (%s) |' "$(shown "$value")" "$(awk "BEGIN { printf \"%.2f\", $value / $single }")"
      else
        printf ' %s |' "$(shown "$value")"
      fi
    done
    echo
  done
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
  { "${program[$1]}" --version 2>/dev/null || true; } \
    | grep -o '[0-9]\+\.[0-9.]*[0-9]' | head -n 1 | grep . || echo 'not installed'
}

print_table() {
  local row server
  echo "Medians of $rounds round(s) in turn, $(date -u +%Y-%m-%d), $(nproc) cores of $(processor), Linux $(uname -r),"
  echo "redis $(version redis), nats-server $(version nats), InspIRCd $(version irc), ngIRCd $(version ngircd),"
  echo "texts of 64 bytes (of 240 for readers that stall)."
  echo "In brackets: Confab's number as a part of theirs."
  echo
  printf '| load | unit | Confab |'
  for server in $(others); do printf ' %s |' "${server_title[$server]}"; done
  printf ' bound holds |\n| --- | --- | ---: |'
  for server in $(others); do printf ' ---: |'; done
  printf ' --- |\n'
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
    [[ $server != before ]] || continue
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
