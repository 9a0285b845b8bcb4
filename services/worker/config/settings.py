"""The worker: database, broker, channel layer. Wiring, decides nothing."""

from stack import logs
from stack.settings import *  # noqa: F403

LOGGING = logs.configure("worker")
