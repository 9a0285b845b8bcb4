#!/bin/sh
# The last line of `docker compose up`: nginx starts when everything behind it is healthy.
port=${HTTP_PORT:-80}
url=${PUBLIC_URL:-http://localhost$([ "$port" = 80 ] || echo ":$port")}
# As browsers spell it.
url=$(echo "$url" | tr '[:upper:]' '[:lower:]' | sed -E 's|/$||; s|^(http://.*):80$|\1|; s|^(https://.*):443$|\1|')
note=
case $url in
  https:*)
    [ -n "$(printf '%s' "${TRUSTED_PROXIES:-}" | tr -d ', ')" ] ||
      note=" (TRUSTED_PROXIES is empty: nobody is believed to have come over TLS, and every request is redirected to it)" ;;
esac
echo "Bellhop is ready: $url$note"
