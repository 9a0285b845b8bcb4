"""gunicorn's settings: `gunicorn -c config/gunicorn.py config.wsgi`."""

from config import sizes
from stack import logs

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = sizes.processes()
threads = sizes.threads()
# The code is loaded once, and its memory shared: 125 MiB idle with two processes, where each for itself took 152, and
# half the processor's time at a start (2 cores, 2026-11-28). Loading it opens no connection and starts no thread.
preload_app = True
# Above nginx's 60 s for idle upstream connections, so that it is nginx that closes them.
keepalive = 75
timeout = 30
graceful_timeout = 20
# The heartbeat file on a disk can block a worker.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - memory of the container's own
control_socket_disable = True
# nginx logs every request once, structlog every request's story: no third line.
accesslog = None
loglevel = "warning"
logconfig_dict = logs.configure("web")
logconfig_dict["loggers"]["gunicorn.error"] = {"handlers": [], "propagate": True}
