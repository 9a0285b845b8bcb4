#!/bin/sh
# The last line of `docker compose up`: nginx starts when everything behind it is healthy.
port=${HTTP_PORT:-80}
url=${PUBLIC_URL:-http://localhost$([ "$port" = 80 ] || echo ":$port")}
echo "Bellhop is ready: $url"
