"""The peers, each in a folder of its own with its code, its image and its description."""

from typing import Final

from bench.peers.bellhop.peer import BELLHOP
from bench.peers.nchan.peer import NCHAN
from bench.peers.peer import Peer
from bench.peers.socketio.peer import SOCKETIO
from bench.peers.tutorial.peer import TUTORIAL

PEERS: Final = {peer.name: peer for peer in (BELLHOP, TUTORIAL, SOCKETIO, NCHAN)}

__all__ = ["PEERS", "Peer"]
