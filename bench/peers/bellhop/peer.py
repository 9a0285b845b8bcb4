from typing import Final

from bench.load.dialects import Dialect
from bench.peers.peer import Peer

# `ready` is the socket's first frame: by then it has joined its group.
BELLHOP: Final = Peer("bellhop", "Bellhop", "", Dialect(ready=b'"ready"'), is_django=True)
