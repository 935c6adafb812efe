#!/bin/sh
# The backup of the stack. Usage: backup.sh files|influxdb once|daily|check
# Writes /backups/files-TIME (hub.db, mosquitto.db, grafana.db) and /backups/influxdb-TIME, whole or not at all, and keeps the
# newest $BACKUP_KEEP of each. `files` runs in the hub's image, `influxdb` in InfluxDB's.
set -eu
umask 077
kind=${1:-} mode=${2:-once} keep=${BACKUP_KEEP:-14} folder=${BACKUP_FOLDER:-/backups}

fail() { echo "backup: $1" >&2; exit 1; }

files() {
  # The running hub itself writes its copy, so that it may not be its partial folder's owner: let it.
  chmod 0777 "$partial"
  plietsch backup "$partial/hub.db"
  # Mosquitto writes its file anew every second and renames it: what is found is whole.
  if [ -e /mosquitto-data/mosquitto.db ]; then cp /mosquitto-data/mosquitto.db "$partial/mosquitto.db"; fi
  if [ -e /grafana-data/grafana.db ]; then
    node -e '
      const { DatabaseSync } = require("node:sqlite");
      const database = new DatabaseSync("/grafana-data/grafana.db", { readOnly: true });
      database.exec("pragma busy_timeout = 10000");
      database.prepare("vacuum into ?").run(process.argv[1]);' "$partial/grafana.db"
  fi
  # The hub's user restores it, and nobody else reads it.
  chmod 0700 "$partial"
  chown -R 1000:1000 "$partial"
}

influxdb() {
  INFLUX_TOKEN=$(cat /run/config/admin-token)
  export INFLUX_TOKEN
  influx backup "$partial"
}

once() {
  stamp=$(date -u +%Y%m%dT%H%M%SZ)
  partial=$folder/.partial-$kind-$stamp
  rm -rf "$folder"/.partial-"$kind"-*
  mkdir "$partial"
  # In a process of its own: there the first command that fails ends it, in a function of an `if` it would not.
  if sh "$0" "$kind" into "$partial"; then
    mv "$partial" "$folder/$kind-$stamp"
  else
    rm -rf "$partial"
    return 1
  fi
  # Names are times: the first of the sorted list are the oldest.
  set -- "$folder/$kind"-*
  while [ $# -gt "$keep" ]; do
    rm -rf "$1"
    shift
  done
  echo "backup: $folder/$kind-$stamp"
}

case $kind in
  files | influxdb) ;;
  *) fail "usage: backup.sh files|influxdb once|daily|check" ;;
esac
case $mode in
  once) once || fail "$kind was not backed up" ;;
  into)
    partial=$3
    "$kind"
    ;;
  daily)
    trap 'exit 0' TERM INT
    while :; do
      # A failure shows in the log and, after a day, in the health check; the next try is in ten minutes.
      if sh "$0" "$kind" once; then pause=86400; else pause=600; fi
      sleep "$pause" &
      wait $!
    done
    ;;
  check) [ -n "$(find "$folder" -maxdepth 1 -name "$kind-*" -mmin -1560)" ] || fail "no backup of $kind within 26 hours" ;;
  *) fail "unknown mode $mode" ;;
esac
