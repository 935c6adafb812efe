#!/bin/sh
# Writes what the stack of docker-compose.yml needs and nobody else has: .env, and stack/ with settings and fresh secrets.
# Overwrites nothing. Usage: scripts/init-stack.sh [FOLDER]   (default: the folder of docker-compose.yml)
set -eu
umask 077

repository=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$repository}
[ -d "$target" ] || { echo "init-stack: there is no folder $target" >&2; exit 2; }
cd "$target"

for taken in .env stack; do
  if [ -e "$taken" ]; then
    echo "init-stack: $target/$taken is there already; it may hold secrets in use, so nothing was written" >&2
    exit 1
  fi
done

# 48 hexadecimal digits, 192 bits: no character that a file format or a shell could take for something else.
secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

new=stack.new.$$
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$new/secrets/mosquitto"
cp "$repository/deploy/hub/plietsch.yaml" "$new/plietsch.yaml"
cp "$repository/deploy/mosquitto/acl" "$new/mosquitto.acl"
for user in hub chirpstack chirpstack-gateways gateway-bridge smoke monitor; do
  secret >"$new/secrets/mosquitto/$user"
done
for name in influxdb-admin-token grafana-admin-password grafana-secret-key postgres-password chirpstack-api-secret; do
  secret >"$new/secrets/$name"
done
for file in "$new"/secrets/mosquitto/* "$new"/secrets/*-*; do
  [ "$(wc -c <"$file")" -eq 48 ] || { echo "init-stack: no random bytes could be had" >&2; exit 1; }
done

mv "$new" stack
sed -e 's/^STACK_DIR=.*/STACK_DIR=.\/stack/' "$repository/.env.example" >.env

echo "written: $target/.env and $target/stack (settings, secrets)"
echo "next:    docker compose up -d --wait"
echo "Grafana: user admin, password in $target/stack/secrets/grafana-admin-password"
