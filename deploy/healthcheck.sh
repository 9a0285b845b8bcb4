#!/bin/bash
# healthcheck HOST PORT PATH: exit 0 in silence when http://HOST:PORT/PATH answers 200, else 1 with the reason on one
# line. It runs every few seconds in every container: a shell takes a hundredth of what a Python takes to start.

url="http://$1:$2$3"
# Seconds for the whole answer; below the 5 s that Compose gives the check.
patience=${HEALTHCHECK_SECONDS:-4}

unhealthy() {
  echo "$url: $1" >&2
  exit 1
}

{ exec 3<>"/dev/tcp/$1/$2"; } 2>/dev/null || unhealthy "connection refused"
printf 'GET %s HTTP/1.0\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$3" "$1" "$2" >&3

read -r -t "$patience" -u 3 protocol status _
(($? > 128)) && unhealthy "timed out"
[[ $protocol == HTTP/1.* ]] || unhealthy "this is not HTTP: ${protocol:0:50}"
[[ ${status%$'\r'} == 200 ]] && exit 0

# The headers end with an empty line; behind it stands the reason.
while read -r -t 1 -u 3 line && [[ ${line%$'\r'} ]]; do :; done
IFS= read -r -t 1 -N 500 -u 3 body
unhealthy "$status ${body//[$'\r\n']/ }"
