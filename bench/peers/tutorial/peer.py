from typing import Final

from bench.load.dialects import Dialect
from bench.peers.peer import Peer

# It joins its group before it accepts: the handshake's answer says that it hears.
TUTORIAL: Final = Peer("tutorial", "the tutorial version", "tutorial-", Dialect(), is_django=True)
