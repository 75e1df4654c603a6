#!/bin/sh
# Redis with the password of the address that workers use (redis://:PASSWORD@HOST:PORT/0), so that it stands in one file.
# `start.sh ping` ends as 0 if it answers.
set -eu
password=$(cat "$BROKER_URL_FILE")
password=${password#*://*:}
password=${password%%@*}
port=${PORT:-6379}

if [ "${1:-}" = ping ]; then
    [ "$(REDISCLI_AUTH="$password" redis-cli -p "$port" ping)" = PONG ]
    exit
fi
# Written to disk each second, so that a restart forgets no task; never makes room by dropping one.
exec redis-server - <<CONF
bind ${BIND:-*}
port $port
requirepass $password
dir ${DATA:-/data}
appendonly yes
maxmemory-policy noeviction
CONF
