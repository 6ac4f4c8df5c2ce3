# Starting and stopping the servers. Sourced by scripts/compare-servers.
# shellcheck shell=bash disable=SC2034

# "tags": the receivers ask for the time and the id of each text.
all_servers=(confab confab_irc confab_irc_tags redis nats irc irc_tags ngircd confab2 confab3 nats2 nats3)
declare -A protocol=([confab]=tagged [before]=tagged [confab_irc]=irc [confab_irc_tags]=irc-tags [redis]=redis
  [nats]=nats [irc]=irc [irc_tags]=irc-tags [ngircd]=irc [confab2]=tagged [confab3]=tagged [nats2]=nats [nats3]=nats)
declare -A server_title=([confab]=Confab [before]=before [confab_irc]='Confab, irc'
  [confab_irc_tags]='Confab, irc, tags' [redis]=redis [nats]=nats-server [irc]=InspIRCd
  [irc_tags]='InspIRCd, tags' [ngircd]=ngIRCd [confab2]='Confab, 2 nodes' [confab3]='Confab, 3 nodes'
  [nats2]='nats-server, 2 nodes' [nats3]='nats-server, 3 nodes')

# InspIRCd finishes registrations once a second, so many must be on their way.
declare -A batch=([confab]=256 [before]=256 [confab_irc]=256 [confab_irc_tags]=256 [redis]=256 [nats]=256
  [irc]=2000 [irc_tags]=2000 [ngircd]=256 [confab2]=256 [confab3]=256 [nats2]=256 [nats3]=256)

declare -A program package=([redis]=redis-server [nats]=nats-server [irc]=inspircd [irc_tags]=inspircd [ngircd]=ngircd
  [nats2]=nats-server [nats3]=nats-server)

# Of how many nodes a server consists; else one.
declare -A node_count=([confab2]=2 [confab3]=3 [nats2]=2 [nats3]=3)

# Of the nodes of the server that runs: processes, ports for clients, ports for each other. While one
# is being configured, $node is its number, and $port its port for clients.
server_pids=() ports=() link_ports=()
node=0 port='' bench_pid=''
bench=${CONFAB_BIN:-build/bin}/bench

# prepare_programs: finds, installs or builds what is needed; leaves out of $servers what cannot run.
prepare_programs() {
  local server found=''
  ulimit -n "$(ulimit -Hn)"
  [[ -x $bench ]] || build_bench
  [[ -x $bench ]] || fail "$bench is missing: build it with cmake --build build --target bench"
  install_missing
  program=([confab]=${CONFAB_BIN:-build/bin}/server [before]=$before
    [confab_irc]=${CONFAB_BIN:-build/bin}/server [confab_irc_tags]=${CONFAB_BIN:-build/bin}/server
    [redis]=redis-server [nats]=nats-server [irc]=inspircd [irc_tags]=inspircd [ngircd]=ngircd
    [confab2]=${CONFAB_BIN:-build/bin}/server [confab3]=${CONFAB_BIN:-build/bin}/server
    [nats2]=nats-server [nats3]=nats-server)
  for server in $servers; do
    if type "${program[$server]}" >/dev/null 2>&1; then
      found+=" $server"
    else
      say "${server_title[$server]} is left out: there is no ${program[$server]}"
    fi
  done
  servers=$found
  [[ -n $servers ]] || fail "no server to compare"
}

build_bench() {
  say "$bench is missing: building it"
  as_root apt-get -qq install -y --no-install-recommends nlohmann-json3-dev >&2 || true
  scripts/build programs && cmake build >&2 && cmake --build build --target bench >&2 || true
}

as_root() {
  if ((EUID == 0)); then
    DEBIAN_FRONTEND=noninteractive "$@" </dev/null
  elif type sudo >/dev/null 2>&1; then
    sudo -n DEBIAN_FRONTEND=noninteractive "$@" </dev/null
  else
    return 1
  fi
}

# install_missing: Debian's packages of the servers that are not there; stops the services that
# the installation may have started.
install_missing() {
  local server missing=() name
  for server in $servers; do
    name=${package[$server]-}
    [[ -z $name ]] || type "$name" >/dev/null 2>&1 || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  as_root apt-get -qq update >&2 || true
  as_root apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2 \
    || say "could not install ${missing[*]}"
  for name in "${missing[@]}"; do
    as_root service "$name" stop >/dev/null 2>&1 || true
  done
}

# choose_cores: the server on core 0, the load generator on core 1, where there are two.
choose_cores() {
  on_server_core=() on_bench_core=()
  if (($(nproc) >= 2)) && taskset -c 0 true 2>/dev/null && taskset -c 1 true 2>/dev/null; then
    on_server_core=(taskset -c 0) on_bench_core=(taskset -c 1)
  else
    say "fewer than two cores: server and load generator share one, so the numbers mean little"
  fi
}

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# choose_port: a port below the ephemeral ones, so that no connection of bench sits on it.
choose_port() {
  port=$((20000 + RANDOM % 10000))
  while is_listening "$port"; do port=$((20000 + RANDOM % 10000)); done
}

