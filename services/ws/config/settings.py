"""The socket service: database (reads), channel layer, nothing else. Wiring, decides nothing."""

from stack import environment, logs
from stack.settings import *  # noqa: F403

LOGGING = logs.configure("ws")

# A task rings (the settings of all three say so), but nothing here sends one: this image has no Celery.
SILENCED_SYSTEM_CHECKS = ["bellhop.E044"]
BELLHOP |= {  # noqa: F405
    # Where the sockets' paths lead.
    "ROUTING": "core.routing",
    # Of all users together, handshakes included; more are refused with 4503. With 10,000 the process has some 310 MB,
    # and a container of 512 MiB has room for their traffic.
    "SOCKETS_PER_PROCESS": environment.integer("SOCKETS_PER_PROCESS", 10_000, 1, 1_000_000),
    # Limits of one process, each refused with close code 4429 or 4400 (see the contract).
    "SOCKETS_PER_USER": environment.integer("SOCKETS_PER_USER", 50, 1, 100_000),
    "SOCKET_FRAME_BYTES": environment.integer("SOCKET_FRAME_BYTES", 4096, 64, 65_536),
    "SOCKET_FRAMES_PER_SECOND": environment.integer("SOCKET_FRAMES_PER_SECOND", 20, 1, 100_000),
    # Bytes that may be unsent to one socket before nothing more is written to it, and seconds it may stay like
    # that: then it is closed with 4408.
    "SOCKET_UNSENT_BYTES": environment.integer("SOCKET_UNSENT_BYTES", 65_536, 4096, 16_777_216),
    "SLOW_READER_SECONDS": environment.integer("SLOW_READER_SECONDS", 20, 1, 600),
    # Seconds between two looks at the database for all sockets at once.
    "BEAT_SECONDS": environment.integer("BEAT_SECONDS", 5, 1, 60),
}
