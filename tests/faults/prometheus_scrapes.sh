#!/usr/bin/env bash
# A real Prometheus scrapes the admin port, and promtool finds nothing to criticise in the metrics.
#
# usage: prometheus_scrapes.sh FOLDER_OF_BINARIES      exit code 77: Prometheus is not installed
set -euo pipefail
bin=$1
type prometheus promtool >/dev/null 2>&1 || { echo "skipped: needs the package prometheus"; exit 77; }

work=$(mktemp -d)
server='' scraper=''
clean_up() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  [[ -z $scraper ]] || { kill "$scraper" 2>/dev/null; wait "$scraper" 2>/dev/null; } || true
  rm -rf "$work"
}
trap clean_up EXIT

await() {
  local deadline=$((SECONDS + 60))
  until "$@"; do
    ((SECONDS < deadline)) || { echo "gave up waiting for: $*"; cat "$work"/*.log; exit 1; }
    read -rt 0.2 <> <(:) || true
  done
}
# get PORT PATH: the body of the answer.
get() {
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
  sed '1,/^\r*$/d' <&3
  exec 3>&-
}

"$bin/server" 0 --oneroom 0 --framed 0 --admin 0 2>"$work/server.log" &
server=$!
await grep -q 'listening: admin' "$work/server.log"
admin=$(sed -n 's/.*listening: admin on port //p' "$work/server.log")

get "$admin" /metrics | promtool check metrics
echo "promtool: nothing to criticise"

cat >"$work/prometheus.yml" <<END
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: confab
    static_configs: [{targets: ['127.0.0.1:$admin']}]
END
# Prometheus cannot take a free port by itself: try until one is free.
for try in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 20000))
  prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
    --web.listen-address="127.0.0.1:$port" >"$work/prometheus.log" 2>&1 &
  scraper=$!
  until (get "$port" /-/ready 2>/dev/null) | grep -q -i ready; do
    kill -0 "$scraper" 2>/dev/null || continue 2
    read -rt 0.2 <> <(:) || true
  done
  break
done
scraped() { (get "$port" '/api/v1/query?query=sum(confab_connections)') 2>/dev/null | grep -q '"value":\[[0-9.]*,"0"\]'; }
await scraped
echo "prometheus: scraped"
