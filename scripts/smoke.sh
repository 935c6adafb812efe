#!/bin/sh
# From `docker compose up` to a value in Grafana: sends one uplink as a network server does, and follows it. Needs Docker only.
# Leaves behind what it made: the device 24e124ff0000500e (registered as "smoke test") and its battery values.
# Usage: scripts/smoke.sh [--no-up]
# shellcheck disable=SC2016  # what stands in single quotes is JavaScript, or for the shell in the container
set -eu
cd "$(dirname "$0")/.."

device=24e124ff0000500e
step() { printf '%s ... ' "$1"; }
ok() { echo ok; }
fail() {
  echo "FAILED"
  echo "smoke: $1" >&2
  exit 1
}
in_hub() { docker compose exec -T hub "$@"; }

step 'settings and secrets'
[ -e .env ] || fail 'there is no .env: run scripts/init-stack.sh first'
stack=$(sed -n 's/^STACK_DIR=//p' .env)
[ -r "$stack/secrets/mosquitto/smoke" ] || fail "$stack/secrets/mosquitto/smoke cannot be read: run this as the user who ran scripts/init-stack.sh"
ok

if [ "${1:-}" != --no-up ]; then
  step 'docker compose up (the first time builds and fetches images)'
  docker compose up -d --wait --wait-timeout 600 >/dev/null || fail 'a service did not become healthy: docker compose ps, docker compose logs SERVICE'
  ok
fi

step 'the hub is ready'
in_hub node -e 'fetch("http://127.0.0.1:8080/ready").then(async (r) => {
  if (!r.ok) console.error(await r.text());
  process.exitCode = r.ok ? 0 : 1;
})' || fail 'a part of the hub does not work; see its answer above'
ok

step "device $device is registered"
printf 'devices:\n  - { id: "%s", name: smoke test, profile: milesight/em400-tld, simulated: true }\n' "$device" |
  in_hub sh -c 'cat >/tmp/smoke.yaml && plietsch region import /tmp/smoke.yaml && rm /tmp/smoke.yaml' >/dev/null || fail 'the hub did not take the device'
ok

now=$(date -u +%s)
percent=$((now % 97 + 2))
step "one uplink over MQTT, battery $percent %"
# 01 75 PERCENT: Milesight's battery channel.
data=$(printf '\001\165%b' "\\0$(printf %03o "$percent")" | base64)
body=$(printf '{"deduplicationId":"smoke-%s","time":"%s","deviceInfo":{"devEui":"%s","deviceName":"smoke test"},"devAddr":"01f0500e","fCnt":%s,"fPort":85,"data":"%s","rxInfo":[],"txInfo":{"frequency":868100000}}' \
  "$now" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$device" "$((now % 65536))" "$data")
# User and password go by a file that mosquitto_pub reads, the message by standard input: neither shows among the processes.
{
  printf '%s\n' '-u smoke' "-P $(cat "$stack/secrets/mosquitto/smoke")" END "$body"
} | docker compose exec -T mosquitto sh -c '
  set -eu
  umask 077
  folder=$(mktemp -d)
  trap "rm -rf $folder" EXIT
  while read -r line && [ "$line" != END ]; do echo "$line"; done >"$folder/mosquitto_pub"
  XDG_CONFIG_HOME=$folder mosquitto_pub -h 127.0.0.1 -q 1 -s -t application/plietsch-smoke/device/'"$device"'/event/up
' || fail 'the broker did not take the message: docker compose logs mosquitto'
ok

step "the hub's API has it"
tries=0
until in_hub plietsch devices list --json | in_hub node -e '
  let text = "";
  process.stdin.on("data", (piece) => (text += piece)).on("end", () => {
    const [id, percent] = process.argv.slice(1);
    const found = JSON.parse(text).find((device) => device.id === id);
    process.exitCode = found?.batteryPercent === Number(percent) ? 0 : 1;
  });' "$device" "$percent"; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || fail 'not within 30 tries: docker compose logs hub; docker compose exec hub plietsch devices list'
  sleep 1
done
ok

step 'Grafana shows it'
tries=0
until in_hub node -e '
  let password = "";
  process.stdin.on("data", (piece) => (password += piece)).on("end", async () => {
    const [device, percent] = process.argv.slice(1);
    const query = `SELECT last("value") FROM "battery_level" WHERE "thing" = \u0027device-${device}\u0027 AND time > now() - 10m`;
    const response = await fetch("http://grafana:3000/api/ds/query", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Basic ${Buffer.from(`admin:${password.trim()}`).toString("base64")}`,
      },
      body: JSON.stringify({
        from: "now-10m",
        to: "now",
        queries: [{ refId: "A", datasource: { uid: "plietsch-influxdb" }, rawQuery: true, resultFormat: "time_series", query }],
      }),
    });
    const text = await response.text();
    if (response.status === 401) console.error("Grafana does not know the password in stack/secrets/grafana-admin-password");
    else if (!response.ok) console.error(`Grafana answers ${response.status}: ${text.slice(0, 300)}`);
    const values = response.ok ? JSON.parse(text).results.A.frames[0]?.data.values[1] : undefined;
    process.exitCode = values?.at(-1) === Number(percent) ? 0 : 1;
  });' "$device" "$percent" <"$stack/secrets/grafana-admin-password"; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || fail 'not within 30 tries: docker compose logs influxdb grafana'
  sleep 1
done
ok
echo "smoke: the uplink went through Mosquitto, the hub and InfluxDB into Grafana"
