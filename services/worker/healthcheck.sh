#!/bin/bash
# healthcheck.sh: exit 0 in silence when this worker can take and run a task, else 1 with the reason on one line.
# All it knows is in the file that core/heartbeat.py writes every 2 s, by a thread that runs tasks: no file, no
# connection to the broker; an old file, no thread that comes to an end; a word in it, what the thread met with.

file=${HEARTBEAT_FILE:-/tmp/bellhop-worker-heartbeat}
# Seconds without a new file: no thread has come to an end with what it was doing, or the loop does not ask any more.
silent=30

unhealthy() {
  echo "$1" >&2
  exit 1
}

written=$(stat --format=%Y "$file" 2>/dev/null) || unhealthy "worker: not connected to the broker"
age=$((EPOCHSECONDS - written))
((age > silent)) && unhealthy "worker: no thread was free for $age s"
read -r reason 2>/dev/null <"$file"
[[ -z $reason ]] || unhealthy "$reason"
