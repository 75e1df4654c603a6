#!/bin/sh
# On the first start of an empty server: one user and one database for each address in the secrets, and the role whose
# members may read the views for analysts. Addresses are postgresql://USER:PASSWORD@HOST:PORT/NAME, as setup.sh writes them.
set -eu
folder=${SECRETS:-/run/secrets}

run_sql() {
    psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres "$@"
}

for name in onrecord airflow; do
    address=$(cat "$folder/${name}_database_url")
    login=${address#*://}
    password=${login#*:}
    # What a program is called with is for everybody to read, its environment is not.
    DATABASE_PASSWORD=${password%%@*} run_sql --set=user="${login%%:*}" --set=database="${address##*/}" <<'SQL'
\getenv password DATABASE_PASSWORD
CREATE ROLE :"user" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"user";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
done
run_sql --command='CREATE ROLE onrecord_analyst NOLOGIN'
