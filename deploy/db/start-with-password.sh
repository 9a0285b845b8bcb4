#!/bin/bash
# PostgreSQL keeps the first password that it is given, whatever POSTGRES_PASSWORD says later. So it is told today's, by
# the user that owns its files, before anybody can connect; then the image's own entry point goes on.
set -euo pipefail
data=${PGDATA:-/var/lib/postgresql/$PG_MAJOR/docker}
if [[ -s $data/PG_VERSION ]]; then
  password=${POSTGRES_PASSWORD:-$(<"${POSTGRES_PASSWORD_FILE:-/dev/null}")}
  [[ $password ]] || { echo "bellhop: POSTGRES_PASSWORD: is missing" >&2; exit 1; }
  # Single-user mode: a statement a line, no network, no password.
  gosu postgres postgres --single -D "$data" "$POSTGRES_DB" >/dev/null <<SQL
ALTER ROLE "$POSTGRES_USER" PASSWORD '${password//\'/\'\'}';
SQL
elif [[ $data == /var/lib/postgresql/$PG_MAJOR/docker ]]; then
  # An empty database beside somebody's data would look as if all were lost.
  for other in /var/lib/postgresql/{PG_VERSION,data/PG_VERSION,*/docker/PG_VERSION}; do
    [[ -s $other ]] || continue
    echo "bellhop: db: its volume holds data of PostgreSQL $(<"$other"), and this is $PG_MAJOR: ./bellhop upgrade" >&2
    exit 1
  done
fi
exec docker-entrypoint.sh "$@"
