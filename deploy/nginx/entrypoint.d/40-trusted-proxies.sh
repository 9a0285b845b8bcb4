#!/bin/sh
# Whose word about a visitor counts: TRUSTED_PROXIES, addresses or networks, with commas or blanks between them.
# X-Forwarded-For from them gives the visitor's address, X-Forwarded-Proto whether the visitor came over TLS.
set -euf
target=${CONFIGURATION:-/etc/nginx/conf.d}/trusted_proxies.conf
networks=$(printf '%s' "${TRUSTED_PROXIES:-}" | tr ',' ' ')
for network in $networks; do
  case $network in
    *[!0-9A-Fa-f:./]*)
      echo "bellhop: TRUSTED_PROXIES: $network is not an address or a network" >&2
      exit 1 ;;
  esac
done
{
  # The address of the connection itself, whatever is claimed over it.
  echo 'geo $realip_remote_addr $is_trusted_proxy {'
  echo '    default 0;'
  for network in $networks; do echo "    $network 1;"; done
  echo '}'
  for network in $networks; do echo "set_real_ip_from $network;"; done
  echo 'real_ip_header X-Forwarded-For;'
  # From the right, past every proxy of ours: the first address that is none of them.
  echo 'real_ip_recursive on;'
} >"$target"
