"""The worker: database, broker, channel layer. Wiring, decides nothing."""

from bellhop import logs
from bellhop.settings import *  # noqa: F403

LOGGING = logs.configure("worker")
