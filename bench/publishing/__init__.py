"""The common part of all peers' publishers. Standard library only: it is mounted into the peers' own images."""
