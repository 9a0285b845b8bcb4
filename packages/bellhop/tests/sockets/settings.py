"""Settings for the tests of the sockets: a stack's, with the limits that its socket service has by default."""

from stack import logs
from stack.settings import *  # noqa: F403

LOGGING = logs.configure("ws")
DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 10  # noqa: F405
SOCKETS_PER_PROCESS = 10_000
SOCKETS_PER_USER = 50
SOCKET_FRAME_BYTES = 4096
SOCKET_FRAMES_PER_SECOND = 20
SOCKET_UNSENT_BYTES = 65_536
SLOW_READER_SECONDS = 20
BEAT_SECONDS = 5
