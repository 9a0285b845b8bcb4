"""How many clients a socket service has, by what its kernel says and whatever it believes itself."""

from docker.models.containers import Container

from support import stack

_COUNT = (
    "import os\n"
    "port = '%04X' % int(os.environ.get('WS_PORT') or 8001)\n"
    "rows = [row.split() for row in open('/proc/net/tcp').readlines()[1:]]\n"
    "print(sum(row[1].endswith(':' + port) and row[3] == '01' for row in rows))"
)


def at_ws() -> int:
    """Return how many TCP connections the (first) socket service has."""
    return int(stack.run("ws", "python", "-c", _COUNT).split()[-1])


def at(replica: Container) -> int:
    """Return how many TCP connections one replica of it has."""
    return int(replica.exec_run(["python", "-c", _COUNT])[1].split()[-1])
