from typing import Final

from bench.load.dialects import SocketIO
from bench.peers.peer import Peer

# The answer to joining the namespace comes after the connection handler, hence after the room was joined.
SOCKETIO: Final = Peer(
    "socketio",
    "Socket.IO",
    "socketio-",
    SocketIO("/ws/?EIO=4&transport=websocket&user={user}", b'40{"sid"'),
)
