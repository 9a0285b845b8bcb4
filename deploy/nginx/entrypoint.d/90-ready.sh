#!/bin/sh
# The last line of `docker compose up`: nginx starts when everything behind it is healthy.
port=${HTTP_PORT:-80}
url=${PUBLIC_URL:-http://localhost$([ "$port" = 80 ] || echo ":$port")}
# As browsers spell it.
url=$(echo "$url" | tr '[:upper:]' '[:lower:]' | sed -E 's|/$||; s|^(http://.*):80$|\1|; s|^(https://.*):443$|\1|')
echo "Bellhop is ready: $url"
