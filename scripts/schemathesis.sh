#!/bin/sh
# Lets schemathesis ask a scratch hub everything that its OpenAPI document allows, and much that it does not.
# Usage: scripts/schemathesis.sh [EXAMPLES] [further options of `st run`]   (5 examples per operation by default)
# The tool comes from PyPI into ${PLIETSCH_CACHE:-~/.cache/plietsch}; where that cannot be had, this says so and ends well.
# What the document cannot say (rules between two parameters, references of registry entries) stands in schemathesis.toml.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
examples=${1:-5}
[ $# -eq 0 ] || shift
version=4.32.5
tool=${PLIETSCH_CACHE:-$HOME/.cache/plietsch}/schemathesis-$version
folder=$(mktemp -d)
hub=
end_hub() {
  [ -n "$hub" ] || return 0
  kill "$hub" 2>/dev/null || true
  wait "$hub" 2>/dev/null || true
  hub=
}
trap 'end_hub; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

if [ ! -x "$tool/bin/st" ]; then
  rm -rf "$tool"
  if ! { python3 -m venv "$tool" && timeout 180 "$tool/bin/pip" install -q --disable-pip-version-check "schemathesis==$version"; } >"$folder/pip.log" 2>&1; then
    rm -rf "$tool"
    echo "SKIPPED: schemathesis $version cannot be had: $(tail -n 1 "$folder/pip.log")"
    exit 0
  fi
fi

# Limits are there to stop what this does.
export PLIETSCH_DATA="$folder/data" PLIETSCH_HTTP_PORT=0 PLIETSCH_MQTT_PORT=0 PLIETSCH_LOG_LEVEL=error
export PLIETSCH_API_RATE_LIMIT_PER_MINUTE=1000000000 PLIETSCH_API_KEY_RATE_LIMIT_PER_MINUTE=1000000000
export PLIETSCH_API_FAILED_LOGINS_PER_MINUTE=1000000000
PATH=$root/node_modules/.bin:$PATH
run_file=$PLIETSCH_DATA/run.json

field() { node -p "JSON.parse(require('fs').readFileSync('$run_file', 'utf8')).$1"; }

start() { # on or off, for the demo region
  rm -f "$run_file"
  PLIETSCH_DEMO=$1 node main.ts start >"$folder/hub.log" 2>&1 &
  hub=$!
  tries=0
  until [ -s "$run_file" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$hub" 2>/dev/null; then
      echo 'The hub did not start:'
      cat "$folder/hub.log"
      exit 1
    fi
    sleep 0.2
  done
}

# A region with values in it, that then holds still.
mkdir -p "$PLIETSCH_DATA"
start on
url=$(field httpUrl)
tries=0
until curl -fsS "$url/api/v1/latest?limit=1" 2>/dev/null | grep -q '"phenomenonTime"'; do
  tries=$((tries + 1))
  [ "$tries" -le 100 ] || { echo 'The region stayed empty' && exit 1; }
  sleep 0.2
done
end_hub
start off

url=$(field httpUrl)
credential=$(field credential)
status=0
# In a folder of its own, where the tool leaves files; without the backup, which would be written to whatever path comes up.
(
  cd "$folder"
  "$tool/bin/st" --config-file "$root/schemathesis.toml" run "$url/api/v1/openapi.json" --checks all --mode all \
    --phases examples,coverage,fuzzing,stateful --max-examples "$examples" --seed 1 --continue-on-failure \
    --generation-database none --no-color --header "Authorization: Bearer $credential" --exclude-path /api/v1/backup "$@"
) >"$folder/st.log" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
  sed -n '/= FAILURES =/,$p' "$folder/st.log" | head -n 400
  sed -n '/= ERRORS =/,/= FAILURES =/p' "$folder/st.log" | head -n 200
fi
if ! kill -0 "$hub" 2>/dev/null; then
  echo 'The hub ended:'
  cat "$folder/hub.log"
  status=1
fi
sed -n '/^Test cases:/,$p' "$folder/st.log"
exit "$status"