# start_server NAME LOAD: a fresh one, all nodes of it.
start_server() {
  local name=$1 load=$2 command=() count=${node_count[$1]-1}
  ports=() link_ports=() server_pids=()
  for ((node = 0; node < count; ++node)); do
    choose_port
    ports+=("$port")
    choose_port
    link_ports+=("$port")
  done
  for ((node = 0; node < count; ++node)); do
    port=${ports[node]}
    "configure_$name"
    "${on_server_core[@]}" "${command[@]}" >"$work/server.$node.log" 2>&1 </dev/null &
    server_pids+=($!)
  done
  for ((node = 0; node < count; ++node)); do
    wait_for_node "$count" || {
      say "${server_title[$name]} did not start: $(tail -n 3 "$work/server.$node.log" | tr '\n' ' ')"
      stop_server
      return 1
    }
  done
}

# wait_for_node COUNT: until node $node listens, and its log tells of its links to the others.
wait_for_node() {
  local tries links
  for ((tries = 0; tries < 100; ++tries)); do
    if is_listening "${ports[node]}"; then
      (($1 == 1)) && return 0
      links=$(grep -c -e 'cluster: linked to' -e 'Route connection created' "$work/server.$node.log")
      ((links >= $1 - 1)) && return 0
    fi
    kill -0 "${server_pids[node]}" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# Ours: over loopback, without encryption, as the links of the others.
configure_confab2() {
  local other
  configure_confab
  command+=(--node "n$node" --cluster "127.0.0.1:${link_ports[node]}")
  for other in "${!link_ports[@]}"; do
    if ((other != node)); then command+=(--peer "n$other=127.0.0.1:${link_ports[other]}"); fi
  done
}
configure_confab3() { configure_confab2; }

configure_nats2() {
  local other routes=()
  for other in "${!link_ports[@]}"; do
    if ((other != node)); then routes+=("nats://127.0.0.1:${link_ports[other]}"); fi
  done
  command=(nats-server --addr 127.0.0.1 --port "$port" --cluster_name bench
    --cluster "nats://127.0.0.1:${link_ports[node]}" --routes "$(IFS=, && echo "${routes[*]}")")
}
configure_nats3() { configure_nats2; }

# The readers that stall are not to be cut, whatever the memory of the machine.
configure_confab() {
  local options
  read -ra options <<<"${CONFAB_SERVER_OPTIONS-}"
  if [[ $load == stalled ]]; then options+=(--backlog-total-max 8GiB); fi
  command=("${program[$name]}" "${options[@]}" "$port")
}
configure_before() { configure_confab; }
configure_confab_irc() {
  configure_confab
  command=("${command[@]:0:${#command[@]}-1}" --irc "$port")
}
configure_confab_irc_tags() { configure_confab_irc; }

# Protected mode would refuse 127.0.0.2, which bench uses when the ports of 127.0.0.1 run out.
configure_redis() {
  command=(redis-server --port "$port" --bind 127.0.0.1 --protected-mode no --save '' --appendonly no --dir "$work"
    --tcp-backlog 4096 --maxclients $(($(ulimit -n) - 100)) --client-output-buffer-limit 'pubsub 0 0 0')
}

# The readers that stall are not to be cut: by default nats-server ends
# a reader that takes nothing for ten seconds.
configure_nats() {
  printf 'max_pending: 64MB\nwrite_deadline: "10m"\n' >"$work/nats.conf"
  command=(nats-server --addr 127.0.0.1 --port "$port")
  if [[ $load == stalled ]]; then command+=(--config "$work/nats.conf"); fi
}

# Flood control off: no fake lag, no rates, queues that no load of ours fills.
configure_irc() {
  cat >"$work/inspircd.conf" <<END
<server name="irc.local" description="compare-servers" network="Localnet">
<admin name="none" nick="none" email="none@localhost">
<bind address="127.0.0.1" port="$port" type="clients">
<connect name="bench" allow="*" timeout="300" pingfreq="3600" fakelag="no" threshold="1000000"
         commandrate="1000000000" recvq="1048576" softsendq="1073741824" hardsendq="1073741824"
         localmax="100000" globalmax="100000" limit="100000" maxconnwarn="no"
         resolvehostnames="no" useident="no">
<options defaultmodes="" splitwhois="no">
<performance somaxconn="4096" softlimit="100000" netbuffersize="65536" clonesonconnect="no">
<files motd="/dev/null">
END
  command=(inspircd --config "$work/inspircd.conf" --nofork --nolog --nopid --runasroot)
}

configure_irc_tags() {
  configure_irc
  printf '<module name="%s">\n' cap ircv3_ctctags ircv3_msgid ircv3_servertime >>"$work/inspircd.conf"
}

# Flood control off, and no limit on connections.
configure_ngircd() {
  cat >"$work/ngircd.conf" <<END
[Global]
Name = irc.local
Info = compare-servers
Listen = 127.0.0.1
Ports = $port
MotdPhrase = none
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxPenaltyTime = 0
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
END
  command=(ngircd --config "$work/ngircd.conf" --nodaemon)
}

# end PID: ends a child of ours and waits for it.
end() {
  local tries
  kill "$1" 2>/dev/null || true
  for ((tries = 0; tries < 50; ++tries)); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

stop_server() {
  local each
  for each in "${server_pids[@]}"; do end "$each"; done
  server_pids=()
}

stop_all() {
  [[ -z $bench_pid ]] || end "$bench_pid"
  bench_pid=''
  stop_server
}
