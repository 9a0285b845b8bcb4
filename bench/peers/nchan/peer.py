from typing import Final

from bench.load.dialects import Dialect
from bench.peers.peer import Peer

# It accepts at once and subscribes in Redis then: the crowd waits a moment before a measurement begins.
NCHAN: Final = Peer("nchan", "nchan", "nchan-", Dialect("/ws/{user}"))
