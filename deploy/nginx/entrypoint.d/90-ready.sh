#!/bin/sh
# The last line of `docker compose up`, once everything behind nginx is there: nginx itself starts before that.
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
# Half an hour at most: who starts nginx alone is not waited for.
(
  for _ in $(seq 1800); do
    status=$(curl --noproxy '*' --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:8080/readyz)
    [ "$status" = 200 ] && exec echo "Bellhop is ready: $url$note"
    sleep 1
  done
) &
