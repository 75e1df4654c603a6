#!/bin/sh
# Makes what compose.yaml needs and is not there yet: .env, config/ and secrets/. What is there stays as it is.
set -eu
cd "$(dirname "$0")"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Containers run as other users than you, so the files are readable to all; the folder keeps others of this machine out.
secret() {
    [ -e "secrets/$1" ] || printf '%s\n' "$2" > "secrets/$1"
    chmod 0444 "secrets/$1"
}

mkdir -p config secrets
chmod 0755 config
chmod 0700 secrets
secret postgres_password "$(random)"
secret onrecord_database_url "postgresql://onrecord:$(random)@postgres:5432/onrecord"
secret airflow_database_url "postgresql://airflow:$(random)@postgres:5432/airflow"
secret broker_url "redis://:$(random)@redis:6379/0"
secret grafana_password "$(random)"
secret web_password "$(random)"
secret relayhost_password ""
secret archive_credentials ""

if [ ! -e .env ]; then
    cp example.env .env
    echo "Made .env: fill in what it asks for."
fi
echo "Ready: docker compose up --detach --build"
