#!/usr/bin/env bash
# scripts/make-certificate makes what it promises, and overwrites nothing.
#
# usage: certificates_are_made.sh SOURCE_FOLDER | --self-test
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Runs script $1 in a folder of its own; prints what is wrong. True when nothing is.
check() (
  script=$1
  sample=$(mktemp -d)
  trap 'rm -rf "$sample"' EXIT
  cd "$sample"
  found=0
  expect() { # expect WHAT COMMAND...
    local what=$1
    shift
    "$@" >"$sample/said" 2>&1 || { found=1; echo "expected: $what"; sed 's/^/    /' "$sample/said"; }
  }
  fails() { ! "$@"; }
  names() { openssl x509 -in "$1" -noout -ext subjectAltName; }

  expect "a certificate is made" bash "$script" chat.example 192.0.2.7
  expect "it is for the name" grep -q 'DNS:chat.example' <(names confab.crt)
  expect "it is for the address" grep -q 'IP Address:192.0.2.7' <(names confab.crt)
  expect "it is for localhost" grep -q 'DNS:localhost, IP Address:127.0.0.1' <(names confab.crt)
  expect "its key is on P-256" grep -q 'prime256v1' <(openssl pkey -in confab.key -noout -text)
  expect "only its owner reads the key" test "$(stat -c %a confab.key)" = 600
  expect "everybody reads the certificate" test "$(stat -c %a confab.crt)" = 644
  expect "the key belongs to it" cmp <(openssl pkey -in confab.key -pubout) <(openssl x509 -in confab.crt -pubkey -noout)
  expect "it verifies as a server" openssl verify -purpose sslserver -verify_hostname chat.example -CAfile confab.crt confab.crt
  before=$(cat confab.crt confab.key)
  expect "nothing is overwritten" fails bash "$script" chat.example
  rm confab.crt
  expect "not even a part" fails bash "$script" chat.example
  expect "the key has stayed" grep -qF "$(sed -n 2p confab.key)" <<<"$before"
  expect "a wrong name is refused" fails bash "$script" --out other 'a b'
  expect "a refusal leaves nothing" fails ls other.crt other.key
  expect "another prefix is used" bash "$script" --out here --days 10
  expect "the days are kept" fails openssl x509 -in here.crt -noout -checkend $((11 * 86400))

  expect "a node gets a certificate" bash "$script" --cluster nodes north north.example
  expect "a second one, too" bash "$script" --cluster nodes south
  for node in north south; do
    for purpose in sslserver sslclient; do
      expect "the authority has signed $node as $purpose" \
        openssl verify -purpose "$purpose" -CAfile nodes/ca.crt "nodes/$node.crt"
    done
    expect "only its owner reads the key of $node" test "$(stat -c %a "nodes/$node.key")" = 600
  done
  expect "only its owner reads the key of the authority" test "$(stat -c %a nodes/ca.key)" = 600
  expect "a node is not made twice" fails bash "$script" --cluster nodes north
  expect "the key of a node belongs to it" \
    cmp <(openssl pkey -in nodes/south.key -pubout) <(openssl x509 -in nodes/south.crt -pubkey -noout)
  expect "a node has its own name" grep -q 'CN *= *north' <(openssl x509 -in nodes/north.crt -noout -subject)
  expect "a node signs no others" grep -q 'CA:FALSE' <(openssl x509 -in nodes/north.crt -noout -ext basicConstraints)
  authority=$(cat nodes/ca.crt nodes/ca.key)
  expect "a third node is signed by the same authority" bash "$script" --cluster nodes eu-3
  expect "the authority has stayed" test "$(cat nodes/ca.crt nodes/ca.key)" = "$authority"
  expect "the secret of the hosts is random: 32 bytes, as digits" grep -qxE '[0-9a-f]{64}' nodes/cloak-key
  expect "only its owner reads it" test "$(stat -c %a nodes/cloak-key)" = 600
  secret=$(cat nodes/cloak-key)
  for name in a 0-- "$(printf 'x%.0s' {1..20})"; do
    expect "a node is called '$name', as the server takes it" bash "$script" --cluster nodes "$name"
  done
  expect "the secret of the hosts has stayed" test "$(cat nodes/cloak-key)" = "$secret"
  for name in ca North n_1 a.b -x '' "$(printf 'x%.0s' {1..21})"; do
    expect "a node is not called '$name'" fails bash "$script" --cluster nodes -- "$name"
  done
  expect "a cluster is no other cluster" bash "$script" --cluster others north
  expect "it has a secret of its own" test "$(cat others/cloak-key)" != "$secret"
  expect "its nodes are not trusted here" fails openssl verify -CAfile nodes/ca.crt others/north.crt
  expect "half an authority is not replaced" fails bash -c "mkdir half && touch half/ca.crt && bash '$script' --cluster half north"
  expect "nothing else is left behind" test "$(find . -name '.make-*')" = ''
  ((found == 0))
)

self_test() {
  sample=$(mktemp -d)
  trap 'rm -rf "$sample"' EXIT
  printf '#!/bin/sh\ntouch confab.crt confab.key\n' >"$sample/fake"
  ! check "$sample/fake" >/dev/null 2>&1 || { echo "expected a script that makes empty files to be found"; exit 1; }
  sed 's/^none_may_exist() {$/none_may_exist() { return; }; unused() {/; s/  ln -- /  ln -f -- /' \
    "$here/../../scripts/make-certificate" >"$sample/overwriting"
  ! check "$sample/overwriting" >/dev/null 2>&1 || { echo "expected a script that overwrites to be found"; exit 1; }
}

case ${1-} in
  --self-test) self_test ;;
  '') echo "usage: certificates_are_made.sh SOURCE_FOLDER | --self-test" >&2; exit 2 ;;
  *) check "$1/scripts/make-certificate" ;;
esac
