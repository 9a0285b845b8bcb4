"""Settings for the tests of the sockets: a stack's, with the limits that its socket service has by default."""

from stack import logs
from stack.settings import *  # noqa: F403

LOGGING = logs.configure("ws")
